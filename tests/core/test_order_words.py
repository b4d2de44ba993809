"""What was asked of the wire, in words."""

from itertools import product

import pytest

from layersviz.core.host import Side
from layersviz.core.order import MOST_NTH, PLAIN, Deed, Fault, FrameKind, Order, Place
from layersviz.core.order_words import fault_words, words_of


def fault(deed: Deed = Deed.LOSE, **values: object) -> Fault:
    place = Place.IP if deed is Deed.CORRUPT else None
    return Fault(**{"deed": deed, "sender": Side.CLIENT, "frame": FrameKind.SYN, "place": place, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (fault(), "lose the client's 1st SYN"),
        (fault(sender=Side.SERVER, frame=FrameKind.SYN_ACK, nth=2), "lose the server's 2nd SYN/ACK"),
        (fault(count=3), "lose the client's SYNs 1 to 3"),
        (fault(Deed.DUPLICATE, frame=FrameKind.DATA, nth=3), "deliver the client's 3rd data segment twice"),
        (fault(Deed.CORRUPT), "flip a bit of the client's 1st SYN (IP header)"),
        (
            fault(Deed.CORRUPT, frame=FrameKind.DATAGRAM, place=Place.DATA, bit=0),
            "flip bit 0 of the client's 1st UDP datagram (data)",
        ),
        (fault(Deed.SWAP, nth=11), "put the client's 11th SYN behind the next frame"),
        (fault(Deed.DELAY, delay_ms=20), "delay the client's 1st SYN by 20 ms"),
        (fault(Deed.HOLD, frame=FrameKind.FIN), "hold the client's 1st FIN"),
    ],
)
def test_a_fault_is_the_order_that_it_is(asked: Fault, words: str) -> None:
    assert fault_words(asked) == words


def test_ordinals_are_english() -> None:
    said = [fault_words(fault(nth=nth)).split()[3] for nth in range(1, MOST_NTH + 1)]
    assert said[:4] == ["1st", "2nd", "3rd", "4th"]
    assert said[10:13] == ["11th", "12th", "13th"]
    assert said[19] == "20th"


def test_of_nothing_there_is_nothing_to_say() -> None:
    assert words_of(PLAIN) == ""
    assert words_of(Order(scene="reset", cold=True, server_port=6789, textbook=True)) == ""


def test_all_that_was_asked_is_in_one_row() -> None:
    asked = Order(faults=(fault(), fault(Deed.HOLD, sender=Side.SERVER)), client_delay_ms=3, server_delay_ms=4)
    assert words_of(asked) == (
        "lose the client's 1st SYN, hold the server's 1st SYN,"
        " delay all frames of the client by 3 ms, delay all frames of the server by 4 ms"
    )


def test_over_ipv6_it_is_neighbour_discovery() -> None:
    asked = Order(ipv6=True, faults=(fault(frame=FrameKind.ARP),))
    assert words_of(asked) == "lose the client's 1st ARP or neighbour discovery packet"


def test_no_two_orders_are_said_alike() -> None:
    asked = [
        fault(deed, sender=sender, frame=frame, place=place)
        for deed, sender, frame in product(Deed, Side, FrameKind)
        for place in (Place if deed is Deed.CORRUPT else (None,))
    ]
    assert len({str(fault_words(each)) for each in asked}) == len(asked)
