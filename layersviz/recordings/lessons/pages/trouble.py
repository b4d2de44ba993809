"""What goes wrong, and what TCP does about it."""

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Page, Sentence

_SILENT, _LOST, _FULL = "03-lost-syn", "06-lost-segment", "07-zero-window"

TROUBLE = Page(
    slug="what-goes-wrong",
    name=said("What goes wrong"),
    about=said("Frames are lost, receivers are slow. TCP repeats and waits, and its programs notice only the time."),
    sentences=(
        Sentence(
            run=_SILENT,
            at="syn wire physical",
            plain=said(
                "The first SYN never arrives. Nobody tells the client: a lost frame leaves no trace, and there is"
                " nothing to do but wait."
            ),
            precise=said(
                "IP promises nothing, and no message says that a packet is gone. TCP starts its retransmission timer"
                " with the SYN; before a round trip has been measured the timeout is one second."
            ),
            source="RFC 6298, section 2",
        ),
        Sentence(
            run=_SILENT,
            at="syn_again down transport",
            plain=said(
                "After {syn_again.frame.time_relative} seconds without an answer the kernel sends the SYN again, with"
                " the same number {syn_again.tcp.seq_raw}. The program knows nothing of it; for it connect() just takes"
                " longer."
            ),
            precise=said(
                "{syn_again.frame.time_relative} s after the first: same sequence number {syn_again.tcp.seq_raw}, a new"
                " IP identification ({syn.ip.id}, then {syn_again.ip.id}) and a new TSval. The standard doubles the"
                " timeout each time; new Linux kernels first repeat a SYN at even intervals."
            ),
            source="RFC 6298, section 5",
        ),
        Sentence(
            run=_LOST,
            at="lost_data wire physical",
            plain=said(
                "In a large answer one segment is lost, the one that begins at number {lost_data.tcp.seq}. Those behind"
                " it arrive all the same."
            ),
            precise=said(
                "The segment with sequence number {lost_data.tcp.seq} and {lost_data.data.len} bytes is lost. What"
                " follows it arrives out of order and is kept by the receiver, but cannot be given to the program yet."
            ),
            source="RFC 9293, section 3.10.7.4",
        ),
        Sentence(
            run=_LOST,
            at="duplicate_ack down transport",
            plain=said(
                "For each segment behind the gap the client says the same again: I still expect"
                " {duplicate_ack.tcp.ack}. By that the server notices what is missing."
            ),
            precise=said(
                "Each segment out of order is answered at once with a duplicate ACK, {duplicate_ack.tcp.ack}. There are"
                " {duplicate_ack.count} of them by Wireshark's count; three are the standard's sign of a loss."
            ),
            source="RFC 5681, section 3.2",
        ),
        Sentence(
            run=_LOST,
            at="data_again down transport",
            plain=said(
                "It sends that segment again, number {data_again.tcp.seq}, and waits for no timer. The client puts it"
                " into its place, and the program gets a whole stream."
            ),
            precise=said(
                "Fast retransmit: sequence number {data_again.tcp.seq} goes again {data_again.frame.time_relative} s"
                " after the run began, long before a timeout. Its sender also slows down, because a loss may mean that"
                " the net is overloaded."
            ),
            source="RFC 5681, section 3.2",
        ),
        Sentence(
            run=_FULL,
            at="zero_window down transport",
            plain=said(
                "Not every wait is a loss. Here the client's program does not read, its buffer is full, and its kernel"
                " says window {zero_window.tcp.window_size_value}: stop."
            ),
            precise=said(
                "Flow control: with window {zero_window.tcp.window_size_value} and ACK {zero_window.tcp.ack} the"
                " receiver takes all that came and allows nothing more. The sender must not send new data."
            ),
            source="RFC 9293, section 3.8.6",
        ),
        Sentence(
            run=_FULL,
            at="probe down transport",
            plain=said(
                "The server asks from time to time whether there is room again. It has to: were the message “go on”"
                " lost, both would wait for ever."
            ),
            precise=said(
                "A zero-window probe. Linux sends an empty segment with an old number, {probe.tcp.seq}, one less than"
                " the next: it has to be answered with an ACK. Wireshark takes it for a keep-alive, which looks the"
                " same."
            ),
            source="RFC 9293, section 3.8.6.1",
        ),
        Sentence(
            run=_FULL,
            at="window_update down transport",
            plain=said(
                "At {window_update.frame.time_relative} seconds the program has read, and the window is open again:"
                " {window_update.tcp.window_size_value} bytes. The server goes on."
            ),
            precise=said(
                "A window update: the same acknowledgment {window_update.tcp.ack}, a new window,"
                " {window_update.tcp.window_size_value}. Like every ACK without data it is not acknowledged itself,"
                " which is why probes are needed."
            ),
            source="RFC 9293, section 3.8.6.1",
        ),
    ),
    attempt=said(
        "Compare both SYNs of the first recording, frames {syn.frame.number} and {syn_again.frame.number}, field by"
        " field in the inspector. Which fields are new? And by which does the server know that no second client is"
        " asking?"
    ),
)
