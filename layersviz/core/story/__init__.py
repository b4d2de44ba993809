"""Tells a run: each frame, dissected, becomes a journey of steps and table rows, in one plain sentence a step.

Read in this order: medium (how it crossed), connection (memory of TCP), scenery (what is known of a frame), kind (what
it is called), plan (where it stops, and when), parts, lines, sentences, calls (what each stop shows), rows (the table),
telling (all of it together).
"""

from layersviz.core.story.telling import Story

__all__ = ["Story"]
