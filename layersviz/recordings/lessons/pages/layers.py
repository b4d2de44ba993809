"""Why there are layers, along one HTTP request."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN = "01-handshake"

LAYERS = Page(
    slug="layers",
    name=said("Why layers?"),
    about=said("One request on its way down one host, across the wire and up the other. Each layer has one task."),
    sentences=(
        Sentence(
            run=_RUN,
            at="request down application",
            plain=said(
                "The client's program wants a page. It writes a request of {request.data.len} bytes of text and gives"
                " it to the layer below; of cables, ways and losses it knows nothing."
            ),
            precise=said(
                "The application layer decides what is said: here an HTTP/1.1 request of {request.data.len} bytes. It"
                " uses the transport's service through a socket and sees nothing of the layers under it."
            ),
            source="RFC 1122, section 1.1.3",
        ),
        Sentence(
            run=_RUN,
            at="request down transport",
            plain=said(
                "The transport layer looks after the conversation between the two programs. It writes down for whom the"
                " bytes are, port {request.tcp.dstport}, and which bytes they are, so that none is lost or mixed up."
            ),
            precise=said(
                "The transport layer gives communication from end to end, between programs. TCP adds ports, sequence"
                " and acknowledgment numbers, window and checksum: {request.tcp.hdr_len} bytes that only the two hosts"
                " at the ends have to understand."
            ),
            source="RFC 9293, section 2.2",
        ),
        Sentence(
            run=_RUN,
            at="request down network",
            plain=said(
                "The network layer looks after the way between the hosts, be it over many links. It writes down from"
                " where and to where: {request.ip.src} to {request.ip.dst}."
            ),
            precise=said(
                "IP carries a packet from {request.ip.src} to {request.ip.dst}, by itself and without a promise. Each"
                " router on the way needs this header and none above it; the time to live, {request.ip.ttl}, bounds how"
                " many there may be."
            ),
            source="RFC 791, section 1.4",
        ),
        Sentence(
            run=_RUN,
            at="request down link",
            plain=said(
                "The link layer looks after one stretch only: from this network card to the next one,"
                " {request.eth.dst}. After a router another link begins, with a header of its own."
            ),
            precise=said(
                "The link layer is all that a host needs to speak on its own link: here Ethernet, to the card"
                " {request.eth.dst}. A router would take this header off and write another one for the next link."
            ),
            source="RFC 1122, section 1.1.3",
        ),
        Sentence(
            run=_RUN,
            at="request wire physical",
            plain=said(
                "On the wire there are only bits, {request.frame.bits} of them for this frame. The physical layer makes"
                " a signal of each and knows nothing of what they mean."
            ),
            precise=said(
                "The physical layer turns the frame's {request.frame.bits} bits, with a preamble in front and a check"
                " sequence behind, into signals. RFC 1122 counts it as part of the link; textbooks count it apart, and"
                " so does this picture."
            ),
            source="RFC 1122, section 1.1.3",
        ),
        Sentence(
            run=_RUN,
            at="request up network",
            plain=said(
                "At the server it goes the other way up. Each layer reads the header that the same layer at the client"
                " wrote, does its task, and takes that header off."
            ),
            precise=said(
                "Each protocol speaks with its peer of the same layer. IP at the server checks its header, sees its own"
                " address, and gives what is inside to the protocol that the header names, number {request.ip.proto}."
            ),
            source="RFC 791, section 3.1",
        ),
        Sentence(
            run=_RUN,
            at="request up application",
            plain=said(
                "The server's program gets the same {request.data.len} bytes. Neither program knows whether a cable or"
                " radio carried them, and need not know: that is what layers are for."
            ),
            precise=said(
                "What arrives is the byte stream as it was sent. Because each layer knows only the service of the one"
                " below, one can be replaced without the others: Wi-Fi for Ethernet under the same IP, IPv6 for IPv4"
                " under the same TCP."
            ),
            source="RFC 1122, section 1.1.3",
        ),
    ),
    attempt=said(
        "With the keys 1 to 5 the stage goes to a layer of the present frame. Go on with Shift and the arrow to the"
        " right, to frame {request_ack.frame.number}: which layer does an acknowledgment never reach, and why?"
    ),
)
