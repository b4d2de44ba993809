"""The few calls to the Linux kernel that Python 3.11 does not have: die with the parent, unshare, setns.

Knows nothing of what they are used for.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Be killed as soon as the thread that started this process is gone."""
    parent = os.getppid()
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL.value, 0, 0, 0))
    if os.getppid() != parent:  # it died before the kernel had noted our wish
        sys.exit(0)


def unshare(what: int) -> None:
    _check(_libc.unshare(what))


def setns(descriptor: int) -> None:
    """Go into the network namespace that the descriptor holds."""
    _check(_libc.setns(descriptor, CLONE_NEWNET))


def _check(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
