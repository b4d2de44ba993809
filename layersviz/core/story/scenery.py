"""All that is known of one frame while its journey is told: host names, headers, states before, on and behind it."""

from layersviz.core.checksum import crc32
from layersviz.core.frame import States
from layersviz.core.host import Host, Hosts, Side
from layersviz.core.http_body import Body, decode_body
from layersviz.core.journey import Mark
from layersviz.core.layer import Layer
from layersviz.core.lazy import lazy
from layersviz.core.played_run import Source
from layersviz.core.said import said
from layersviz.core.scene_cards import SceneCard
from layersviz.core.story.connection import Segment
from layersviz.core.story.damage import Damage
from layersviz.core.story.dissected import Dissected
from layersviz.core.story.kind import Kind
from layersviz.core.story.medium import Medium
from layersviz.core.story.past import NOTHING, Past
from layersviz.core.tcp_state import TcpState

BROADCAST = "ff:ff:ff:ff:ff:ff"
MOST_PLAIN_OCTETS = 65_536
PREAMBLE_OCTETS, FCS_OCTETS = 8, 4


class Scenery(Dissected, frozen=True, kw_only=True, dict=True):
    """One frame with everything that its steps may speak of.

    `before` are both ends' states before the sender acted, `taken` once it was on the wire, `delivered` once it had
    arrived; None where nothing is known of a TCP connection. `from_kernel` says whether the states were read from the
    two kernels; `segment` has those that RFC 9293's table gives for the same frame. `origin` marks values that were
    captured, or simulated. `is_unanswered`: no frame of the capture shows that anything reached the other end.
    `is_refused`: a later frame reports that nobody has the port open that this datagram is for. `dropped_at` is the
    receiver's layer that throws the frame away, None where none does. `whole` is what a packet
    carries that came in fragments, where this frame brought the piece that was missing.

    `damage` is the bit that was flipped on the way; then `came` is the same frame as the receiver has it, and all but
    that is of what was sent; `sent_crc` is the sender's check sequence, where that came behind other octets. `past` is
    what it has to do with the frames before it.
    `judged` is the segment with the findings that Wireshark has of it, which sees the octets alone. `tells_heard`: what
    the programs heard is told when the run is over, so that nothing of it is inferred here. `card` is the lab's scene
    that is played, None where there is none.
    """

    hosts: Hosts
    source: Source
    kind: Kind
    medium: Medium
    segment: Segment | None
    before: States | None
    taken: States | None
    delivered: States | None
    from_kernel: bool
    origin: Mark
    is_unanswered: bool = False
    is_refused: bool = False
    dropped_at: Layer | None = None
    whole: bytes | None = None
    damage: Damage | None = None
    came: "Scenery | None" = None
    sent_crc: int | None = None
    past: Past = NOTHING
    judged: Segment | None = None
    is_hello: bool = True
    tells_heard: bool = False
    card: SceneCard | None = None

    @property
    def arrives(self) -> bool:
        """Whether its receiver takes it in."""
        return not self.frame.lost and self.dropped_at is None

    @property
    def at_receiver(self) -> "Scenery":
        return self.came or self

    @lazy
    def is_plain(self) -> bool:
        """Whether the wire only carried it."""
        frame = self.frame
        return not (self.past.slower_ms or frame.lost or frame.copy_of or frame.held_ns) and (
            self.damage is None and frame.deed is None
        )

    @property
    def is_copy(self) -> bool:
        """Made by the wire: its sender has sent it only once."""
        return self.frame.copy_of > 0

    @property
    def sender(self) -> Side:
        return self.frame.sender

    @property
    def knows_programs(self) -> bool:
        """Whether we know which programs run on both hosts; of a capture by others we don't."""
        return self.source is not Source.FILE

    @property
    def is_on_known_link(self) -> bool:
        """Whether both hosts are on the link that was captured; in a capture by others a router may be between."""
        return self.source in (Source.LAB, Source.SIMULATED)

    @lazy
    def is_known_to_arrive(self) -> bool:
        """Whether what was captured is where it is going: on the one link, in one host's memory, or at our own server.

        Of any other capture nobody knows: it shows a packet on one link, and routers may lie behind that.
        """
        if self.is_on_known_link or self.stays_on_host:
            return True
        return self.source is Source.LIVE and self.receiver is Side.SERVER

    @lazy
    def receiver(self) -> Side:
        return self.frame.sender.other

    @lazy
    def receiving_host(self) -> Host:
        return self.hosts.at(self.receiver)

    @lazy
    def states_of_sender(self) -> tuple[TcpState | None, TcpState | None]:
        """Before it made the frame, and when that was on the wire."""
        before, taken = self.before, self.taken
        if before is None or taken is None or self.delivered is None:
            return None, None
        return before.at(self.frame.sender), taken.at(self.frame.sender)

    @lazy
    def states_of_receiver(self) -> tuple[TcpState | None, TcpState | None]:
        """When the frame was on the wire, and when it had arrived."""
        taken, delivered = self.taken, self.delivered
        if self.before is None or taken is None or delivered is None:
            return None, None
        return taken.at(self.receiver), delivered.at(self.receiver)

    @lazy
    def going_down(self) -> States | None:
        """While it goes down: the sender as the wire found it, the receiver as it was before."""
        before, taken = self.before, self.taken
        if before is None or taken is None or before is taken:
            return taken
        if self.sender is Side.CLIENT:
            return States(client=taken.client, server=before.server)
        return States(client=before.client, server=taken.server)

    @lazy
    def data_octets(self) -> int:
        """What the innermost header carries, as it was on the wire."""
        if self.segment is not None:
            return self.segment.data_octets
        return self.load_octets - self.missing_header_octets

    @property
    def has_bits(self) -> bool:
        return self.medium is Medium.WIRE

    @property
    def wire_bits(self) -> int:
        """Preamble and delimiter, the frame, and its check sequence."""
        return (PREAMBLE_OCTETS + self.frame_octets + FCS_OCTETS) * 8

    @lazy
    def crc(self) -> int:
        return crc32(self.frame.octets)

    @property
    def check_sequence(self) -> int:
        """The one that comes behind the octets."""
        return self.crc if self.sent_crc is None else self.sent_crc

    @lazy
    def body(self) -> Body | None:
        """The body of an HTTP answer, as much of it as is in this segment; None where there is none."""
        if self.http is None or self.kind is not Kind.ANSWER:
            return None
        carried = self.dissection.payload[self.http.octet_length :]
        return decode_body(self.http, carried, MOST_PLAIN_OCTETS) if carried else None

    @lazy
    def gzip_body(self) -> Body | None:
        """The same where it is packed with gzip and whole, so that both sizes can be compared."""
        body, http = self.body, self.http
        if body is None or http is None or body.problem or "gzip" not in http.text("http.content_encoding"):
            return None
        told = http.text("http.content_length")
        return body if told in ("", str(len(body.carried))) else None

    @property
    def closing_call(self) -> str:
        """What a FIN's application has called: a client that is the first to end may go on listening."""
        is_first = self.before is not None and self.before.at(self.sender) is TcpState.ESTABLISHED
        return said("close() or shutdown()") if is_first and self.sender is Side.CLIENT else "close()"
