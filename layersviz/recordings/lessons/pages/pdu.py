"""What a protocol data unit is, and what each layer calls its own."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN = "01-handshake"

PDU = Page(
    slug="pdu",
    name=said("What is a PDU?"),
    about=said("Data, segment, packet, frame, bits: the same thing, with one more envelope at each layer."),
    sentences=(
        Sentence(
            run=_RUN,
            at="request down application",
            plain=said(
                "A protocol data unit, PDU for short, is what a layer sends to the same layer at the other end. At the"
                " top it is the message itself: {request.data.len} bytes of HTTP."
            ),
            precise=said(
                "A PDU is what two entities of the same layer exchange. The application's is the HTTP message:"
                " {request.data.len} bytes, a request line, fields, and an empty line behind them."
            ),
            source="RFC 9112, section 2.1",
        ),
        Sentence(
            run=_RUN,
            at="request down transport",
            plain=said(
                "TCP puts its header of {request.tcp.hdr_len} bytes in front. Header and data together are a segment."
            ),
            precise=said(
                "The unit of TCP is the segment: a header of {request.tcp.hdr_len} bytes and {request.data.len} bytes"
                " of the byte stream. TCP may cut the stream wherever it likes; that a segment holds exactly one"
                " message is chance."
            ),
            source="RFC 1122, section 1.3.3",
        ),
        Sentence(
            run=_RUN,
            at="request down network",
            plain=said(
                "For IP the whole segment is only data. It puts {request.ip.hdr_len} bytes in front, and we have a"
                " packet of {request.ip.len} bytes."
            ),
            precise=said(
                "The unit of IP is the datagram, here {request.ip.len} bytes with its header of {request.ip.hdr_len}."
                " RFC 1122 calls packet what IP hands to the link: a whole datagram, as here, or a fragment of one."
            ),
            source="RFC 1122, section 1.3.3",
        ),
        Sentence(
            run=_RUN,
            at="request down link",
            plain=said(
                "For Ethernet the whole packet is only data. With {request.eth.hdr_len} bytes in front it is a frame:"
                " {request.frame.len} bytes. To put one thing into the next like this is called encapsulation."
            ),
            precise=said(
                "The unit of the link is the frame: {request.eth.hdr_len} bytes of header, {request.ip.len} of payload,"
                " and a check sequence that no capture holds. Captures therefore say {request.frame.len} bytes."
            ),
            source="RFC 1122, section 1.3.3",
        ),
        Sentence(
            run=_RUN,
            at="request wire physical",
            plain=said("On the wire it is a row of bits, and no layer's header can be told from data any more."),
            precise=said(
                "The physical layer has no header that a receiver could address: with preamble, delimiter and check"
                " sequence {request.frame.wire_bits} bits cross the wire."
            ),
            source="IEEE 802.3, section 3.1",
        ),
        Sentence(
            run=_RUN,
            at="request up link",
            plain=said(
                "How does the receiver know what is inside? Each header names the next one: the Ethernet header says"
                " {request.eth.type}, which means IPv4; IP's says {request.ip.proto}, which means TCP."
            ),
            precise=said(
                "Each header has a field for what it carries: the EtherType {request.eth.type} leads to IPv4, the"
                " protocol number {request.ip.proto} to TCP, the destination port {request.tcp.dstport} to a program."
            ),
            source="RFC 894",
        ),
        Sentence(
            run=_RUN,
            at="syn down transport",
            plain=said(
                "A PDU needs no data inside. The SYN is a header alone, {syn.tcp.hdr_len} bytes, and yet a whole"
                " segment."
            ),
            precise=said(
                "A segment may be a header alone: the SYN has {syn.tcp.hdr_len} bytes of header and {syn.data.len} of"
                " data."
            ),
            source="RFC 9293, section 3.1",
        ),
    ),
    attempt=said(
        "Add up at the frame of the request: {request.eth.hdr_len} + {request.ip.hdr_len} + {request.tcp.hdr_len} +"
        " {request.data.len}. Then look for the frame whose headers take up more of it than the data does, or all of"
        " it."
    ),
)
