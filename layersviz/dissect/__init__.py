"""Octets in, headers out: `dissect` reads a frame with Scapy's layers and gives the core's values.

The one home of Scapy's layers. Knows nothing of conversations, hosts or time.
"""

from layersviz.dissect.ethernet import dissect

__all__ = ["dissect"]
