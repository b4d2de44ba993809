"""The settings of both hosts' kernels that decide about waiting and remembering (Documentation/networking/ip-sysctl).

Each network namespace has its own; where /proc/sys is read-only, as in many containers, they stay as they are.
"""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from layersviz.core.timers import Clocks
from layersviz.lab.namespaces import Namespace

_IPV4 = Path("/proc/sys/net/ipv4")
_SYN_LINEAR = _IPV4 / "tcp_syn_linear_timeouts"
_SYN_RETRIES = _IPV4 / "tcp_syn_retries"
_SYN_ACK_RETRIES = _IPV4 / "tcp_synack_retries"
_FORGETFUL = {
    _IPV4 / "tcp_no_metrics_save": 1,  # or a host remembers of an earlier connection what a fault did to it
    _IPV4 / "tcp_early_retrans": 0,  # or a busy machine's hosts send the last segment twice, though nothing was lost
    _IPV4 / "icmp_ratelimit": 0,  # or the reports of many runs in a row come seconds apart
    Path("/proc/sys/net/ipv6/icmp/ratelimit"): 0,
}


class Sysctls:
    """Of the two hosts. `can_change` is False where the system does not let the lab change them."""

    def __init__(self, client: Namespace, server: Namespace) -> None:
        self._namespaces = (client, server)
        self._usual_linear = self._read(_SYN_LINEAR) or 0
        self.can_change = self._make_forgetful()
        self.clocks = self._look()
        """As they are now; None where the system does not tell."""

    def use_textbook(self, wanted: bool) -> None:
        """SYNs are repeated after 1, 2, 4, 8 s from now on, or as this kernel does it by itself. Raises OSError.

        A kernel before Linux 6.5 knows nothing else.
        """
        linear = 0 if wanted else self._usual_linear
        if self.clocks is None or linear == self.clocks.syn_linear:
            return
        for namespace in self._namespaces:
            with namespace.entered():
                _SYN_LINEAR.write_text(str(linear), encoding="ascii")
        self.clocks = replace(self.clocks, syn_linear=linear, textbook=linear == 0)

    def _look(self) -> Clocks | None:
        retries, syn_ack_retries = self._read(_SYN_RETRIES), self._read(_SYN_ACK_RETRIES)
        if retries is None or syn_ack_retries is None:
            return None
        return Clocks(
            syn_linear=self._usual_linear,
            syn_retries=retries,
            syn_ack_retries=syn_ack_retries,
            textbook=self._usual_linear == 0,
            changed=self.can_change,
        )

    def _make_forgetful(self) -> bool:
        """False where nothing could be set."""
        changed = False
        for path, value in _FORGETFUL.items():
            for namespace in self._namespaces:
                with namespace.entered(), suppress(OSError):
                    path.write_text(str(value), encoding="ascii")
                    changed = True
        return changed

    def _read(self, path: Path) -> int | None:
        """As the client has it; None where this kernel does not."""
        try:
            with self._namespaces[0].entered():
                return int(path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
