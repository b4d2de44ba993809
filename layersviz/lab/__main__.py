"""The lab's child process: `python -m layersviz.lab SETTINGS`, JSON lines in on standard input, out on standard output.

Ends with standard input. Exit status 3 means that the kernel forbids the lab; why was told.
"""

import signal
import sys
from collections.abc import Callable

from layersviz.lab.orders import Lines, Reports, read_settings
from layersviz.lab.refusal import ForbiddenError, Need, explain, read_sysctls

IMPOSSIBLE = 3


def main(settings: str, use: Callable[[str, Reports], None]) -> int:
    """Use the lab until it is done; gives the exit status."""
    reports = Reports(sys.stdout.fileno())
    try:
        _insist_on_linux()
        use(settings, reports)
    except ForbiddenError as forbidden:
        refusal = explain(forbidden.need, forbidden.number, read_sysctls())
        reports.tell("impossible", sentence=refusal.sentence, remedy=refusal.remedy)
        return IMPOSSIBLE
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


def _insist_on_linux() -> None:
    if sys.platform != "linux":
        raise ForbiddenError(Need.LINUX, 0)


def play(settings: str, reports: Reports) -> None:
    """The imports wait until here because they fail on other systems than Linux."""
    from layersviz.lab.kernel import die_with_parent
    from layersviz.lab.network import Network
    from layersviz.lab.player import Player

    die_with_parent()
    read = read_settings(settings)
    Player(Network.build(read.hosts, delay_s=read.delay_s), Lines(sys.stdin.fileno()), reports).play()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever our parent thinks of it
    if len(sys.argv) != 2:
        sys.exit("The lab takes one argument, its settings as JSON; the web server starts it by itself.")
    sys.exit(main(sys.argv[1], play))
