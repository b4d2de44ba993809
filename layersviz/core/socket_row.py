"""A socket as netstat, lsof and ss list it: the same row for the lab's hosts and for any machine.

Values only; who asks the kernel is elsewhere.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRow:
    """`host` is a side of the lab, empty for this machine. `family` is 'IPv4' or 'IPv6', `protocol` 'TCP' or 'UDP'.

    `command`, `pid` and `user` are None where the system does not tell them to us; `command` is empty and `pid` 0 where
    no process has the socket any more, as in TIME-WAIT. `remote_ip` is empty where there is no other end. `state` is
    TCP's by the RFC's names, empty for UDP, which has none. `expires_ms` is how long the kernel keeps it in TIME-WAIT,
    None elsewhere and where it does not say.
    """

    host: str = ""
    command: str | None
    pid: int | None
    user: str | None
    family: str
    protocol: str
    local_ip: str
    local_port: int
    remote_ip: str = ""
    remote_port: int = 0
    state: str = ""
    expires_ms: int | None = None

    @property
    def waits(self) -> bool:
        """For whoever comes: a listener, or a UDP socket without another end."""
        return self.state == "LISTEN" or (self.protocol == "UDP" and not self.remote_ip)
