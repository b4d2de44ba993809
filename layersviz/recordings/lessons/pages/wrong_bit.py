"""A wrong bit: which layer finds it, and who repairs it, over TCP and over UDP."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_BITS, _BESIDE = "page-wrong-bits", "page-side-by-side"

WRONG_BIT = Page(
    slug="a-wrong-bit",
    name=said("A wrong bit"),
    about=said("Three layers have a check of their own. Each throws damage away; only TCP gets it back."),
    sentences=(
        Sentence(
            run=_BITS,
            at="request up link",
            plain=said(
                "On the wire one bit of this frame was flipped. The server's card computes the check sequence over what"
                " came, {request.refused.computed}, but behind the frame stands {request.refused.came}. So it throws"
                " the frame away, and not even the server's kernel hears of it."
            ),
            precise=said(
                "The FCS {request.refused.came} was computed by the sender, before the bit was flipped; the CRC-32 over"
                " what arrived is {request.refused.computed}. A frame with a wrong FCS is discarded and not passed up:"
                " no ACK, no error message."
            ),
            source="IEEE 802.3, section 3.2.9",
        ),
        Sentence(
            run=_BITS,
            at="second_request up network",
            plain=said(
                "No answer comes, so TCP sends the request again, {second_request.frame.time_delta} seconds later. Now"
                " the bit flips inside a device between two links, which computes a new check sequence over the wrong"
                " bytes: the card finds nothing. IP does: its header's checksum should be"
                " {second_request.refused.computed} and is {second_request.refused.came}."
            ),
            precise=said(
                "The time to live is wrong. Added up with its checksum {second_request.refused.came} the header gives"
                " {second_request.refused.sum}, where all bits would have to be 1; right for it would be"
                " {second_request.refused.computed}. The host must check this sum and discard the packet silently."
            ),
            source="RFC 1122, section 3.2.1.2",
        ),
        Sentence(
            run=_BITS,
            at="third_request up transport",
            plain=said(
                "The third time the wrong bit is in TCP's header. The card and IP let it pass, for IP's sum covers only"
                " IP's own header. TCP's checksum covers the whole segment: {third_request.refused.came} came,"
                " {third_request.refused.computed} would be right. TCP drops it and says nothing."
            ),
            precise=said(
                "Pseudo-header and segment add up to {third_request.refused.sum}; the checksum"
                " {third_request.refused.came} should be {third_request.refused.computed}. The receiver must check it."
                " A damaged segment is dropped without ACK or RST: whose it was can't be known from what is damaged."
            ),
            source="RFC 9293, section 3.1",
        ),
        Sentence(
            run=_BITS,
            at="fourth_request up application",
            plain=said(
                "The fourth comes whole, {fourth_request.frame.arrived} seconds after the run began. The program"
                " gets its {fourth_request.data.len} bytes once and right, and knows nothing of the three before. That"
                " is what TCP promises."
            ),
            precise=said(
                "The waits were {second_request.frame.time_delta}, {third_request.frame.time_delta} and"
                " {fourth_request.frame.time_delta} s: with each timeout the sender doubles the next. No ACK came, so"
                " that is all it could know; which layer had refused the segment it never learns."
            ),
            source="RFC 6298, section 5",
        ),
        Sentence(
            run=_BESIDE,
            at="message up transport",
            plain=said(
                "Now both transports side by side, with the same messages and the same wrong bit in the first. TCP's"
                " checksum finds it: {message.refused.came} came, {message.refused.computed} would be right. The"
                " message is dropped."
            ),
            precise=said(
                "A bit of the data is wrong; with pseudo-header and checksum the segment adds up to"
                " {message.refused.sum}. TCP drops it, and the acknowledgment stays at {message.tcp.seq}, the number of"
                " its first byte."
            ),
            source="RFC 9293, section 3.1",
        ),
        Sentence(
            run=_BESIDE,
            at="message_again up application",
            plain=said(
                "TCP notices that the bytes from number {message_again.tcp.seq} on are missing and sends them again."
                " What came behind them has waited at the server. In the end the program has got all"
                " {message_again.program.heard} bytes, in order."
            ),
            precise=said(
                "The next message came out of order and was reported by SACK, so the sender repeats"
                " {message_again.data.len} bytes from number {message_again.tcp.seq} without waiting for its timer."
                " With the gap filled, both go to the program as one stream; recv() gave {message_again.program.heard}"
                " bytes in all."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_BESIDE,
            at="datagram up transport",
            plain=said(
                "UDP's checksum finds the same wrong bit: {datagram.refused.came} came, {datagram.refused.computed}"
                " would be right. The datagram is dropped, and nobody sends it again: its sender remembers nothing of"
                " it."
            ),
            precise=said(
                "Pseudo-header and datagram add up to {datagram.refused.sum}: UDP must discard it silently. There is no"
                " number to ask for, no acknowledgment to miss, and no copy at the sender."
            ),
            source="RFC 1122, section 4.1.3.4",
        ),
        Sentence(
            run=_BESIDE,
            at="second_datagram up application",
            plain=said(
                "The next datagram is delivered as if nothing had been. Of {datagram.count} messages the program gets"
                " all but the first, {second_datagram.program.heard} bytes, and UDP does not tell it. Where that"
                " matters, the programs themselves have to number and to ask."
            ),
            precise=said(
                "{datagram.count} datagrams were sent, and recv() gave {second_datagram.program.heard} bytes: the first"
                " is missing without a trace. Whoever needs all of them over UDP builds the detection of losses and"
                " the repetition into the application."
            ),
            source="RFC 8085, section 3.3",
        ),
    ),
    attempt=said(
        "Frames {request.frame.number} and {fourth_request.frame.number} carry the same request. Go from the one to the"
        " other and compare the checksums of IP and of TCP in the inspector: are they the same? Which fields explain"
        " it?"
    ),
)
