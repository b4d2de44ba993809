"""Capture files in and out: `open_capture` gives their packets, `plain_copy` unpacks them, `PcapngWriter` writes them.

Knows nothing of what packets mean. What stands in a file raises nothing: it is told as the capture's `problem`.
"""

from layersviz.files.capture import Capture, open_capture
from layersviz.files.copying import plain_copy
from layersviz.files.pcapng_writer import PcapngWriter

__all__ = ["Capture", "PcapngWriter", "open_capture", "plain_copy"]
