"""Why a kernel forbids the lab, in one sentence, and what would enable it.

Choosing the sentence is pure; only `read_sysctls` looks at the system.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from layersviz.core.said import filled, said


class Need(StrEnum):
    """What the lab asks of the kernel, in the order in which it does."""

    LINUX = "Linux"
    USER_NAMESPACE = "a user namespace"
    IDENTITY = "an identity in its user namespace"
    NAMESPACE = "a network namespace"
    VETH = "a pair of virtual Ethernet interfaces (veth)"
    HOST = "an address on a virtual interface"
    OFFLOAD = "checksum offload switched off (ethtool)"
    PACKET_SOCKET = "a packet socket"
    SOCKET_STATES = "the TCP states of its hosts (tcp_diag)"
    LISTENER = "a listening socket on the server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    sentence: str
    remedy: str


class ForbiddenError(Exception):
    """The kernel refused something that the lab cannot do without."""

    def __init__(self, need: Need, number: int) -> None:
        super().__init__(f"{need}: {os.strerror(number)}")
        self.need = need
        self.number = number


@contextmanager
def needing(need: Need) -> Iterator[None]:
    """Say what the enclosed calls to the kernel are needed for."""
    try:
        yield
    except OSError as error:
        raise ForbiddenError(need, error.errno or errno.EIO) from error


_USERNS_CLONE = "kernel.unprivileged_userns_clone"
_APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
_MAX_USER = "user.max_user_namespaces"
_MAX_NET = "user.max_net_namespaces"
_SYSCTLS = (_USERNS_CLONE, _APPARMOR, _MAX_USER, _MAX_NET)
_MODULES = {Need.VETH: "veth", Need.PACKET_SOCKET: "af_packet", Need.SOCKET_STATES: "tcp_diag"}
_WORDS = {
    Need.LINUX: said("Linux"),
    Need.USER_NAMESPACE: said("a user namespace"),
    Need.IDENTITY: said("an identity in its user namespace"),
    Need.NAMESPACE: said("a network namespace"),
    Need.VETH: said("a pair of virtual Ethernet interfaces (veth)"),
    Need.HOST: said("an address on a virtual interface"),
    Need.OFFLOAD: said("checksum offload switched off (ethtool)"),
    Need.PACKET_SOCKET: said("a packet socket"),
    Need.SOCKET_STATES: said("the TCP states of its hosts (tcp_diag)"),
    Need.LISTENER: said("a listening socket on the server"),
}
_SWITCHED_OFF = {
    _MAX_USER: said("User namespaces are switched off on this system ({limit} is 0)."),
    _MAX_NET: said("Network namespaces are switched off on this system ({limit} is 0)."),
}
_RIGHTS = (errno.EPERM, errno.EACCES)
_TOO_MANY = (errno.ENOSPC, errno.EUSERS)


def explain(need: Need, number: int, sysctls: Mapping[str, int]) -> Refusal:
    """Put a refusal into words: what was needed, the kernel's error number, and the sysctls that exist there."""
    if need is Need.LINUX:
        return Refusal(
            sentence=said("The lab needs Linux: its two hosts are network namespaces of the Linux kernel."),
            remedy=said("Run layersviz on Linux; a virtual machine or WSL 2 will do."),
        )
    if number in (*_RIGHTS, *_TOO_MANY) and (setting := _switched_off(sysctls)):
        return setting
    if number in _TOO_MANY:
        return Refusal(
            sentence=said("The kernel's limit for namespaces is reached."),
            remedy=f"sudo sysctl {_MAX_USER}=15000 {_MAX_NET}=15000",
        )
    if need in _MODULES and number not in _RIGHTS:
        return Refusal(
            sentence=said(
                "This kernel could not give the lab {need}: {reason}.", need=_WORDS[need], reason=os.strerror(number)
            ),
            remedy=f"sudo modprobe {_MODULES[need]}",
        )
    if number in _RIGHTS:
        return Refusal(
            sentence=said(
                "This system does not let the lab have {need}: a container or a security module forbids it.",
                need=_WORDS[need],
            ),
            remedy=said(
                "Run layersviz outside the container, "
                "or start it with --security-opt seccomp=deploy/worker-seccomp.json."
            ),
        )
    return Refusal(
        sentence=said(
            "This kernel could not give the lab {need}: {reason}.", need=_WORDS[need], reason=os.strerror(number)
        ),
        remedy=said("Use a kernel that is built with user namespaces, network namespaces and veth."),
    )


def _switched_off(sysctls: Mapping[str, int]) -> Refusal | None:
    """The one setting that forbids it, where there is one; what comes first has to be enabled first."""
    if sysctls.get(_USERNS_CLONE) == 0:
        return Refusal(
            sentence=said("Only root may make user namespaces here ({userns_clone} is 0).", userns_clone=_USERNS_CLONE),
            remedy=f"sudo sysctl {_USERNS_CLONE}=1",
        )
    for limit, sentence in _SWITCHED_OFF.items():
        if sysctls.get(limit) == 0:
            return Refusal(sentence=filled(sentence, limit=limit), remedy=f"sudo sysctl {limit}=15000")
    if sysctls.get(_APPARMOR, 0) != 0:
        return Refusal(
            sentence=said(
                "AppArmor takes the rights out of a user namespace here ({apparmor} is {value}).",
                apparmor=_APPARMOR,
                value=sysctls[_APPARMOR],
            ),
            remedy=said(
                "sudo sysctl {apparmor}=0 (or an AppArmor profile that allows userns for this Python)",
                apparmor=_APPARMOR,
            ),
        )
    return None


def read_sysctls() -> dict[str, int]:
    """The settings that can forbid the lab, those that this kernel has."""
    found = {}
    for name in _SYSCTLS:
        with suppress(OSError, ValueError):
            found[name] = int(Path("/proc/sys", *name.split(".")).read_text(encoding="ascii"))
    return found
