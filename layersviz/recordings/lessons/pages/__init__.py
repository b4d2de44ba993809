"""The pages of the course in words, in order: from why there are layers to the bits."""

from collections.abc import Mapping

from layersviz.recordings.lessons.pages.bits import BITS
from layersviz.recordings.lessons.pages.closing import CLOSING
from layersviz.recordings.lessons.pages.handshake import HANDSHAKE
from layersviz.recordings.lessons.pages.layers import LAYERS
from layersviz.recordings.lessons.pages.options import OPTIONS
from layersviz.recordings.lessons.pages.page import Page
from layersviz.recordings.lessons.pages.pdu import PDU
from layersviz.recordings.lessons.pages.ports import PORTS
from layersviz.recordings.lessons.pages.sequence import SEQUENCE
from layersviz.recordings.lessons.pages.trouble import TROUBLE
from layersviz.recordings.lessons.pages.udp import UDP

PAGES: Mapping[str, Page] = {
    page.slug: page for page in (LAYERS, PDU, PORTS, UDP, HANDSHAKE, SEQUENCE, OPTIONS, CLOSING, TROUBLE, BITS)
}
