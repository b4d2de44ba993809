"""More runs of the lab, beside the ready lessons: the pages of /learn/ show them, and no list names them."""

from layersviz.core.host import Side
from layersviz.core.order import Deed, Fault, FrameKind, Place
from layersviz.core.said import said
from layersviz.recordings.lessons.course import COURSE, Lesson


def _flipped(sender: Side, frame: FrameKind, place: Place, *, nth: int = 1) -> Fault:
    return Fault(deed=Deed.CORRUPT, sender=sender, frame=frame, place=place, nth=nth)


PAGE_RUNS = (
    Lesson(
        slug="page-close",
        scene="close",
        name=said("The client closes first"),
        about=said(
            "This time the client closes first, as soon as it has the whole answer. So it is the client that waits in"
            " TIME-WAIT, and the server is done at once."
        ),
    ),
    Lesson(
        slug="page-held-syn",
        scene="held-syn",
        let_go_behind=3,
        name=said("A SYN that comes late"),
        about=said(
            "The first SYN is held on the wire. After a second the client sends it again, and that one opens the"
            " connection. Then the old one is let go: it arrives where nobody needs it any more."
        ),
    ),
    Lesson(
        slug="page-side-by-side",
        scene="side-by-side",
        faults=(_flipped(Side.CLIENT, FrameKind.DATA, Place.DATA),),
        name=said("TCP and UDP with the same wrong bit"),
        about=said(
            "The same messages over TCP and over UDP, and in the first of each one bit is wrong. Both checksums find"
            " it; only TCP sends the message again."
        ),
    ),
    Lesson(
        slug="page-simultaneous-close",
        scene="simultaneous-close",
        name=said("Both ends close at the same moment"),
        about=said("The two FINs cross on the wire. Both ends go through CLOSING, and both wait in TIME-WAIT."),
    ),
    Lesson(
        slug="page-simultaneous-open",
        scene="simultaneous-open",
        name=said("Both ends open at the same moment"),
        about=said("The two SYNs cross on the wire. One connection comes of it, and nobody ever was in LISTEN."),
    ),
    Lesson(
        slug="page-wrong-bits",
        scene="handshake",
        faults=(
            _flipped(Side.CLIENT, FrameKind.DATA, Place.ETHERNET, nth=1),
            _flipped(Side.CLIENT, FrameKind.DATA, Place.IP, nth=2),
            _flipped(Side.CLIENT, FrameKind.DATA, Place.TRANSPORT, nth=3),
        ),
        name=said("Three wrong bits, found at three layers"),
        about=said(
            "The same request is damaged three times, each time one layer further up. The card finds the first wrong"
            " bit, IP the second, TCP the third. TCP sends the request until it arrives whole."
        ),
    ),
)
EVERY = (*COURSE, *PAGE_RUNS)
SLUGS = frozenset(each.slug for each in PAGE_RUNS)
"""Of the runs that no list names."""
