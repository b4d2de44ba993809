"""The pages of the course in words, in order: from why there are layers to the bits."""

from collections.abc import Mapping

from layersviz.recordings.lessons.pages.bits import BITS
from layersviz.recordings.lessons.pages.closing import CLOSING
from layersviz.recordings.lessons.pages.handshake import HANDSHAKE
from layersviz.recordings.lessons.pages.layers import LAYERS
from layersviz.recordings.lessons.pages.opening import OPENING
from layersviz.recordings.lessons.pages.options import OPTIONS
from layersviz.recordings.lessons.pages.page import Page
from layersviz.recordings.lessons.pages.pdu import PDU
from layersviz.recordings.lessons.pages.ports import PORTS
from layersviz.recordings.lessons.pages.sequence import SEQUENCE
from layersviz.recordings.lessons.pages.time_wait import TIME_WAIT
from layersviz.recordings.lessons.pages.trouble import TROUBLE
from layersviz.recordings.lessons.pages.udp import UDP
from layersviz.recordings.lessons.pages.wrong_bit import WRONG_BIT

_IN_ORDER = (
    *(LAYERS, PDU, PORTS, UDP, HANDSHAKE, SEQUENCE, OPTIONS, CLOSING),
    *(TIME_WAIT, OPENING, TROUBLE, WRONG_BIT, BITS),
)
PAGES: Mapping[str, Page] = {page.slug: page for page in _IN_ORDER}
