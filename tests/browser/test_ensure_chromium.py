"""How the tests come by a browser; no browser is needed to check that."""

import sys
from pathlib import Path

import pytest

from tests.browser import ensure_chromium
from tests.browser.ensure_chromium import first_that_works, playwrights_own, runs, starts, ways

PLAYWRIGHT = (sys.executable, "-m", "playwright", "install")


def test_root_on_debian_takes_the_systems_package_first() -> None:
    (update, install), (other,), (fallback,) = ways(is_root=True, has_apt=True, any_is_here=False)
    assert update[-1] == "update"
    assert install[-3:] == ("-y", "fonts-dejavu-core", "chromium-headless-shell")
    assert other[-3:] == ("-y", "fonts-dejavu-core", "chromium")
    assert fallback == (*PLAYWRIGHT, "--with-deps", "chromium")


def test_where_a_browser_is_root_tries_for_the_one_that_costs_less_and_for_no_other() -> None:
    ((_update, install),) = ways(is_root=True, has_apt=True, any_is_here=True)
    assert install[-1] == "chromium-headless-shell"


@pytest.mark.parametrize(("is_root", "has_apt"), [(False, True), (True, False), (False, False)])
def test_who_may_not_install_packages_takes_playwrights_own(is_root: bool, has_apt: bool) -> None:
    assert ways(is_root=is_root, has_apt=has_apt, any_is_here=False) == [[(*PLAYWRIGHT, "chromium")]]
    assert ways(is_root=is_root, has_apt=has_apt, any_is_here=True) == []


def test_of_playwrights_own_the_one_without_a_window_comes_first(tmp_path: Path) -> None:
    browser = tmp_path / "chromium-1" / "chrome-linux64" / "chrome"
    assert list(playwrights_own(browser)) == [str(browser)]
    shell = tmp_path / "chromium_headless_shell-1" / "chrome-headless-shell-linux64" / "chrome-headless-shell"
    shell.parent.mkdir(parents=True)
    shell.touch()
    assert list(playwrights_own(browser)) == [str(shell), str(browser)]


def test_the_first_browser_that_starts_is_taken() -> None:
    assert first_that_works(["stub", "good", "better"], works={"good", "better"}.__contains__) == "good"
    assert first_that_works(["stub"], works=set().__contains__) is None


def test_a_stub_that_only_asks_for_a_snap_is_no_browser(tmp_path: Path) -> None:
    stub, browser = tmp_path / "chromium-browser", tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho 'requires the chromium snap' >&2\nexit 1\n")
    browser.write_text("#!/bin/sh\necho 'Chromium 1'\n")
    for path in (stub, browser):
        path.chmod(0o755)
    assert not starts(str(stub))
    assert starts(str(browser))
    assert not starts(str(tmp_path / "missing"))


def test_a_command_that_takes_too_long_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensure_chromium, "PATIENCE_S", 0.05)
    assert not runs((sys.executable, "-c", "import signal; signal.pause()"))
