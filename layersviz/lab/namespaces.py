"""Network namespaces inside a user namespace of our own, held by file descriptors only: gone with this process.

Knows nothing of links and hosts. It needs no root, and is the same with root.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from layersviz.lab.kernel import CLONE_NEWNET, CLONE_NEWUSER, setns, unshare
from layersviz.lab.refusal import Need, needing


class Namespace:
    """A network namespace that this process holds open."""

    def __init__(self) -> None:
        self.descriptor = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    @classmethod
    def fresh(cls) -> Self:
        """Make a new namespace and stay in it."""
        with needing(Need.NAMESPACE):
            unshare(CLONE_NEWNET)
        return cls()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be in this namespace for a while. What is opened meanwhile, sockets too, belongs to it for good."""
        before = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            setns(self.descriptor)
            yield
        finally:
            setns(before)
            os.close(before)


def become_root_of_own() -> None:
    """Enter a new user namespace in which we hold every right over the namespaces that we make there."""
    user, group = os.geteuid(), os.getegid()
    with needing(Need.USER_NAMESPACE):
        unshare(CLONE_NEWUSER)
    with needing(Need.IDENTITY):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
