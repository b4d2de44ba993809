"""Finds a Chromium for the tests in a browser, and gets one where there is none.

`python -m tests.browser.ensure_chromium` before the tests; `find_chromium()` within them. It never fails: where no
browser can be had it says so in a sentence, and the tests decide what that means (`WITHOUT`).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""How Chromium is started: without a window, without asking anybody else on the network for anything."""

WITHOUT_A_WINDOW = "chromium-headless-shell"
NAMES = (WITHOUT_A_WINDOW, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Debian has Chromium's own build for running without a window, too: the same engine, for little more than half of the
processor's time."""

FONTS = "fonts-dejavu-core"

WITHOUT = (
    "There is no Chromium that starts: install it (sudo apt-get install chromium fonts-dejavu-core, "
    "or .venv/bin/python -m playwright install --with-deps chromium)."
)

PATIENCE_S = 600

ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path, end="")
"""

Command = tuple[str, ...]


def main() -> None:
    if first_that_works(filter(None, [shutil.which(WITHOUT_A_WINDOW)])):
        return
    any_is_here = find_chromium() is not None
    for commands in ways(
        is_root=os.geteuid() == 0, has_apt=shutil.which("apt-get") is not None, any_is_here=any_is_here
    ):
        print("Getting a browser for the tests:", " ".join(commands[-1]), flush=True)
        if [runs(command) for command in commands][-1] and find_chromium():
            return
    if not any_is_here:
        print(WITHOUT, "Until then the tests in a browser are skipped, and in CI they fail.", file=sys.stderr)


def find_chromium(*, with_a_window: bool = False) -> str | None:
    """The path of a browser that starts: the system's, else Playwright's own. One that could open a window is what
    users have, so it is what is measured."""
    return first_that_works(path for path in candidates() if not (with_a_window and "headless" in path))


def ways(*, is_root: bool, has_apt: bool, any_is_here: bool) -> list[list[Command]]:
    """The ways to get a browser, the best first; of each, the commands, of which only the last has to succeed. Where
    there is any, only the one that costs less is worth a try, and only root may have it without being asked."""
    playwright = (sys.executable, "-m", "playwright", "install")
    if not (is_root and has_apt):
        return [] if any_is_here else [[(*playwright, "chromium")]]
    # A stale list of packages may be good enough, so a failed update is no reason to stop. Ubuntu has no chromium
    # outside snap; Playwright then brings its own, with the libraries that it needs.
    install = ("apt-get", "-qq", "install", "-y", FONTS)
    best = [("apt-get", "-qq", "update"), (*install, WITHOUT_A_WINDOW)]
    return [best] if any_is_here else [best, [(*install, "chromium")], [(*playwright, "--with-deps", "chromium")]]


def first_that_works(paths: Iterable[str], works: Callable[[str], bool] | None = None) -> str | None:
    """The first path that is more than a name: Ubuntu's chromium-browser, for one, may only say "install the snap"."""
    return next((path for path in paths if (works or starts)(path)), None)


def candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    # Asked in a process of its own: Playwright allows one conversation in a thread, and the tests may be in one.
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, check=False)
    if asked.returncode == 0 and Path(asked.stdout).exists():
        yield from playwrights_own(Path(asked.stdout))


def playwrights_own(browser: Path) -> Iterator[str]:
    """It brings one with a window and one without, each in a folder of its own."""
    yield from map(str, browser.parents[2].glob("chromium_headless_shell-*/*/*headless*shell"))
    yield str(browser)


def starts(path: str) -> bool:
    return runs((path, "--version"), quiet=True)


def runs(command: Command, *, quiet: bool = False) -> bool:
    """Whether the command ends well. It is asked nothing, and its errors are shown unless `quiet`."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    errors = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=environment,
            timeout=PATIENCE_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
