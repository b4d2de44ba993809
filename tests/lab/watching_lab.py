"""The lab, watched from inside: before the end of each run it tells what came at each host's card, frame by frame, and
how each host's kernel has counted it meanwhile (proc_net_snmp). The lab itself knows nothing of its being watched."""

import socket
import struct
import sys
from pathlib import Path

from layersviz.core.host import Side
from layersviz.lab.__main__ import main
from layersviz.lab.network import CARD, Network, Station
from layersviz.lab.orders import Lines, Reports, read_settings
from layersviz.lab.player import Player

_SOL_PACKET, _ADD_MEMBERSHIP, _IGNORE_OUTGOING, _PROMISCUOUS, _EVERY_PROTOCOL = 263, 1, 23, 1, 3
_LISTENER_REPORT = b"\x86\xdd\x00"  # IPv6, and a hop-by-hop header first
_MOST_OCTETS, _ROOM = 65_536, 8 * 1024 * 1024


class Watch:
    """Of one host."""

    def __init__(self, station: Station) -> None:
        self._namespace = station.namespace
        with self._namespace.entered():
            self._card = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
            self._card.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
            self._card.setsockopt(_SOL_PACKET, _IGNORE_OUTGOING, 1)
            everything = struct.pack("=iHH8s", socket.if_nametoindex(CARD), _PROMISCUOUS, 0, b"")
            self._card.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, everything)
            self._card.bind((CARD, _EVERY_PROTOCOL))
        self._counted = self._counters()

    def came(self) -> list[str]:
        """The frames that have come since the last time, hexadecimal; but for what a host tells the network about
        itself over IPv6 (multicast listener reports), which belongs to no run."""
        frames = []
        while True:
            try:
                octets = self._card.recv(_MOST_OCTETS)
            except BlockingIOError:
                return frames
            if octets[12:14] + octets[20:21] != _LISTENER_REPORT:
                frames.append(octets.hex())

    def counted(self) -> dict[str, int]:
        """How much each counter has grown since the last time, those that have."""
        before, self._counted = self._counted, self._counters()
        grown = {name: value - before.get(name, 0) for name, value in self._counted.items()}
        return {name: by for name, by in grown.items() if by != 0}

    def _counters(self) -> dict[str, int]:
        with self._namespace.entered():
            over_ipv4 = Path("/proc/self/net/snmp").read_text(encoding="ascii").splitlines()
            over_ipv6 = Path("/proc/self/net/snmp6")
            lines = over_ipv6.read_text(encoding="ascii").splitlines() if over_ipv6.exists() else []
        counters = {}
        for names, values in zip(over_ipv4[::2], over_ipv4[1::2], strict=True):
            protocol, *fields = names.split()
            counters |= dict(
                zip((protocol[:-1] + field for field in fields), map(int, values.split()[1:]), strict=True)
            )
        return counters | {name: int(value) for name, value in (line.split() for line in lines)}


class WatchingReports(Reports):
    """Tells what the watches have seen right before a run's end."""

    def __init__(self, descriptor: int, watches: dict[Side, Watch]) -> None:
        super().__init__(descriptor)
        self._watches = watches

    def tell(self, kind: str, **values: object) -> None:
        if kind == "run_started":
            for watch in self._watches.values():
                watch.came()  # what came between two runs is of neither
                watch.counted()
        if kind == "run_ended":
            came = {side: watch.came() for side, watch in self._watches.items()}
            counted = {side: watch.counted() for side, watch in self._watches.items()}
            super().tell("watched", came=came, counted=counted)
        super().tell(kind, **values)


def play(settings: str, _reports: Reports) -> None:
    network = Network.build(read_settings(settings).hosts, delay_s=read_settings(settings).delay_s)
    watches = {Side.CLIENT: Watch(network.client), Side.SERVER: Watch(network.server)}
    reports = WatchingReports(sys.stdout.fileno(), watches)
    Player(network, Lines(sys.stdin.fileno()), reports).play()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], play))
