"""Why visitors can't be shown, in one sentence, and what would enable it. Pure: what the kernel said is an argument."""

import errno
import os
from collections.abc import Sequence

from layersviz.core.said import said
from layersviz.lab.refusal import Refusal

RIGHTS = "make live-rights"
"""What gives the right to capture to the capturing child, and to it alone."""


def not_linux() -> Refusal:
    return Refusal(
        sentence=said("Visitors can be shown on Linux only: its packet sockets show what an interface carries."),
        remedy=said("Run layersviz on Linux; a virtual machine will do."),
    )


def explain(interface: str, number: int, others: Sequence[str]) -> Refusal:
    """Put the kernel's error number into words; `others` are the interfaces that there are."""
    match number:
        case errno.ENODEV | errno.ENXIO:
            return Refusal(
                sentence=said("There is no network interface {interface!r} here.", interface=interface),
                remedy=said("Name one that there is: {names}.", names=", ".join(others))
                if others
                else said("Name one that there is: none was found."),
            )
        case errno.EPERM | errno.EACCES:
            return Refusal(
                sentence=said(
                    "Capturing on {interface} needs the right CAP_NET_RAW, which the capturing child has not.",
                    interface=interface,
                ),
                remedy=said(
                    "{rights} gives just that right, to the child alone; then start layersviz again.", rights=RIGHTS
                ),
            )
        case errno.EAFNOSUPPORT:
            return Refusal(sentence=said("This kernel has no packet sockets."), remedy="sudo modprobe af_packet")
    return Refusal(
        sentence=said(
            "Capturing on {interface} is not possible: {reason}.", interface=interface, reason=os.strerror(number)
        ),
        remedy=said("Try another interface."),
    )


def without_address(interface: str) -> Refusal:
    return Refusal(
        sentence=said("{interface} has no address by which anybody could visit.", interface=interface),
        remedy=said("Connect it to its network, then start layersviz again."),
    )


def is_down(interface: str) -> Refusal:
    return Refusal(
        sentence=said("{interface} is down, so nobody can visit over it.", interface=interface),
        remedy=said(
            "Plug its cable in or join its network; sudo ip link set {interface} up where it is switched off.",
            interface=interface,
        ),
    )
