"""The capturing child: `python -m layersviz.live INTERFACE PORT ADDRESS...`, JSON lines out on standard output.

It shows who visits that port of those addresses, and ends with standard input. It needs CAP_NET_RAW for a moment, and
gives it away as soon as its one socket is open. Exit status 3 means that it can't capture; why was told.
"""

import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict

from layersviz.lab.orders import Lines, Reports
from layersviz.lab.refusal import Refusal

IMPOSSIBLE = 3


def main(name: str, port: int, addresses: Sequence[str]) -> int:
    """Watch until standard input has ended; gives the exit status."""
    reports = Reports(sys.stdout.fileno())
    try:
        refusal = _watch(name, port, addresses, reports)
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    if refusal is None:
        return 0
    reports.tell("impossible", **asdict(refusal))
    return IMPOSSIBLE


def _watch(name: str, port: int, addresses: Sequence[str], reports: Reports) -> Refusal | None:
    """Why it is not possible; None where it was. The imports wait because they fail on other systems than Linux."""
    from layersviz.live import refusal

    if sys.platform != "linux":
        return refusal.not_linux()
    from layersviz.lab.kernel import die_with_parent
    from layersviz.live import rights
    from layersviz.live.interface import read_interface
    from layersviz.live.tap import Tap
    from layersviz.live.visits import Visits
    from layersviz.live.watch import Watch

    rights.keep_only_net_raw()
    die_with_parent()  # after that: whoever becomes another user is forgotten by the kernel as somebody's child
    try:
        interface = read_interface(name)
        if not addresses:
            return refusal.without_address(name)
        tap = Tap(interface, port, addresses)
        rights.hold(rights.NONE)
        visits = Visits(port, frozenset(addresses))
        Watch(interface, tap, visits, Lines(sys.stdin.fileno()), reports).go_on()
    except BrokenPipeError:
        raise
    except OSError as error:
        return refusal.explain(name, error.errno or 0, [each for _, each in socket.if_nameindex()])
    return None


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever our parent thinks of it
    if len(sys.argv) < 3 or not sys.argv[2].isdecimal():
        sys.exit("It takes an interface, a port and its addresses; the web server starts it by itself.")
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
