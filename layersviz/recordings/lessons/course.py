"""The course: which lessons there are, in order, which scene of the lab each one is, and what to look at in it."""

from dataclasses import dataclass

from layersviz.core.order import Fault, Order
from layersviz.core.said import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """`slug` sorts as the course goes and names the lesson's file. `scene` is one of `layersviz.lab.scenes`.

    `faults` are more than the scene's own. What a fault holds is let go when the frame of the number
    `let_go_behind` has arrived.
    """

    slug: str
    scene: str
    cold: bool = False
    faults: tuple[Fault, ...] = ()
    let_go_behind: int = 0
    name: str
    about: str

    @property
    def order(self) -> Order:
        return Order(scene=self.scene, cold=self.cold, faults=self.faults)


COURSE = (
    Lesson(
        slug="01-handshake",
        scene="handshake",
        cold=True,
        name=said("A whole visit: ARP, three-way handshake, request, answer, close"),
        about=said(
            "First ARP asks for the server's MAC address, then SYN, SYN/ACK and ACK open the connection. Look"
            " at the two states: the client is ESTABLISHED one segment before the server is. In all three"
            " segments of the handshake the application layer is empty: no data goes before there is a"
            " connection."
        ),
    ),
    Lesson(
        slug="02-refused",
        scene="refused",
        name=said("Refused: nobody listens at this port"),
        about=said(
            "The server's host is there, but no program listens at the port. Its kernel answers the SYN at"
            " once with RST and ACK: ack is the SYN's seq + 1, and the window is 0. The client's program hears"
            " of it after one round trip."
        ),
    ),
    Lesson(
        slug="03-lost-syn",
        scene="lost-syn",
        name=said("Silence: the first SYN is lost"),
        about=said(
            "The first SYN never arrives, and nobody tells the client. It can only wait: after about a second"
            " its kernel sends the SYN again, and that one is answered. Compare the two: the same seq, another"
            " IP identification, another timestamp. Refused takes milliseconds, silence takes seconds."
        ),
    ),
    Lesson(
        slug="04-half-open",
        scene="half-open",
        name=said("Half open: the handshake's last ACK is lost"),
        about=said(
            "The client is ESTABLISHED and the server still in SYN-RECEIVED: each believes what it knows. An"
            " ACK is never acknowledged, so the client can't miss an answer to it. It is the server that sends"
            " its SYN/ACK again after a second, and the client that repeats the ACK."
        ),
    ),
    Lesson(
        slug="05-large-answer",
        scene="large",
        name=said("A large answer: many segments, ACKs and the window"),
        about=said(
            "20,000 bytes of text and their HTTP header need 14 segments of at most 1,448 bytes of data. The"
            " server sends ten at once, as many as its first congestion window allows, and the rest as ACKs"
            " come back. Each ack is the number of the byte that is expected next; each line of the text says"
            " which bytes of it these are."
        ),
    ),
    Lesson(
        slug="06-lost-segment",
        scene="lost-segment",
        name=said("One segment is lost, and sent again"),
        about=said(
            "The answer's third segment is lost. Those behind it arrive, and for each of them the client"
            " repeats the same ack; the SACK option says what it has beyond the hole. That tells the server"
            " what is missing, and it sends the same seq once more without waiting for a timer."
        ),
    ),
    Lesson(
        slug="07-zero-window",
        scene="zero-window",
        name=said("A full window: the receiver says stop"),
        about=said(
            "The client's program does not read for half a second and its buffer is small, so the window that"
            " it offers shrinks to 0. The server has more to send and must wait: it only asks whether there is"
            " room again, with an empty segment that Wireshark takes for a keep-alive. When the program reads,"
            " a window update lets the server go on."
        ),
    ),
    Lesson(
        slug="08-reset",
        scene="reset",
        name=said("Reset: the client leaves with the answer unread"),
        about=said(
            "The answer has arrived, yet the client's program closes without reading it. A FIN would say that"
            " all went well, so the kernel sends RST instead: the connection is gone at both ends at once, and"
            " nobody waits in TIME-WAIT."
        ),
    ),
    Lesson(
        slug="09-udp-echo",
        scene="udp-echo",
        name=said("UDP: one datagram and its echo"),
        about=said(
            "No handshake, no states, no ack, no close: eight bytes of header and the data. That the datagram"
            " arrived is known here only because the other program answers."
        ),
    ),
    Lesson(
        slug="10-udp-closed-port",
        scene="udp-closed-port",
        name=said("UDP to a closed port: ICMP reports it"),
        about=said(
            "UDP has no RST. The server's kernel answers with another protocol: ICMP, destination"
            " unreachable, port unreachable. The report carries the headers of the datagram that it is about,"
            " so that the client's kernel can tell which program to disappoint."
        ),
    ),
)
