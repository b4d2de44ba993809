"""Octets in, headers out: `dissect` reads a frame of any link type and gives the core's values.

The one home of Scapy's layers: their tables of fields say how wide each field is. Knows nothing of conversations,
hosts or time.
"""

from layersviz.dissect.ends import dissect_both
from layersviz.dissect.frame import dissect

__all__ = ["dissect", "dissect_both"]
