"""Capture files in and out: `open_capture` gives their packets, `PcapngWriter` writes them.

Knows nothing of what packets mean. What stands in a file raises nothing: it is told as the capture's `problem`.
"""

from layersviz.files.capture import Capture, open_capture
from layersviz.files.pcapng_writer import PcapngWriter

__all__ = ["Capture", "PcapngWriter", "open_capture"]
