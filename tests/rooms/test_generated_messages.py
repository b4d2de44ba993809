import pytest
from django.core.management import CommandError, call_command

from layersviz.management.commands import typedefs
from layersviz.rooms.messages.from_server import CloseCode


def test_the_browser_s_types_are_those_of_the_server() -> None:
    call_command("typedefs", check=True)


def test_a_file_that_is_not_current_is_found_out(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = tmp_path / "messages.js"
    monkeypatch.setattr(typedefs, "PATH", stale)
    with pytest.raises(CommandError, match="run manage"):
        call_command("typedefs", check=True)
    call_command("typedefs")
    call_command("typedefs", check=True)
    stale.write_text(stale.read_text() + "// by hand\n")
    with pytest.raises(CommandError, match="run manage"):
        call_command("typedefs", check=True)


def test_raw_journeys_are_documented_as_journeys() -> None:
    written = typedefs.javascript()
    assert " * @property {Journey} journey\n" in written
    assert " * @property {Journey[]} journeys\n" in written


def test_what_a_browser_may_leave_out_is_marked() -> None:
    assert " * @property {boolean} [cold]\n" in typedefs.javascript()


@pytest.mark.parametrize("code", CloseCode)
def test_close_codes_are_of_the_range_for_private_use(code: CloseCode) -> None:
    assert 4000 <= code <= 4999
    assert f"  {code.name}: {code.value},\n" in typedefs.javascript()
