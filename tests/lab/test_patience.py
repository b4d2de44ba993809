"""How long programs wait: so long that what is lost can be sent again, and never without an end."""

from layersviz.core.host import Side
from layersviz.core.order import LONGEST_DELAY_MS, MOST_COUNT, MOST_FAULTS, PLAIN, Deed, Fault, FrameKind, Order
from layersviz.core.timers import Clocks
from layersviz.lab.patience import is_disturbed, longest_s, patience_s

LINEAR = Clocks(syn_linear=4, syn_retries=6, syn_ack_retries=5)
TEXTBOOK = Clocks(syn_linear=0, syn_retries=6, syn_ack_retries=5, textbook=True)


def lost_syns(count: int) -> Order:
    return Order(faults=(Fault(deed=Deed.LOSE, sender=Side.CLIENT, frame=FrameKind.SYN, count=count),))


def test_a_plain_run_is_not_disturbed_and_any_other_is() -> None:
    assert not is_disturbed(PLAIN, ())
    assert is_disturbed(lost_syns(1), ())
    assert is_disturbed(Order(client_delay_ms=1), ())
    assert is_disturbed(PLAIN, (Fault(deed=Deed.HOLD, sender=Side.CLIENT, frame=FrameKind.SYN),))


def test_programs_wait_until_the_last_lost_syn_has_been_sent_again() -> None:
    assert patience_s(5.0, lost_syns(4), LINEAR) == 5.0 + 1 + 1 + 1 + 1
    assert patience_s(5.0, lost_syns(4), TEXTBOOK) == patience_s(5.0, lost_syns(4), None) == 5.0 + 1 + 2 + 4 + 8


def test_a_slow_direction_is_waited_for() -> None:
    slow = Order(client_delay_ms=500, server_delay_ms=250)
    assert patience_s(5.0, slow, LINEAR) >= 5.0 + 4 * 0.75


def test_no_order_makes_a_run_last_longer_than_a_minute_and_a_half_for_each_of_its_parts() -> None:
    worst = Order(
        faults=tuple(
            Fault(deed=Deed.LOSE, sender=Side.CLIENT, frame=kind, count=MOST_COUNT, nth=nth)
            for kind in (FrameKind.SYN, FrameKind.DATA)
            for nth in range(1, 4 * MOST_FAULTS // 2, 4)
        ),
        client_delay_ms=LONGEST_DELAY_MS,
        server_delay_ms=LONGEST_DELAY_MS,
    )
    for clocks in (LINEAR, TEXTBOOK, None):
        assert longest_s(5.0, patience_s(5.0, worst, clocks)) < 90
