"""What can be noteworthy about a TCP segment: each finding's bit, Wireshark's name for it, and one sentence."""

from layersviz.core.said import said

RETRANSMISSION = 1 << 0
FAST_RETRANSMISSION = 1 << 1
SPURIOUS_RETRANSMISSION = 1 << 2
OUT_OF_ORDER = 1 << 3
LOST_SEGMENT = 1 << 4
ACK_LOST_SEGMENT = 1 << 5
DUPLICATE_ACK = 1 << 6
KEEP_ALIVE = 1 << 7
KEEP_ALIVE_ACK = 1 << 8
REUSED_PORTS = 1 << 9
WINDOW_UPDATE = 1 << 10
WINDOW_FULL = 1 << 11
ZERO_WINDOW = 1 << 12
ZERO_WINDOW_PROBE = 1 << 13
ZERO_WINDOW_PROBE_ACK = 1 << 14
NOTED = 1 << 15
"""No finding of its own: there is more to say of the segment than its header."""

NAMES = {
    RETRANSMISSION: "retransmission",
    FAST_RETRANSMISSION: "fast_retransmission",
    SPURIOUS_RETRANSMISSION: "spurious_retransmission",
    OUT_OF_ORDER: "out_of_order",
    LOST_SEGMENT: "lost_segment",
    ACK_LOST_SEGMENT: "ack_lost_segment",
    DUPLICATE_ACK: "duplicate_ack",
    KEEP_ALIVE: "keep_alive",
    KEEP_ALIVE_ACK: "keep_alive_ack",
    REUSED_PORTS: "reused_ports",
    WINDOW_UPDATE: "window_update",
    WINDOW_FULL: "window_full",
    ZERO_WINDOW: "zero_window",
    ZERO_WINDOW_PROBE: "zero_window_probe",
    ZERO_WINDOW_PROBE_ACK: "zero_window_probe_ack",
}
"""Each finding's bit, and its name behind Wireshark's `tcp.analysis.`."""

SENTENCES = {
    "retransmission": said("These numbers were sent before: mostly no acknowledgment of them has come in time."),
    "fast_retransmission": said(
        "Repeated acknowledgments told the sender of a gap, so it sends again without waiting."
    ),
    "spurious_retransmission": said("These bytes had been acknowledged already: to send them again was not necessary."),
    "out_of_order": said("This segment was overtaken by a later one on its way."),
    "lost_segment": said("Bytes before this segment are missing from the capture: they were lost or not recorded."),
    "ack_lost_segment": said(
        "This acknowledges bytes that the capture does not hold: they came, but were not recorded."
    ),
    "duplicate_ack": said("The same acknowledgment once more: its number is still the next that is expected."),
    "keep_alive": said("Nothing new is sent: the answer tells whether the other end is there, or has room again."),
    "keep_alive_ack": said("The answer to a keep-alive: yes, I am still there."),
    "reused_ports": said("The same addresses and ports as an earlier connection, but a new one begins."),
    "window_update": said(
        "No new byte is acknowledged, but the window has changed: so much can the receiver take now."
    ),
    "window_full": said("This segment fills the receiver's window: the sender must wait for an acknowledgment."),
    "zero_window": said("The receiver can take nothing more at the moment: its buffer is full."),
    "zero_window_probe": said("One byte is sent into a closed window, to find out whether it has opened."),
    "zero_window_probe_ack": said("The answer to a probe of the closed window: it is still closed."),
}
"""One sentence for students for each finding."""


WIRESHARK_NAMES = {
    "retransmission": "TCP Retransmission",
    "fast_retransmission": "TCP Fast Retransmission",
    "spurious_retransmission": "TCP Spurious Retransmission",
    "out_of_order": "TCP Out-Of-Order",
    "lost_segment": "TCP Previous segment not captured",
    "ack_lost_segment": "TCP ACKed unseen segment",
    "duplicate_ack": "TCP Dup ACK",
    "keep_alive": "TCP Keep-Alive",
    "keep_alive_ack": "TCP Keep-Alive ACK",
    "reused_ports": "TCP Port numbers reused",
    "window_update": "TCP Window Update",
    "window_full": "TCP Window Full",
    "zero_window": "TCP ZeroWindow",
    "zero_window_probe": "TCP ZeroWindowProbe",
    "zero_window_probe_ack": "TCP ZeroWindowProbeAck",
}
"""Each finding as Wireshark's packet list shows it."""


def names(findings: int) -> tuple[str, ...]:
    """The names of the bits that are set."""
    return tuple(name for bit, name in NAMES.items() if findings & bit)
