"""When a kernel sends again what was not answered: by its own settings, and by the textbook.

Values and arithmetic; who reads the settings and who tells of them is not known here.
"""

from dataclasses import dataclass

_LONGEST_WAIT_S = 120.0
"""Linux's TCP_RTO_MAX."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The settings of the lab's hosts that decide about waiting, as they are during a run.

    `syn_linear`: so many further SYNs go out a second apart before the waits double (Linux 6.5). `changed` is False
    where this system does not let the lab change them.
    """

    syn_linear: int
    syn_retries: int
    syn_ack_retries: int
    textbook: bool = False
    changed: bool = True


def syn_waits_s(clocks: Clocks, tries: int) -> tuple[float, ...]:
    """From each SYN to the next: RFC 6298's second, `syn_linear` more of them, then twice as long each time."""
    return tuple(min(_LONGEST_WAIT_S, 2.0 ** max(0, number - clocks.syn_linear)) for number in range(tries))


def textbook_waits_s(tries: int) -> tuple[float, ...]:
    """1, 2, 4, 8 s (RFC 6298 sections 2.1 and 5.5), up to Linux's longest wait; of a SYN/ACK too."""
    return tuple(min(_LONGEST_WAIT_S, 2.0**number) for number in range(tries))


def doubled_wait_s(tries: int) -> float:
    """The textbook's wait behind so many earlier tries: one second, doubled each time (RFC 6298 section 5.5).

    A longest wait of 60 s or more is allowed there, not asked for (section 2.5), so that none is taken.
    """
    return 2.0**tries
