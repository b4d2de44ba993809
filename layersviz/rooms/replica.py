"""A room as a web process knows it: the owner's snapshot and the deltas behind it, in each language that is read.

Mirrors static/js/core/store.js. Most of it stays as the owner encoded it; what is in a journey is never looked at.
"""

from typing import Any

import msgspec

from layersviz.rooms.tongues import Texts

_Raws = dict[str, msgspec.Raw]
_decode = msgspec.json.Decoder(_Raws).decode
_decode_journeys = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.json.Encoder().encode


_HOW_IT_ENDED = ("problem", "ending", "look")
MOST_LATER = 100
"""So many deltas wait to be taken apart: what a new run has made needless is not kept for long."""


class Replica:
    """`seq` is the number of the last message taken in; None before the first snapshot, and from a gap to the next."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self._tongues: dict[str, _Tongue] = {}

    def begin(self, seq: int, texts: Texts) -> None:
        self.seq = seq
        self._tongues = {language: _Tongue(text) for language, text in texts.items()}

    def has(self, language: str) -> bool:
        """Whether there is a snapshot in that language."""
        return self.seq is not None and language in self._tongues

    def fold(self, seq: int, texts: Texts) -> bool:
        """Take in a delta. False where it is none that we wait for; where some were lost, `seq` is None from then."""
        if self.seq is None or seq <= self.seq:
            return False
        if seq > self.seq + 1:
            self.seq = None
            return False
        self.seq = seq
        self._tongues = {language: tongue for language, tongue in self._tongues.items() if language in texts}
        for language, tongue in self._tongues.items():
            tongue.add(texts[language])
        return True

    def snapshot(self, language: str, now_ms: float) -> str:
        return self._tongues[language].snapshot(self.seq, now_ms)


class _Tongue:
    """One language: deltas are taken apart when somebody joins, not before."""

    def __init__(self, snapshot: str) -> None:
        self._state = _decode(snapshot)
        self._open(self._state["run"])
        self._later: list[str] = []

    def _open(self, run: msgspec.Raw) -> None:
        self._run = _decode(run)
        self._journeys = _decode_journeys(self._run["journeys"])

    def add(self, text: str) -> None:
        self._later.append(text)
        if len(self._later) >= MOST_LATER:
            self._catch_up()

    def _catch_up(self) -> None:
        for text in self._later:
            self._fold(_decode(text))
        self._later.clear()

    def snapshot(self, seq: int | None, now_ms: float) -> str:
        self._catch_up()
        run: dict[str, Any] = {**self._run, "journeys": self._journeys}
        return _encode({**self._state, "seq": seq, "now_ms": now_ms, "run": run}).decode()

    def _fold(self, delta: _Raws) -> None:
        kind = bytes(delta.pop("kind")).decode().strip('"')
        del delta["seq"]
        match kind:
            case "run_opened":
                self._open(delta.pop("run"))
                self._state["question"] = msgspec.Raw(b"null")
            case "frame_added":
                self._journeys.append(delta.pop("journey"))
                del delta["run"]
            case "run_closed":
                how = {each: delta[each] for each in _HOW_IT_ENDED if each in delta}
                self._run.update(how, ended=msgspec.Raw(b"true"))
                return
            case "wait_moved":
                self._run.update(look=delta["look"])
                return
            case "held_moved":
                self._run.update(held=delta["held"])
                return
            case "run_kept":
                self._run.update(recording=delta["recording"], not_kept=delta["not_kept"])
                return
        self._state.update(delta)
