"""Tells systemd that the service is up, and that its event loop still turns (sd_notify(3), without its library).

Where no systemd listens, nothing is told.
"""

import asyncio
import socket
from contextlib import suppress

_AN_HOUR_S = 3600.0


async def keep_telling(address: str, watchdog_us: int) -> None:
    """Until cancelled. `address` is NOTIFY_SOCKET, `watchdog_us` WATCHDOG_USEC; empty and 0 are none."""
    if not address:
        return
    tell(address, "READY=1")
    try:
        while True:
            tell(address, "WATCHDOG=1")
            await asyncio.sleep(watchdog_us / 2_000_000 or _AN_HOUR_S)
    finally:
        tell(address, "STOPPING=1")


def tell(address: str, state: str) -> None:
    """One datagram; an address that begins with @ is in the abstract namespace."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender, suppress(OSError):
        sender.sendto(state.encode("ascii"), f"\0{address[1:]}" if address.startswith("@") else address)
