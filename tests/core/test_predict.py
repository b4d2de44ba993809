"""What a class may be asked: the right answer is the run's, whatever its numbers, and the wrong ones are wrong."""

import json
from collections import Counter

import msgspec
import pytest

from layersviz.core.frame import Frame
from layersviz.core.host import Side
from layersviz.core.journey import Half
from layersviz.core.layer import Layer
from layersviz.core.predict import NoQuestionError, QuestionKind, question, questions_at
from layersviz.core.predict_place import shuffled
from layersviz.core.predict_reading import Unit, expected_by_receiver, next_of_sender
from layersviz.core.tcp_state import TcpState
from tests.core.asked import ACCEPTED, SIMULATED_RUNS, Read, Told, read, recorded, refused_by, simulated

RECORDED = recorded()
FLAGS = {1: "FIN", 2: "SYN", 4: "RST", 8: "PSH", 16: "ACK"}
ORDER = (2, 1, 4, 8, 16)
KINDS = QuestionKind


def with_syn_alone(flags):
    """The same field with SYN alone."""
    return msgspec.structs.replace(flags, number=2)


def flag_text(value):
    return "/".join(FLAGS[flag] for flag in ORDER if value & flag)


def time_waiting(frames: list[Frame]) -> str:
    """Who was in TIME-WAIT, by both kernels' own word."""
    told = [frame.delivered for frame in frames if frame.delivered is not None]
    sides = {side for states in told for side in Side if states.at(side) is TcpState.TIME_WAIT}
    return {(): "Nobody", ("client",): "The client", ("server",): "The server"}.get(tuple(sorted(sides)), "Both")


def the_answer(told: Told, frame: int, kind: QuestionKind) -> str:
    """By the octets of the frames behind that one."""
    index = next(place for place, each in enumerate(told.frames) if each.number == frame)
    own = read(told.frames[index])
    behind = [read(each) for each in told.frames[index + 1 :]]
    if kind is KINDS.TIME_WAIT:
        return time_waiting(list(told.frames[index:]))
    if kind is KINDS.LAYER and told.frames[index].flipped_bit is not None:
        return refused_by(told.frames[index])
    if kind in (KINDS.LENGTH, KINDS.MAC):
        return behind[0].target_mac if kind is KINDS.MAC else str(behind[0].octets)
    alike = [each for each in behind if each.protocol == own.protocol and each.source is not None]
    of_own = [each for each in alike if {each.source, each.target} == {own.source, own.target}]
    return of_conversation(kind, own, of_own) if of_own else "Transport" * (behind[0].icmp == (3, 3))


def of_conversation(kind: QuestionKind, own: Read, behind: list[Read]) -> str:
    back = [each for each in behind if each.sender is not own.sender]
    forth = [each for each in behind if each.sender is own.sender]
    match kind:
        case KINDS.ACKNOWLEDGMENT:
            return str(back[0].acknowledgment)
        case KINDS.SEQUENCE:
            return str(forth[0].sequence)
        case KINDS.FLAGS:
            return flag_text(behind[0].flags)
        case KINDS.PORT:
            return str(back[0].source)
    return "Transport" if back[0].flags and back[0].flags & 4 else ACCEPTED


@pytest.mark.parametrize("told", RECORDED, ids=lambda told: told.name)
def test_the_right_answer_is_what_the_octets_and_the_kernels_say(told):
    for frame, step, kind, asked in told.asked():
        assert asked.choices[asked.right] == the_answer(told, frame, kind), (frame, step, kind)


def test_every_kind_of_question_can_be_asked_of_the_ready_lessons():
    asked = Counter(kind for told in RECORDED for _frame, _step, kind, _question in told.asked())
    assert set(asked) == set(QuestionKind)


def test_over_a_hundred_runs_with_new_numbers_each_answer_is_that_runs_own():
    answers: dict[tuple[QuestionKind, int], set[str]] = {}
    for seed in range(SIMULATED_RUNS):
        told = simulated(seed)
        first = told.journeys.index(next(each for each in told.journeys if each.kind == "SYN"))
        for frame, step, kind, asked in told.asked(seed):
            assert asked.choices[asked.right] == the_answer(told, frame, kind), (seed, frame, step, kind)
            answers.setdefault((kind, frame - first), set()).add(asked.choices[asked.right])
    numbers = [len(found) for (kind, _), found in answers.items() if kind in (KINDS.ACKNOWLEDGMENT, KINDS.SEQUENCE)]
    assert len(numbers) > 10
    assert set(numbers) == {SIMULATED_RUNS}


@pytest.mark.parametrize("told", [*RECORDED, simulated(7)], ids=lambda told: told.name)
def test_choices_are_distinct_and_not_given_away(told):
    for frame, step, kind, asked in told.asked():
        where = (frame, step, kind)
        assert len(set(asked.choices)) == len(asked.choices), where
        assert 3 <= len(asked.choices) <= 4, where
        assert ("IEEE 802.3" if asked.choices[asked.right] == Layer.LINK.label else "RFC") in asked.why, where
        if kind in (KINDS.ACKNOWLEDGMENT, KINDS.LENGTH):
            assert asked.choices[asked.right] not in asked.text, where


def test_no_wrong_choice_is_the_right_number_as_the_stage_counts_it():
    told = RECORDED[0]
    syn = next(each for each in told.journeys if each.kind == "SYN")
    for seed in range(50):
        asked = question(told.journeys, syn.number, 2, KINDS.ACKNOWLEDGMENT, seed)
        assert not {"0", "1"} & set(asked.choices)
        assert "All numbers are raw" in asked.text


def test_the_most_usual_mistake_is_always_among_the_choices():
    told = RECORDED[0]
    syn = next(each for each in told.journeys if each.kind == "SYN")
    sequence = str(read(told.frames[syn.number - 1]).sequence)
    for seed in range(50):
        assert sequence in question(told.journeys, syn.number, 2, KINDS.ACKNOWLEDGMENT, seed).choices


def test_the_same_seed_gives_the_same_order_and_others_give_all():
    told = RECORDED[0]
    places = Counter(question(told.journeys, 4, 2, KINDS.FLAGS, seed).right for seed in range(400))
    assert set(places) == {0, 1, 2, 3}
    assert min(places.values()) > 60
    assert question(told.journeys, 4, 2, KINDS.FLAGS, 9) == question(told.journeys, 4, 2, KINDS.FLAGS, 9)


def test_a_shuffle_loses_nothing_and_comes_to_every_order():
    orders = {tuple(shuffled("abc", seed)) for seed in range(200)}
    assert len(orders) == 6
    assert {frozenset(order) for order in orders} == {frozenset("abc")}


def test_nothing_is_asked_that_needs_a_frame_which_is_not_there_yet():
    told = RECORDED[1]
    for count in range(1, len(told.journeys)):
        known = told.journeys[:count]
        last = known[-1]
        asked = {kind for step in last.steps for kind in questions_at(known, last.number, step.number)}
        waits = any(step.states.at(side) is TcpState.TIME_WAIT for step in last.steps for side in Side)
        assert asked <= ({KINDS.TIME_WAIT} if waits else set()), count


def test_before_a_header_is_shown_nothing_is_asked_of_its_numbers():
    told = RECORDED[0]
    for journey in told.journeys:
        first = journey.steps[0]
        if first.layer is Layer.APPLICATION:
            assert questions_at(told.journeys, journey.number, first.number) == ()


def test_a_lost_segment_is_asked_about_only_when_its_loss_has_been_seen():
    told = next(each for each in RECORDED if each.name == "03-lost-syn")
    assert [questions_at(told.journeys, 1, step) for step in range(1, 6)] == [()] * 5
    assert set(questions_at(told.journeys, 1, 6)) == {KINDS.SEQUENCE, KINDS.FLAGS}
    assert "sent again" in question(told.journeys, 1, 6, KINDS.FLAGS, 1).why


def segment(sequence: int, octets: int, *, arrives: bool = True, flags: int = 16) -> Unit:
    numbers = {"sequence": sequence % 2**32, "flags": flags, "octets": octets, "header_octets": 20}
    return Unit(frame=1, sender=Side.CLIENT, protocol="TCP", source=1, target=2, arrives=arrives, **numbers)


@pytest.mark.parametrize("first", [1, 2**32 - 150])
def test_behind_a_gap_the_acknowledgment_stays_at_the_first_missing_byte(first):
    came = [segment(first - 1, 0, flags=2), segment(first, 100), segment(first + 100, 100, arrives=False)]
    assert expected_by_receiver(Side.CLIENT, came) == (first + 100) % 2**32
    behind = [*came, segment(first + 200, 100)]
    assert expected_by_receiver(Side.CLIENT, behind) == (first + 100) % 2**32
    assert expected_by_receiver(Side.CLIENT, [*behind, segment(first + 100, 100)]) == (first + 300) % 2**32
    assert next_of_sender(Side.CLIENT, behind) == (first + 300) % 2**32


def test_of_who_has_sent_nothing_no_number_is_known():
    assert expected_by_receiver(Side.SERVER, [segment(1, 1)]) is None
    assert next_of_sender(Side.SERVER, [segment(1, 1)]) is None


def test_who_waits_is_not_asked_once_it_has_been_seen():
    told = RECORDED[0]
    asked = [(frame, step) for frame, step, kind, _ in told.asked() if kind is KINDS.TIME_WAIT]
    waiting = [
        (journey.number, step.number)
        for journey in told.journeys
        for step in journey.steps
        if step.states is not None and TcpState.TIME_WAIT in (step.states.client, step.states.server)
    ]
    assert asked
    assert max(asked) < min(waiting)


@pytest.mark.parametrize("refused_at", [Layer.LINK, Layer.NETWORK, Layer.TRANSPORT, None])
@pytest.mark.parametrize(("octet", "place"), [(14 + 12, "the IPv4 header"), (14 + 20 + 4, "the TCP header")])
def test_of_a_damaged_frame_it_is_asked_which_layer_finds_the_bit(refused_at, octet, place):
    told = RECORDED[1]
    damaged = msgspec.structs.replace(told.journeys[3], flipped_bit=octet * 8 + 3, refused_at=refused_at)
    journeys = (*told.journeys[:3], damaged, *told.journeys[4:])
    wire = next(step for step in damaged.steps if step.half is Half.WIRE)
    asked = question(journeys, damaged.number, wire.number, KINDS.LAYER, 5)
    assert asked.choices[asked.right] == ("No layer: it is accepted" if refused_at is None else refused_at.label)
    assert f"bit {octet * 8 + 3}" in asked.text
    assert place in asked.text


def test_a_segment_that_a_layer_refused_is_not_acknowledged_by_any_question():
    told = RECORDED[1]
    request = told.journeys[3]
    refused = msgspec.structs.replace(request, refused_at=Layer.TRANSPORT)
    journeys = (*told.journeys[:3], refused, *told.journeys[4:])
    steps = [step.number for step in request.steps]
    assert KINDS.ACKNOWLEDGMENT in questions_at(told.journeys, request.number, steps[-1])
    assert all(KINDS.ACKNOWLEDGMENT not in questions_at(journeys, request.number, step) for step in steps)


def test_of_a_copy_that_the_wire_made_nothing_is_asked():
    told = RECORDED[1]
    copied = msgspec.structs.replace(told.journeys[0], copy_of=1)
    journeys = (copied, *told.journeys[1:])
    for step in copied.steps:
        assert not set(questions_at(journeys, copied.number, step.number)) - {KINDS.MAC, KINDS.LENGTH}


def test_a_syn_that_crosses_another_is_no_answer_to_it():
    told = RECORDED[1]
    first, second = told.journeys[:2]
    crossing = tuple(
        msgspec.structs.replace(
            header,
            fields=tuple(with_syn_alone(field) if field.name == "tcp.flags" else field for field in header.fields),
        )
        for header in second.headers
    )
    journeys = (first, msgspec.structs.replace(second, headers=crossing), *told.journeys[2:])
    asked = {kind for step in first.steps for kind in questions_at(journeys, first.number, step.number)}
    assert asked <= {KINDS.MAC, KINDS.SEQUENCE}


@pytest.mark.parametrize(("frame", "step"), [(0, 1), (99, 1), (1, 0), (1, 99)])
def test_a_step_that_is_not_there_has_no_questions(frame, step):
    journeys = RECORDED[0].journeys
    assert questions_at(journeys, frame, step) == ()
    with pytest.raises(NoQuestionError):
        question(journeys, frame, step, KINDS.FLAGS, 1)


def test_every_text_can_be_said_in_another_language():
    for told in RECORDED:
        for _frame, _step, _kind, asked in told.asked():
            assert hasattr(asked.text, "making")
            assert hasattr(asked.why, "making")
            assert json.dumps(asked.choices)
