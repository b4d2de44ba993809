"""What a process that runs for weeks does about its memory: it is laid out tightly, and what is free is given back.

Of the C libraries only glibc is asked. Knows nothing of what the memory is for.
"""

import asyncio
import ctypes
import gc

GIVE_BACK_EVERY_S = 60.0
_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)
_ARENAS = 2


def lay_out_memory() -> None:
    """Before threads begin. Each thread's arena keeps what it once had; all that is loaded stays, so that a full
    collection need not look at it: that would stop a run's frames for some 30 ms."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_ARENA_MAX, _ARENAS)
    gc.freeze()


async def keep_giving_back() -> None:
    """What nobody uses, now and then, to the system; it takes a few milliseconds. Connections that have ended refer to
    themselves in circles, and by itself Python looks for those only when a quarter more has come."""
    libc = _glibc()
    while True:
        await asyncio.sleep(GIVE_BACK_EVERY_S)
        gc.collect()
        if libc is not None:
            libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
