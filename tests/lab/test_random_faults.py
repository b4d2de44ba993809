"""A thousand random orders, without a kernel: no frame is touched that was not named, and none is forgotten."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from layersviz.core.host import Side
from layersviz.core.order import MOST_COUNT, Deed, Fault, FrameKind, Named, Order, Place, named, why_not
from layersviz.lab.faults import LONGEST_HOLD_NS, Carried, Passage
from layersviz.lab.under_way import UnderWay
from layersviz.lab.wire import Sighting
from tests.lab.test_faults import ACK, ARP_REQUEST, FIN, RST, SYN, packet, segment

OCTETS = {
    FrameKind.ARP: ARP_REQUEST,
    FrameKind.SYN: segment(SYN),
    FrameKind.SYN_ACK: segment(SYN | ACK),
    FrameKind.ACK: segment(ACK),
    FrameKind.DATA: segment(ACK, b"data"),
    FrameKind.FIN: segment(FIN | ACK),
    FrameKind.RST: segment(RST),
    FrameKind.DATAGRAM: packet(17, bytes(8) + b"data"),
    FrameKind.ICMP: packet(1, bytes(8)),
}
SIDES, KINDS = st.sampled_from(Side), st.sampled_from(list(OCTETS))
FAULTS = st.builds(
    Fault,
    deed=st.sampled_from(Deed),
    sender=SIDES,
    frame=KINDS,
    nth=st.integers(1, 5),
    count=st.integers(1, MOST_COUNT),
    place=st.sampled_from(Place),
    bit=st.integers(-1, 2_000),
    delay_ms=st.integers(1, 50),
)
ORDERS = st.builds(Order, faults=st.lists(FAULTS, max_size=5).map(tuple)).filter(lambda order: not why_not(order))
SENT = st.lists(st.tuples(SIDES, KINDS, st.integers(0, 3_000_000)), max_size=60)
WIRE_NS = 1_000_000


class Ride:
    """Frames through a passage and off the wire, on a clock of its own; what is held to the end is let go then."""

    def __init__(self, faults: dict[Named, Fault]) -> None:
        self.left: list[Carried] = []
        self.now_ns = 0
        self._passage, self._under_way = Passage(faults), UnderWay()

    def send(self, sender: Side, kind: FrameKind, after_ns: int) -> None:
        self.wait_until(self.now_ns + after_ns)
        sighting = Sighting(time_ns=self.now_ns, sender=sender, octets=OCTETS[kind])
        due_ns = self._under_way.due_ns(sender, self.now_ns + WIRE_NS)
        self._put(self._passage.enter(self._passage.name(sighting, None, due_ns)))

    def wait_until(self, end_ns: int) -> None:
        while (moment := self._next_ns()) is not None and moment <= end_ns:
            self.now_ns = max(self.now_ns, moment)
            self._put(self._passage.overdue(self.now_ns))
            while (frame := self._under_way.pop_due(self.now_ns)) is not None:
                self.left.append(frame)
                self._put([] if frame.is_copy else self._passage.left(frame))
        self.now_ns = max(self.now_ns, end_ns)

    def _next_ns(self) -> int | None:
        moments = (self._under_way.next_due_ns, self._passage.next_overdue_ns)
        return min((moment for moment in moments if moment is not None), default=None)

    def _put(self, frames: list[Carried]) -> None:
        for frame in frames:
            self._under_way.put(frame)


@settings(max_examples=1_000, deadline=None)
@given(order=ORDERS, sent=SENT)
def test_no_frame_is_touched_that_was_not_named_and_each_leaves_the_wire(
    order: Order, sent: list[tuple[Side, FrameKind, int]]
) -> None:
    faults = named(order.faults)
    ride = Ride(faults)
    for each in sent:
        ride.send(*each)
    ride.wait_until(ride.now_ns + 2 * LONGEST_HOLD_NS)
    originals = [frame for frame in ride.left if not frame.is_copy]
    assert sorted(frame.ordinal for frame in originals) == list(range(1, len(sent) + 1))
    seen: Counter[tuple[Side, FrameKind]] = Counter()
    for frame, (sender, kind, _after) in zip(sorted(originals, key=lambda one: one.ordinal), sent, strict=True):
        seen[sender, kind] += 1
        fault = faults.get((sender, kind, seen[sender, kind]))
        assert frame.deed is (None if fault is None else fault.deed)
        assert frame.lost is (frame.deed is Deed.LOSE)
        assert (frame.flipped_bit is not None) is (frame.deed is Deed.CORRUPT)
        copies = [one for one in ride.left if one.is_copy and one.ordinal == frame.ordinal]
        assert len(copies) == (frame.deed is Deed.DUPLICATE)


@settings(max_examples=300, deadline=None)
@given(order=ORDERS, sent=SENT)
def test_what_no_fault_keeps_arrives_in_the_order_in_which_its_side_sent_it(
    order: Order, sent: list[tuple[Side, FrameKind, int]]
) -> None:
    ride = Ride(named(order.faults))
    for each in sent:
        ride.send(*each)
    ride.wait_until(ride.now_ns + 2 * LONGEST_HOLD_NS)
    for side in Side:
        plain = [one.ordinal for one in ride.left if one.sighting.sender is side and not (one.is_kept or one.is_copy)]
        assert plain == sorted(plain)
