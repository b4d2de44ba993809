import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from layersviz.core.host import Side
from layersviz.core.order import (
    LAST_PORT,
    LONGEST_DELAY_MS,
    MOST_BITS,
    MOST_COUNT,
    MOST_FAULTS,
    MOST_NTH,
    PLAIN,
    Deed,
    Fault,
    FrameKind,
    Order,
    Place,
    from_plain,
    named,
    to_plain,
    why_not,
)

LOSE = Fault(deed=Deed.LOSE, sender=Side.CLIENT, frame=FrameKind.SYN)
DAMAGE = Fault(deed=Deed.CORRUPT, sender=Side.SERVER, frame=FrameKind.DATA, place=Place.DATA, bit=3)

faults = some.builds(
    Fault,
    deed=some.sampled_from(Deed),
    sender=some.sampled_from(Side),
    frame=some.sampled_from(FrameKind),
    nth=some.integers(),
    count=some.integers(-1, 9),
    place=some.none() | some.sampled_from(Place),
    bit=some.integers(),
    delay_ms=some.integers(),
)
orders = some.builds(
    Order,
    faults=some.lists(faults, max_size=10).map(tuple),
    client_delay_ms=some.integers(),
    server_delay_ms=some.integers(),
    server_port=some.integers(),
)


def test_a_plain_order_has_nothing_against_it() -> None:
    assert why_not(PLAIN) == ""


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (replace(LOSE, nth=0), "of the first"),
        (replace(LOSE, nth=MOST_NTH + 1), "of the first"),
        (replace(LOSE, count=MOST_COUNT + 1), "in a row"),
        (replace(LOSE, deed=Deed.DELAY), "late by"),
        (replace(LOSE, deed=Deed.DELAY, delay_ms=LONGEST_DELAY_MS + 1), "late by"),
        (replace(LOSE, deed=Deed.CORRUPT), "needs its place"),
        (replace(DAMAGE, bit=-2), "needs its place"),
        (replace(DAMAGE, frame=FrameKind.SYN), "no data"),
        (replace(DAMAGE, frame=FrameKind.ARP, place=Place.IP), "Ethernet header"),
    ],
)
def test_a_fault_out_of_bounds_is_refused_in_one_sentence(fault: Fault, word: str) -> None:
    sentence = why_not(Order(faults=(fault,)))
    assert word in sentence
    assert sentence.count(".") == 1


def test_no_frame_has_two_faults() -> None:
    both = (replace(LOSE, count=2), replace(LOSE, deed=Deed.HOLD, nth=2))
    assert why_not(Order(faults=both)) == "Two faults name the same frame."


@pytest.mark.parametrize("order", [Order(server_port=65_536), Order(client_delay_ms=-1), Order(faults=(LOSE,) * 9)])
def test_an_order_out_of_bounds_is_refused(order: Order) -> None:
    assert len(order.faults) != MOST_FAULTS
    assert why_not(order)


def test_each_named_frame_has_its_fault() -> None:
    two = replace(LOSE, nth=3, count=2)
    syns = [(Side.CLIENT, FrameKind.SYN, 3), (Side.CLIENT, FrameKind.SYN, 4)]
    assert named([two, DAMAGE]) == {**dict.fromkeys(syns, two), (Side.SERVER, FrameKind.DATA, 1): DAMAGE}


@given(orders)
def test_any_order_has_one_sentence_or_none_and_survives_a_line_of_json(order: Order) -> None:
    assert isinstance(why_not(order), str)
    assert from_plain(json.loads(json.dumps(to_plain(order)))) == order


def test_the_start_desk_has_the_same_bounds() -> None:
    script = Path(__file__).resolve().parents[2] / "static" / "js" / "core" / "order.js"
    written = re.search(r"MOST = Object\.freeze\(\{(.+?)\}\)", script.read_text(encoding="utf-8"))
    assert written is not None
    bounds = {name: int(value) for name, value in re.findall(r"(\w+): (\d+)", written[1].replace("_", ""))}
    assert bounds == {
        "faults": MOST_FAULTS,
        "nth": MOST_NTH,
        "count": MOST_COUNT,
        "delayMs": LONGEST_DELAY_MS,
        "bits": MOST_BITS,
        "port": LAST_PORT,
    }
