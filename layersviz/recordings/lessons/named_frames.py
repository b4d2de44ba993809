"""The frames that lessons speak of, each by a name that says what it does: never by its number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layersviz.core.host import Side
from layersviz.core.journey import Journey

_CLIENT, _SERVER = Side.CLIENT, Side.SERVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """A frame, by what it does: the `nth` of its kind and sender, of those with that finding or deed, of those lost.

    `again`: of those that repeat an earlier frame.
    """

    kind: str
    sender: Side
    nth: int = 1
    finding: str = ""
    deed: str = ""
    lost: bool = False
    again: bool = False

    def among(self, journeys: Sequence[Journey]) -> list[Journey]:
        return [each for each in journeys if self._is(each)]

    def _is(self, journey: Journey) -> bool:
        return (
            journey.kind == self.kind
            and journey.sender is self.sender
            and (not self.finding or any(each.name == self.finding for each in journey.findings))
            and (not self.deed or journey.deed == self.deed)
            and (not self.lost or journey.lost)
            and (not self.again or journey.repeats > 0)
        )


FRAMES: Mapping[str, Which] = {
    "arp_request": Which(kind="ARP request", sender=_CLIENT),
    "arp_reply": Which(kind="ARP reply", sender=_SERVER),
    "syn": Which(kind="SYN", sender=_CLIENT),
    "syn_again": Which(kind="SYN", sender=_CLIENT, nth=2),
    "held_syn": Which(kind="SYN", sender=_CLIENT, deed="hold"),
    "server_syn": Which(kind="SYN", sender=_SERVER),
    "syn_ack": Which(kind="SYN/ACK", sender=_SERVER),
    "syn_ack_again": Which(kind="SYN/ACK", sender=_SERVER, nth=2),
    "client_syn_ack": Which(kind="SYN/ACK", sender=_CLIENT),
    "ack": Which(kind="ACK of the handshake", sender=_CLIENT),
    "challenge_ack": Which(kind="ACK", sender=_SERVER),
    "request": Which(kind="HTTP request", sender=_CLIENT),
    "second_request": Which(kind="HTTP request", sender=_CLIENT, nth=2),
    "third_request": Which(kind="HTTP request", sender=_CLIENT, nth=3),
    "fourth_request": Which(kind="HTTP request", sender=_CLIENT, nth=4),
    "request_ack": Which(kind="ACK", sender=_SERVER),
    "answer": Which(kind="HTTP answer", sender=_SERVER),
    "answer_ack": Which(kind="ACK", sender=_CLIENT),
    "message": Which(kind="data", sender=_CLIENT),
    "message_again": Which(kind="data", sender=_CLIENT, again=True),
    "data": Which(kind="data", sender=_SERVER),
    "lost_data": Which(kind="data", sender=_SERVER, lost=True),
    "duplicate_ack": Which(kind="ACK", sender=_CLIENT, finding="duplicate_ack"),
    "data_again": Which(kind="data", sender=_SERVER, finding="retransmission"),
    "zero_window": Which(kind="ACK", sender=_CLIENT, finding="zero_window"),
    "probe": Which(kind="ACK", sender=_SERVER, finding="keep_alive"),
    "window_update": Which(kind="ACK", sender=_CLIENT, finding="window_update"),
    "server_fin": Which(kind="FIN", sender=_SERVER),
    "client_fin": Which(kind="FIN", sender=_CLIENT),
    "last_ack": Which(kind="ACK of a FIN", sender=_SERVER),
    "client_last_ack": Which(kind="ACK of a FIN", sender=_CLIENT),
    "server_rst": Which(kind="RST", sender=_SERVER),
    "client_rst": Which(kind="RST", sender=_CLIENT),
    "datagram": Which(kind="UDP datagram", sender=_CLIENT),
    "second_datagram": Which(kind="UDP datagram", sender=_CLIENT, nth=2),
    "echo": Which(kind="UDP datagram", sender=_SERVER),
    "icmp": Which(kind="ICMP error", sender=_SERVER),
}
