"""The rights of this process (man 7 capabilities): down to the one that capturing needs, then down to none.

A right that was given away does not come back. Knows nothing of sockets.
"""

import ctypes
import os
import struct
import sys
from contextlib import suppress

NET_RAW = 1 << 13
"""CAP_NET_RAW: to open a packet socket."""
NONE = 0

_NOBODY = 65_534
_VERSION_3 = 0x2008_0522
_PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 8, 38
_libc = ctypes.CDLL(None, use_errno=True)


def keep_only_net_raw() -> None:
    """Be nobody, where we are root, and hold CAP_NET_RAW at most; no program that we start can have more."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if os.geteuid() == 0:
        _check(_libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
        with suppress(OSError):  # in a user namespace there may be nobody but its own root
            os.setgroups([])
        with suppress(OSError):
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    hold(permitted() & NET_RAW)


def give_up_net_raw() -> None:
    """For a process that is not to capture, even where root has started it. A program that root starts has it again."""
    if sys.platform == "linux" and (held := permitted()) & NET_RAW:
        hold(held & ~NET_RAW)


def permitted() -> int:
    """The rights that this process may use, as bits."""
    low, high = _get()
    return low[1] | high[1] << 32


def hold(rights: int) -> None:
    """Have exactly these rights, and hand none of them on."""
    words = (rights & 0xFFFF_FFFF, rights >> 32)
    data = b"".join(struct.pack("=III", word, word, 0) for word in words)  # effective, permitted, inheritable
    _check(_libc.capset(_header(), data))


def _get() -> tuple[tuple[int, ...], tuple[int, ...]]:
    data = ctypes.create_string_buffer(24)
    _check(_libc.capget(_header(), data))
    return struct.unpack("=III", data.raw[:12]), struct.unpack("=III", data.raw[12:])


def _header() -> bytes:
    return struct.pack("=Ii", _VERSION_3, 0)


def _check(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
