"""TCP's options, most of them agreed on in the SYN."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_RUN, _LOST = "01-handshake", "06-lost-segment"

OPTIONS = Page(
    slug="options",
    name=said("Options"),
    about=said("Behind TCP's fixed header both ends say in the SYN what they can do beyond the old standard."),
    sentences=(
        Sentence(
            run=_RUN,
            at="syn down transport",
            plain=said(
                "TCP's header has 20 bytes that are always there. This SYN's has {syn.tcp.hdr_len}: the rest are"
                " options. One is the maximum segment size, {syn.tcp.options.mss_val}: so many bytes of data I take in"
                " one segment."
            ),
            precise=said(
                "The data offset says how long the header is: {syn.tcp.hdr_len} bytes, of which 20 are fixed. MSS"
                " {syn.tcp.options.mss_val} is the link's MTU less 40 for both fixed headers. It is no negotiation:"
                " each end announces its own, and without the option 536 holds for IPv4, 1220 for IPv6."
            ),
            source="RFC 9293, section 3.7.1",
        ),
        Sentence(
            run=_RUN,
            at="syn_ack down transport",
            plain=said(
                "The window field has only 16 bits. With the option window scale each end says by how much its later"
                " windows are to be multiplied: two to the power of {syn_ack.tcp.options.wscale.shift}."
            ),
            precise=said(
                "Shift {syn_ack.tcp.options.wscale.shift} in the SYN/ACK, {syn.tcp.options.wscale.shift} in the SYN:"
                " scaling counts only where both SYNs had the option. The window of a SYN itself is never scaled:"
                " {syn_ack.tcp.window_size_value} means just that."
            ),
            source="RFC 7323, section 2.2",
        ),
        Sentence(
            run=_RUN,
            at="syn_ack up transport",
            plain=said(
                "With timestamps each end sends its clock and gets it back: {syn_ack.tcp.options.timestamp.tsecr} is"
                " what the client had sent. So it learns how long the way there and back takes."
            ),
            precise=said(
                "TSval {syn_ack.tcp.options.timestamp.tsval} is the server's clock, TSecr"
                " {syn_ack.tcp.options.timestamp.tsecr} the client's, echoed. It serves to measure the round trip and"
                " to recognise old duplicates when sequence numbers have wrapped around."
            ),
            source="RFC 7323, section 3.1",
        ),
        Sentence(
            run=_RUN,
            at="ack down transport",
            plain=said(
                "From now on only the timestamps come along: the header has {ack.tcp.hdr_len} bytes. The window says"
                " {ack.tcp.window_size_value}, and that is to be multiplied."
            ),
            precise=said(
                "Once both SYNs had timestamps, each segment but RST must carry them: {ack.tcp.hdr_len} bytes of"
                " header. The window field {ack.tcp.window_size_value} is to be shifted left by"
                " {syn.tcp.options.wscale.shift} bits."
            ),
            source="RFC 7323, section 3.2",
        ),
        Sentence(
            run=_LOST,
            at="syn down transport",
            plain=said(
                "“SACK permitted” in the SYN says: you may tell me about gaps. Nothing of it is to be seen until one"
                " segment is missing."
            ),
            precise=said(
                "SACK-Permitted may stand in a SYN only, and only where both SYNs had it may the receiver send the SACK"
                " option itself."
            ),
            source="RFC 2018, section 2",
        ),
        Sentence(
            run=_LOST,
            at="duplicate_ack down transport",
            plain=said(
                "Here a segment is missing. The acknowledgment stays at {duplicate_ack.tcp.ack}, but SACK adds: I have"
                " also what begins at {duplicate_ack.tcp.options.sack_le}. So the server has to send only the gap"
                " again."
            ),
            precise=said(
                "ACK {duplicate_ack.tcp.ack} can't say what lies beyond the gap; the SACK block can: from"
                " {duplicate_ack.tcp.options.sack_le} up to, but not including, {duplicate_ack.tcp.options.sack_re}. It"
                " is advice: the receiver may still drop these bytes, so the sender keeps them until they are"
                " acknowledged."
            ),
            source="RFC 2018, section 3",
        ),
    ),
    attempt=said(
        "At the first sentence go down to the inspector, press the SYN's options one after the other under “Every"
        " field”, and look at their bytes beside it. Each begins with a number for its kind; most go on with a length."
        " Which has only one byte, and what does it fill up?"
    ),
)
