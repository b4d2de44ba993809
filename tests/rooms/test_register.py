"""The register of rooms: who holds which, and what an old holder can still do."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import ProtectedError
from django.utils import timezone

from layersviz.rooms import register
from layersviz.rooms.models import LONGEST_NAME, PresenterToken, RegisteredRoom
from layersviz.rooms.register import (
    Claim,
    claim,
    close_room,
    find_open,
    held_rooms,
    issue_token,
    open_room,
    redeem_token,
    release,
    renew,
    save,
    standing_room,
)

PROJECT = Path(__file__).resolve().parents[2]
SET_UP = """
import sys, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from layersviz.rooms.register import claim, open_room
"""
OPENS = f"{SET_UP}print(*(open_room().code for _ in range(30)))"
CLAIMS = f"""{SET_UP}
print("ready", flush=True)
sys.stdin.readline()
print(*(each.code for each in claim(sys.argv[1], 60, everything=False)))
"""

pytestmark = pytest.mark.django_db

LONG_S, OVER_S = 60.0, -1.0
"""A lease that lasts, and one that has run out already."""


# --- rooms ------------------------------------------------------------------------------------------------------------


def test_a_code_has_six_characters_that_no_projector_mixes_up() -> None:
    codes = {open_room().code for _ in range(50)}
    assert len(codes) == 50
    assert all(re.fullmatch("[A-HJKMNP-Z2-9]{6}", code) for code in codes)


def test_a_code_that_is_taken_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    thrown = iter(["AAAAAA", "AAAAAA", "BBBBBB"])
    monkeypatch.setattr(register, "_code", lambda: next(thrown))
    assert [open_room().code, open_room().code] == ["AAAAAA", "BBBBBB"]


def test_a_closed_rooms_code_is_never_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    thrown = iter(["AAAAAA", "AAAAAA", "BBBBBB"])
    monkeypatch.setattr(register, "_code", lambda: next(thrown))
    close_room(open_room().code)
    assert open_room().code == "BBBBBB"


def test_a_room_is_found_by_its_code_in_small_letters_until_it_is_closed() -> None:
    room = open_room()
    assert find_open(room.code.lower()) == room
    close_room(room.code.lower())
    assert find_open(room.code) is None


def test_closing_twice_keeps_the_time_of_the_first() -> None:
    room = open_room()
    close_room(room.code)
    closed_at = RegisteredRoom.objects.get().closed_at
    close_room(room.code)
    assert closed_at is not None
    assert RegisteredRoom.objects.get().closed_at == closed_at


def test_the_standing_room_stays_the_same_until_it_is_closed() -> None:
    first = standing_room()
    open_room(User.objects.create_user("teacher"))
    assert standing_room() == first
    close_room(first.code)
    assert standing_room() not in (first, None)


def test_a_long_name_is_cut() -> None:
    assert open_room(name="x" * 200).name == "x" * LONGEST_NAME


def test_a_user_who_has_rooms_is_not_deleted_so_that_they_never_become_the_servers() -> None:
    teacher = User.objects.create_user("teacher")
    open_room(teacher)
    with pytest.raises(ProtectedError):
        teacher.delete()


# --- workers ----------------------------------------------------------------------------------------------------------


def test_a_room_that_somebody_holds_is_not_claimed() -> None:
    room = open_room()
    assert claim("first", LONG_S, everything=False) == [Claim(code=room.code, term=1, state="")]
    assert claim("second", LONG_S, everything=False) == []
    assert set(held_rooms()) == {room}


def test_a_room_whose_lease_has_run_out_is_claimed_with_its_state_and_a_new_term() -> None:
    room = open_room()
    claim("first", OVER_S, everything=False)
    assert save(room.code, 1, '{"seq":7}')
    assert claim("second", LONG_S, everything=False) == [Claim(code=room.code, term=2, state='{"seq":7}')]


def test_a_worker_whose_own_lease_has_run_out_begins_a_new_term() -> None:
    open_room()
    claim("first", OVER_S, everything=False)
    assert [each.term for each in claim("first", LONG_S, everything=False)] == [2]


def test_a_worker_that_claims_everything_takes_what_others_hold_and_not_what_it_holds() -> None:
    room = open_room()
    claim("first", LONG_S, everything=False)
    assert [each.code for each in claim("second", LONG_S, everything=True)] == [room.code]
    assert claim("second", LONG_S, everything=True) == []
    assert renew("first", LONG_S) == set()


def test_a_closed_room_is_neither_claimed_nor_renewed() -> None:
    kept, closed = open_room(), open_room()
    claim("first", LONG_S, everything=False)
    close_room(closed.code)
    assert renew("first", LONG_S) == {kept.code}
    assert [each.code for each in claim("second", LONG_S, everything=True)] == [kept.code]


def test_renewing_prolongs_the_lease() -> None:
    room = open_room()
    claim("first", OVER_S, everything=False)
    assert renew("first", LONG_S) == {room.code}
    assert claim("second", LONG_S, everything=False) == []


def test_what_is_released_can_be_claimed_at_once() -> None:
    room = open_room()
    claim("first", LONG_S, everything=False)
    release("first")
    assert renew("first", LONG_S) == set()
    assert [each.code for each in claim("second", LONG_S, everything=False)] == [room.code]


def test_an_old_terms_holder_can_save_nothing() -> None:
    room = open_room()
    claim("first", OVER_S, everything=False)
    claim("second", LONG_S, everything=False)
    assert not save(room.code, 1, "the first one's")
    assert save(room.code, 2, "the second one's")
    assert not save(room.code, 1, "the first one's again")
    assert RegisteredRoom.objects.get().state == "the second one's"


def test_of_workers_that_claim_at_once_each_room_gets_one(tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    run = partial(subprocess.run, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    run([sys.executable, "manage.py", "migrate", "--verbosity", "0"])
    opened = run([sys.executable, "-c", OPENS]).stdout.split()
    workers = [_worker(name, environment) for name in ("first", "second", "third")]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    claimed = [worker.communicate("go\n", timeout=60)[0].split() for worker in workers]
    assert sorted(code for codes in claimed for code in codes) == sorted(opened)


def test_two_that_have_read_the_same_term_do_not_both_get_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    room = open_room()
    take = register._take

    def late(pk: int, term: int, worker: str, seconds: float) -> Any:
        if worker == "late":
            claim("early", LONG_S, everything=False)
        return take(pk, term, worker, seconds)

    monkeypatch.setattr(register, "_take", late)
    assert claim("late", LONG_S, everything=False) == []
    assert renew("early", LONG_S) == {room.code}


def _worker(name: str, environment: dict[str, str]) -> "subprocess.Popen[str]":
    """A process that is ready to claim, and says what it has got."""
    command = [sys.executable, "-c", CLAIMS, name]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=pipe, stdout=pipe, text=True)


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_token_is_good_once() -> None:
    room = open_room()
    token = issue_token(room, 60)
    assert redeem_token(room, token, timezone.now())
    assert not redeem_token(room, token, timezone.now())


def test_a_token_is_good_until_its_time_is_over() -> None:
    room = open_room()
    token = issue_token(room, 60)
    assert not redeem_token(room, token, timezone.now() + timedelta(seconds=61))
    assert redeem_token(room, token, timezone.now() + timedelta(seconds=59))


def test_a_token_is_good_for_its_own_room_only() -> None:
    mine, other = open_room(), open_room()
    token = issue_token(mine, 60)
    assert not redeem_token(other, token, timezone.now())
    assert redeem_token(mine, token, timezone.now())


@pytest.mark.parametrize("wrong", ["", "x", "\udcff", "x" * 10_000])
def test_what_is_no_token_is_refused(wrong: str) -> None:
    assert not redeem_token(open_room(), wrong, timezone.now())


def test_the_token_itself_is_not_in_the_database() -> None:
    token = issue_token(open_room(), 60)
    row = PresenterToken.objects.values().get()
    assert token not in str(row)
    assert re.fullmatch("[0-9a-f]{64}", row["digest"])


def test_tokens_that_are_too_old_go_when_the_next_is_made() -> None:
    room = open_room()
    issue_token(room, -1)
    issue_token(room, 60)
    assert PresenterToken.objects.count() == 1
