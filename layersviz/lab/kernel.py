"""The few calls to the Linux kernel that Python 3.11 does not have: die with the parent, unshare, setns, capset.

Knows nothing of what they are used for.
"""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

CAP_NET_BIND_SERVICE = 10
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
_PR_SET_PDEATHSIG = 1
_CAPABILITIES = struct.Struct("=6I")  # effective, permitted, inheritable, of which each has 32 bits; then the next 32
_OF_THIS_THREAD = struct.pack("=Ii", 0x2008_0522, 0)  # _LINUX_CAPABILITY_VERSION_3

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


@contextmanager
def without_right(capability: int) -> Iterator[None]:
    """This thread does without that right for a while: it may take it up again, because it is still permitted."""
    held = ctypes.create_string_buffer(_CAPABILITIES.size)
    _check(_libc.capget(_OF_THIS_THREAD, held))
    before = list(_CAPABILITIES.unpack(held.raw))
    word = 3 * (capability // 32)
    fewer = [*before[:word], before[word] & ~(1 << capability % 32), *before[word + 1 :]]
    _check(_libc.capset(_OF_THIS_THREAD, _CAPABILITIES.pack(*fewer)))
    try:
        yield
    finally:
        _check(_libc.capset(_OF_THIS_THREAD, _CAPABILITIES.pack(*before)))


def _check(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
