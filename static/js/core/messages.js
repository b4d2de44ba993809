// Every message between server and browser.
// Generated from layersviz/rooms/messages/ by "manage.py typedefs": change it there.

/** @typedef {"none" | "blank" | "invitation"} Cover */

/** What hides the picture on all screens that follow: nothing, a blank, or how to join the class. */
export const Cover = Object.freeze({
  NONE: "none",
  BLANK: "blank",
  INVITATION: "invitation",
});

/** @typedef {"start" | "let_go"} Permission */

/** What the presenter may allow the class to press: the run of the stage once more, and a held frame's going on. */
export const Permission = Object.freeze({
  START: "start",
  LET_GO: "let_go",
});

/** @typedef {"acknowledgment" | "sequence" | "flags" | "port" | "length" | "mac" | "layer" | "time-wait"} QuestionKind */

/** What is asked for. */
export const QuestionKind = Object.freeze({
  ACKNOWLEDGMENT: "acknowledgment",
  SEQUENCE: "sequence",
  FLAGS: "flags",
  PORT: "port",
  LENGTH: "length",
  MAC: "mac",
  LAYER: "layer",
  TIME_WAIT: "time-wait",
});

/** @typedef {"follow" | "roam"} Mode */

/** Whether a student's screen shows the class's step, or one of the student's own choice. */
export const Mode = Object.freeze({
  FOLLOW: "follow",
  ROAM: "roam",
});

/** @typedef {"starting" | "ready" | "down" | "recorded"} LabState */

/** What the source of frames can do now; a recording has all its frames already. */
export const LabState = Object.freeze({
  STARTING: "starting",
  READY: "ready",
  DOWN: "down",
  RECORDED: "recorded",
});

/** @typedef {"lab" | "simulated" | "live" | "file"} Source */

/** Where a run's frames come from. */
export const Source = Object.freeze({
  LAB: "lab",
  SIMULATED: "simulated",
  LIVE: "live",
  FILE: "file",
});

/** @typedef {"client" | "server"} Side */

/** A side of the wire: the client opens the connection or asks first, the server waits for it. */
export const Side = Object.freeze({
  CLIENT: "client",
  SERVER: "server",
});

/** @typedef {"application" | "transport" | "network" | "link" | "physical"} Layer */

/** A layer of a host's stack by its textbook name: RFC 1122 section 1.1.3, with the link layer split in two. */
export const Layer = Object.freeze({
  APPLICATION: "application",
  TRANSPORT: "transport",
  NETWORK: "network",
  LINK: "link",
  PHYSICAL: "physical",
});

/** @typedef {"ARP" | "SYN" | "SYN/ACK" | "bare ACK" | "data" | "FIN" | "RST" | "UDP datagram" | "ICMP" | "other"} FrameKind */

/** A frame is of one kind only: a segment with data is DATA whatever else it says, unless it has SYN or RST. */
export const FrameKind = Object.freeze({
  ARP: "ARP",
  SYN: "SYN",
  SYN_ACK: "SYN/ACK",
  ACK: "bare ACK",
  DATA: "data",
  FIN: "FIN",
  RST: "RST",
  DATAGRAM: "UDP datagram",
  ICMP: "ICMP",
  OTHER: "other",
});

/** @typedef {"lose" | "duplicate" | "corrupt" | "swap" | "delay" | "hold"} Deed */

/** What the wire does to a frame. SWAP: it goes behind the next frame of its side. */
export const Deed = Object.freeze({
  LOSE: "lose",
  DUPLICATE: "duplicate",
  CORRUPT: "corrupt",
  SWAP: "swap",
  DELAY: "delay",
  HOLD: "hold",
});

/** @typedef {"ethernet" | "ip" | "transport" | "data"} Place */

/** Where the wrong bit of a corrupted frame is. */
export const Place = Object.freeze({
  ETHERNET: "ethernet",
  IP: "ip",
  TRANSPORT: "transport",
  DATA: "data",
});

/** @typedef {"down" | "wire" | "up"} Half */

/** Which part of the way: down the sender, across the wire, up the receiver. */
export const Half = Object.freeze({
  DOWN: "down",
  WIRE: "wire",
  UP: "up",
});

/** @typedef {"captured" | "computed" | "simulated" | "good" | "bad" | "plain"} Mark */

/** Where a shown value comes from, or how a check ended. */
export const Mark = Object.freeze({
  CAPTURED: "captured",
  COMPUTED: "computed",
  SIMULATED: "simulated",
  GOOD: "good",
  BAD: "bad",
  PLAIN: "plain",
});

/** @typedef {"CLOSED" | "LISTEN" | "SYN-SENT" | "SYN-RECEIVED" | "ESTABLISHED" | "FIN-WAIT-1" | "FIN-WAIT-2" | "CLOSE-WAIT" | "CLOSING" | "LAST-ACK" | "TIME-WAIT"} TcpState */

/** A connection end's state, by the RFC's names. */
export const TcpState = Object.freeze({
  CLOSED: "CLOSED",
  LISTEN: "LISTEN",
  SYN_SENT: "SYN-SENT",
  SYN_RECEIVED: "SYN-RECEIVED",
  ESTABLISHED: "ESTABLISHED",
  FIN_WAIT_1: "FIN-WAIT-1",
  FIN_WAIT_2: "FIN-WAIT-2",
  CLOSE_WAIT: "CLOSE-WAIT",
  CLOSING: "CLOSING",
  LAST_ACK: "LAST-ACK",
  TIME_WAIT: "TIME-WAIT",
});

/** @typedef {"good" | "bad" | "partial" | "not checkable" | "not present"} ChecksumStatus */

/** How a checksum compares with what it covers. */
export const ChecksumStatus = Object.freeze({
  GOOD: "good",
  BAD: "bad",
  PARTIAL: "partial",
  NOT_CHECKABLE: "not checkable",
  NOT_PRESENT: "not present",
});

/** @typedef {4400 | 4403 | 4404 | 4410 | 4408 | 4413 | 4429 | 4500} CloseCode */

/** Why the server ended a websocket; each time with a reason in words. */
export const CloseCode = Object.freeze({
  BAD_MESSAGE: 4400,
  NOT_ALLOWED: 4403,
  GONE: 4404,
  CLOSED: 4410,
  TOO_SLOW: 4408,
  TOO_LARGE: 4413,
  TOO_MANY: 4429,
  FAILED: 4500,
});

/**
 * All there is to know; the first message on every connection. `now_ms` is the server's clock.
 * @typedef {object} Snapshot
 * @property {"snapshot"} kind
 * @property {number} seq
 * @property {number} now_ms
 * @property {LabStatus} lab
 * @property {Run} run
 * @property {Playhead} playhead
 * @property {Cover} cover
 * @property {string} leader
 * @property {boolean} presenter_online
 * @property {Permission[]} allowed
 * @property {Question | null} question
 */

/**
 * @typedef {object} LabMoved
 * @property {"lab_moved"} kind
 * @property {number} seq
 * @property {LabStatus} lab
 */

/**
 * A new run has begun; its frames follow. It replaces the one shown.
 * @typedef {object} RunOpened
 * @property {"run_opened"} kind
 * @property {number} seq
 * @property {Run} run
 * @property {Playhead} playhead
 */

/**
 * `playhead` is where it is from now on: one that plays to the story's end goes on to the new end.
 * @typedef {object} FrameAdded
 * @property {"frame_added"} kind
 * @property {number} seq
 * @property {number} run
 * @property {Journey} journey
 * @property {Playhead} playhead
 */

/**
 * All frames of the run that faults hold on the wire now.
 * @typedef {object} HeldMoved
 * @property {"held_moved"} kind
 * @property {number} seq
 * @property {number} run
 * @property {HeldFrame[]} held
 */

/**
 * As of `Run`.
 * @typedef {object} RunClosed
 * @property {"run_closed"} kind
 * @property {number} seq
 * @property {number} run
 * @property {string} problem
 * @property {Ending | null} ending
 * @property {KernelLook | null} look
 */

/**
 * What the kernels of a run that is over say of it now; None where nobody can ask them any more.
 * @typedef {object} WaitMoved
 * @property {"wait_moved"} kind
 * @property {number} seq
 * @property {number} run
 * @property {KernelLook | null} look
 */

/**
 * Where the run can be opened again, or why it can't.
 * @typedef {object} RunKept
 * @property {"run_kept"} kind
 * @property {number} seq
 * @property {number} run
 * @property {number | null} recording
 * @property {string} not_kept
 */

/**
 * @typedef {object} PlayheadMoved
 * @property {"playhead_moved"} kind
 * @property {number} seq
 * @property {Playhead} playhead
 */

/**
 * @typedef {object} CoverMoved
 * @property {"cover_moved"} kind
 * @property {number} seq
 * @property {Cover} cover
 */

/**
 * Another window leads, or the presenter has come or gone.
 * @typedef {object} LeaderMoved
 * @property {"leader_moved"} kind
 * @property {number} seq
 * @property {string} leader
 * @property {boolean} presenter_online
 */

/**
 * All that a student may press from now on.
 * @typedef {object} AllowedMoved
 * @property {"allowed_moved"} kind
 * @property {number} seq
 * @property {Permission[]} allowed
 */

/**
 * The class is asked, more have answered, the answer is shown, or it is over (None). It is also over where another run opens.
 * @typedef {object} QuestionMoved
 * @property {"question_moved"} kind
 * @property {number} seq
 * @property {Question | null} question
 */

/**
 * To the presenter's windows: who is here. `people` are the students, the first few hundred of them.
 * @typedef {object} Attendance
 * @property {"attendance"} kind
 * @property {number} following
 * @property {number} roaming
 * @property {number} projectors
 * @property {number} presenters
 * @property {Person[]} people
 */

/**
 * To the presenter's windows: who has answered what, the last few hundred of them.
 * @typedef {object} Replies
 * @property {"replies"} kind
 * @property {number} question
 * @property {GivenReply[]} replies
 */

/**
 * To the presenter's window that wanted to know: what may be asked at that step.
 * @typedef {object} Offered
 * @property {"offered"} kind
 * @property {number} frame
 * @property {number} step
 * @property {QuestionOffer[]} offers
 */

/**
 * To one student: the answer that counts.
 * @typedef {object} Replied
 * @property {"replied"} kind
 * @property {number} question
 * @property {number} choice
 */

/**
 * To all: the room cannot go on for now, in one sentence. The next snapshot ends it.
 * @typedef {object} Interrupted
 * @property {"interrupted"} kind
 * @property {string} sentence
 */

/**
 * To the one viewer who asked: why it is not done, in one sentence.
 * @typedef {object} Refused
 * @property {"refused"} kind
 * @property {string} sentence
 */

/**
 * The answer to a ping: the viewer's clock as it was sent, and the server's.
 * @typedef {object} Pong
 * @property {"pong"} kind
 * @property {number} client_ms
 * @property {number} now_ms
 */

/**
 * Play a run: all as in `core.order.Order`.
 * @typedef {object} Start
 * @property {"start"} kind
 * @property {string} [scene]
 * @property {boolean} [ipv6]
 * @property {boolean} [cold]
 * @property {Fault[]} [faults]
 * @property {number} [client_delay_ms]
 * @property {number} [server_delay_ms]
 * @property {number} [server_port]
 * @property {boolean} [textbook]
 */

/**
 * The frame of that number, which a fault holds on the wire, may go on; 0: all of them.
 * @typedef {object} LetGo
 * @property {"let_go"} kind
 * @property {number} [held]
 */

/**
 * Break the run off that is on.
 * @typedef {object} StopRun
 * @property {"stop_run"} kind
 */

/**
 * @typedef {object} Play
 * @property {"play"} kind
 */

/**
 * @typedef {object} Pause
 * @property {"pause"} kind
 */

/**
 * To the next step (1) or the previous one (-1).
 * @typedef {object} MoveStep
 * @property {"move_step"} kind
 * @property {-1 | 1} by
 */

/**
 * To the first step of the next frame (1) or of the previous one (-1).
 * @typedef {object} MoveFrame
 * @property {"move_frame"} kind
 * @property {-1 | 1} by
 */

/**
 * To an instant on the story's clock; past the end means the end.
 * @typedef {object} Seek
 * @property {"seek"} kind
 * @property {number} instant_ms
 */

/**
 * @typedef {object} SetRate
 * @property {"set_rate"} kind
 * @property {number} rate
 */

/**
 * Hide the picture on all screens that follow, or show it again.
 * @typedef {object} ShowCover
 * @property {"show_cover"} kind
 * @property {Cover} cover
 */

/**
 * Put a recording on the class's stage; of a capture file one conversation, which counts from 1.
 * @typedef {object} OpenRecording
 * @property {"open_recording"} kind
 * @property {number} recording
 * @property {number | null} [conversation]
 */

/**
 * This window of the presenter's is to lead from now on.
 * @typedef {object} TakeOver
 * @property {"take_over"} kind
 */

/**
 * All that a student may press from now on.
 * @typedef {object} Allow
 * @property {"allow"} kind
 * @property {Permission[]} allowed
 */

/**
 * Ask the class at that step of the run: it stays there until the answer has been shown.
 * @typedef {object} AskQuestion
 * @property {"ask_question"} kind
 * @property {number} frame
 * @property {number} step
 * @property {QuestionKind} question
 */

/**
 * Show what is right, and how the class has answered.
 * @typedef {object} Reveal
 * @property {"reveal"} kind
 */

/**
 * Take the question away, answered or not.
 * @typedef {object} CloseQuestion
 * @property {"close_question"} kind
 */

/**
 * What may be asked at that step? It moves nothing, whichever window leads.
 * @typedef {object} WhichQuestions
 * @property {"which_questions"} kind
 * @property {number} frame
 * @property {number} step
 */

/**
 * A student's answer to that question; of a student's answers the first counts. None: which was mine?
 * @typedef {object} Reply
 * @property {"reply"} kind
 * @property {number} question
 * @property {number | null} choice
 */

/**
 * The highest `seq` that this viewer has applied: it opens the viewer's window again.
 * @typedef {object} Acknowledge
 * @property {"acknowledge"} kind
 * @property {number} seq
 */

/**
 * This viewer saw a gap in the numbers.
 * @typedef {object} AskSnapshot
 * @property {"ask_snapshot"} kind
 */

/**
 * `client_ms` is this viewer's clock; the pong carries it back beside the server's. `round_trip_ms` is the last one's, as this viewer measured it.
 * @typedef {object} Ping
 * @property {"ping"} kind
 * @property {number} client_ms
 * @property {number | null} [round_trip_ms]
 */

/**
 * How a student's screen stands: `frame` and `step` where it roams, 0 where it is nowhere.
 * @typedef {object} Stand
 * @property {"stand"} kind
 * @property {Mode} mode
 * @property {string} [name]
 * @property {number} [frame]
 * @property {number} [step]
 */

/**
 * All sockets of the lab's hosts now, as `capture.events.SocketsSeen`. `left_out` counts further ones, `tries` are the last tries to bind a port of the server, the latest first.
 * @typedef {object} LabSockets
 * @property {"lab_sockets"} kind
 * @property {LabSocket[]} rows
 * @property {number} left_out
 * @property {string[]} untold
 * @property {number | null} unprivileged_from
 * @property {number} pid
 * @property {number} client_namespace
 * @property {number} server_namespace
 * @property {string} problem
 * @property {PortTried[]} tries
 */

/**
 * This page looks at the lab's sockets; said every few seconds.
 * @typedef {object} Look
 * @property {"look"} kind
 */

/**
 * A presenter's: try to bind that port on the lab's server, with the `right` to privileged ports or without it.
 * @typedef {object} TryPort
 * @property {"try_port"} kind
 * @property {number} port
 * @property {boolean} right
 */

/**
 * The state of the lab in one sentence; `remedy` says what would enable the real lab where it is simulated.
 * @typedef {object} LabStatus
 * @property {LabState} state
 * @property {Source} source
 * @property {string} sentence
 * @property {string} remedy
 * @property {LiveStatus | null} live
 */

/**
 * One run as it is known so far; `number` is 0 and there are no journeys before the first press.
 * @typedef {object} Run
 * @property {number} number
 * @property {Source} source
 * @property {Hosts} hosts
 * @property {Journey[]} journeys
 * @property {boolean} ended
 * @property {string} problem
 * @property {number | null} recording
 * @property {string} not_kept
 * @property {Replayed | null} replay
 * @property {Order} order
 * @property {Clocks | null} clocks
 * @property {HeldFrame[]} held
 * @property {Ending | null} ending
 * @property {KernelLook | null} look
 */

/**
 * An instant on the story's clock that held at a moment of the server's, and how it moves from there.
 * @typedef {object} Playhead
 * @property {number} run
 * @property {number} instant_ms
 * @property {number} at_ms
 * @property {number} rate
 * @property {boolean} playing
 * @property {number} until_ms
 */

/**
 * What the class is asked at a step of the run, before what lies behind it is shown. `revealed` is None until then: before that no message says which choice is right.
 * @typedef {object} Question
 * @property {number} number
 * @property {number} run
 * @property {number} frame
 * @property {number} step
 * @property {QuestionKind} kind
 * @property {string} text
 * @property {string[]} choices
 * @property {number} answered
 * @property {Spread | null} revealed
 */

/**
 * A frame with all that the stage shows of it.
 * @typedef {object} Journey
 * @property {number} number
 * @property {Side} sender
 * @property {string} kind
 * @property {string} name
 * @property {string} title
 * @property {string} arrow
 * @property {number} time_ns
 * @property {number} time_us
 * @property {string} octets
 * @property {string} fcs
 * @property {number} link_type
 * @property {number} wire_octets
 * @property {boolean} lost
 * @property {Finding[]} findings
 * @property {Header[]} headers
 * @property {number} payload_offset
 * @property {number} payload_octets
 * @property {Step[]} steps
 * @property {Row[]} rows
 * @property {string} down_heading
 * @property {string} up_heading
 * @property {string} problem
 * @property {string} deed
 * @property {number | null} flipped_bit
 * @property {string} arrived
 * @property {string} arrived_fcs
 * @property {Layer | null} refused_at
 * @property {number} copy_of
 * @property {number} held_ms
 * @property {number | null} arrived_us
 * @property {number} repeats
 * @property {Line[]} repeats_how
 * @property {Wait[]} waits
 */

/**
 * A frame that a fault holds on the wire: `number` counts the held ones of a run, `nth` the frames of its kind from its side. `since_ns` is when the wire took it, `octets` hexadecimal.
 * @typedef {object} HeldFrame
 * @property {number} number
 * @property {Side} sender
 * @property {FrameKind} frame
 * @property {number} nth
 * @property {number} since_ns
 * @property {string} octets
 */

/**
 * `look` is None where there was no connection; `heard` in the order in which the programs began.
 * @typedef {object} Ending
 * @property {KernelLook | null} look
 * @property {Heard[]} heard
 */

/**
 * What both kernels said of one connection at one moment; `at_ns` is nanoseconds since 1970 (UTC).
 * @typedef {object} KernelLook
 * @property {number} at_ns
 * @property {States} states
 * @property {Timers} timers
 */

/**
 * One student, as the presenter sees it. `number` counts the students of a web process, `name` is what the student wrote, perhaps nothing. `frame` and `step` are where a roaming one is, 0 where nowhere. `round_trip_ms` is the last ping's, None before the first.
 * @typedef {object} Person
 * @property {number} number
 * @property {string} name
 * @property {Mode} mode
 * @property {number} frame
 * @property {number} step
 * @property {number | null} round_trip_ms
 */

/**
 * What one student chose. `number` counts the answers as they came, `name` is what the student wrote, perhaps nothing.
 * @typedef {object} GivenReply
 * @property {number} number
 * @property {string} name
 * @property {number} choice
 */

/**
 * A kind of question, and it in words.
 * @typedef {object} QuestionOffer
 * @property {QuestionKind} kind
 * @property {string} words
 */

/**
 * From the `nth` (from 1) frame of that kind and side on, `count` in a row.
 * @typedef {object} Fault
 * @property {Deed} deed
 * @property {Side} sender
 * @property {FrameKind} frame
 * @property {number} nth
 * @property {number} count
 * @property {Place | null} place
 * @property {number} bit
 * @property {number} delay_ms
 */

/**
 * A socket of the lab's hosts. `run` is the run that it talks in, 0 where that is not known; `frame` is the run's first with ports, 0 before there is one; `recording` is the run's number where it is kept, None while it is on the stage only.
 * @typedef {object} LabSocket
 * @property {SocketRow} row
 * @property {number} run
 * @property {number} frame
 * @property {number | null} recording
 */

/**
 * What the kernel of the lab's server said to a try to bind that port, with the `right` to privileged ports or without: the number of its error and the system's name for it, 0 and empty where it let us.
 * @typedef {object} PortTried
 * @property {number} port
 * @property {boolean} right
 * @property {number} number
 * @property {string} error
 */

/**
 * Whether visitors are shown, in one sentence. `address` is what they open; `remedy` says what would enable it.
 * @typedef {object} LiveStatus
 * @property {LabState} state
 * @property {string} address
 * @property {string} sentence
 * @property {string} remedy
 */

/**
 * Both ends of a run.
 * @typedef {object} Hosts
 * @property {Host} client
 * @property {Host} server
 */

/**
 * The recording that a run is shown from, by its number; of a capture file one conversation, counted from 1.
 * @typedef {object} Replayed
 * @property {number} recording
 * @property {number | null} conversation
 */

/**
 * One run. `cold`: both hosts forget each other's MAC address first, so that ARP or neighbour discovery is seen.
 * @typedef {object} Order
 * @property {string} scene
 * @property {boolean} ipv6
 * @property {boolean} cold
 * @property {Fault[]} faults
 * @property {number} client_delay_ms
 * @property {number} server_delay_ms
 * @property {number} server_port
 * @property {boolean} textbook
 */

/**
 * The settings of the lab's hosts that decide about waiting, as they are during a run.
 * @typedef {object} Clocks
 * @property {number} syn_linear
 * @property {number} syn_retries
 * @property {number} syn_ack_retries
 * @property {boolean} textbook
 * @property {boolean} changed
 */

/**
 * How a class answered: how many chose each, the index of the right choice, and why it is right.
 * @typedef {object} Spread
 * @property {number} right
 * @property {number[]} counts
 * @property {string} why
 */

/**
 * Something noteworthy about a segment: Wireshark's name behind `tcp.analysis.`, and one plain sentence.
 * @typedef {object} Finding
 * @property {string} name
 * @property {string} sentence
 * @property {boolean} told
 */

/**
 * One protocol's header inside a frame; offsets and lengths in octets from the frame's first octet.
 * @typedef {object} Header
 * @property {Layer} layer
 * @property {string} protocol
 * @property {number} octet_offset
 * @property {number} octet_length
 * @property {Field[]} fields
 * @property {Checksum | null} checksum
 * @property {boolean} quoted
 */

/**
 * One stop of a journey.
 * @typedef {object} Step
 * @property {number} number
 * @property {Half} half
 * @property {Side | null} side
 * @property {Layer} layer
 * @property {string} title
 * @property {string} sentence
 * @property {string} pdu
 * @property {Part[]} parts
 * @property {Line[]} lines
 * @property {States | null} states
 * @property {string} client_call
 * @property {string} server_call
 * @property {number} start_ms
 * @property {number} rest_ms
 * @property {number} end_ms
 * @property {number | null} row
 */

/**
 * One row of the table; `half` is DOWN or UP, `side` the host. A cell's lines are parted by a newline.
 * @typedef {object} Row
 * @property {Half} half
 * @property {Side} side
 * @property {Layer} layer
 * @property {string} protocol
 * @property {string} pdu
 * @property {string} info
 * @property {string} ports
 * @property {string} ips
 * @property {string} macs
 */

/**
 * One labelled value that a step shows: a field that was written, or a check with the values that it compared.
 * @typedef {object} Line
 * @property {string} label
 * @property {string} text
 * @property {Mark} mark
 * @property {string} key
 */

/**
 * What a host waits for from this frame on: `what` in words. Milliseconds, None where it is not known.
 * @typedef {object} Wait
 * @property {Side} side
 * @property {string} what
 * @property {number | null} predicted_ms
 * @property {number | null} textbook_ms
 * @property {number | null} kernel_ms
 * @property {number | null} was_ms
 */

/**
 * What the program on that side heard of the other end, by "tcp" or "udp".
 * @typedef {object} Heard
 * @property {Side} side
 * @property {string} transport
 * @property {number} octets
 * @property {number} reads
 * @property {Read[]} first
 * @property {boolean} ended
 * @property {string} call
 * @property {string} error
 * @property {string} words
 * @property {number | null} waited_ms
 */

/**
 * The TCP state of both ends of one connection at one moment, by RFC 9293's names.
 * @typedef {object} States
 * @property {TcpState} client
 * @property {TcpState} server
 */

/**
 * Both kernels' timers of one connection at one moment; None where none runs.
 * @typedef {object} Timers
 * @property {Timer | null} client
 * @property {Timer | null} server
 */

/**
 * `host` is a side of the lab, empty for this machine. `family` is 'IPv4' or 'IPv6', `protocol` 'TCP' or 'UDP'.
 * @typedef {object} SocketRow
 * @property {string} host
 * @property {string | null} command
 * @property {number | null} pid
 * @property {string | null} user
 * @property {string} family
 * @property {string} protocol
 * @property {string} local_ip
 * @property {number} local_port
 * @property {string} remote_ip
 * @property {number} remote_port
 * @property {string} state
 * @property {number | null} expires_ms
 */

/**
 * One end: its address in text form (IPv4 or IPv6), colon-separated lower-case MAC address, port 0 to 65535.
 * @typedef {object} Host
 * @property {Side} side
 * @property {string} ip
 * @property {string} mac
 * @property {number} port
 */

/**
 * One field: `name` as Wireshark filters it, `label` as textbooks print it, `text` as it is shown.
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {string} text
 * @property {number} bit_offset
 * @property {number} bit_length
 * @property {number | null} number
 * @property {string} meaning
 */

/**
 * A header's checksum against its octets: `true` is what the field would have to hold, None where nobody can say.
 * @typedef {object} Checksum
 * @property {ChecksumStatus} status
 * @property {number} found
 * @property {number | null} true
 * @property {string} reason
 */

/**
 * A piece of the PDU as it is after a step: 'TCP', 20 octets. `computed` pieces are never in a capture.
 * @typedef {object} Part
 * @property {Layer} layer
 * @property {string} label
 * @property {number} octets
 * @property {boolean} computed
 * @property {string} key
 */

/**
 * What one call of recv() gave; `text` is how it begins, a dot for each octet that is no printable ASCII.
 * @typedef {object} Read
 * @property {number} at_ns
 * @property {number} octets
 * @property {string} text
 */

/**
 * What a kernel waits for of a connection: "retransmission", "keepalive", "time-wait" or "probe".
 * @typedef {object} Timer
 * @property {string} what
 * @property {number} left_ms
 * @property {number} tries
 */

/** @typedef {Snapshot | LabMoved | RunOpened | FrameAdded | HeldMoved | RunClosed | WaitMoved | RunKept | PlayheadMoved | CoverMoved | LeaderMoved | AllowedMoved | QuestionMoved | Attendance | Replies | Offered | Replied | Interrupted | Refused | Pong} ServerMessage */

/** @typedef {Start | LetGo | StopRun | Play | Pause | MoveStep | MoveFrame | Seek | SetRate | ShowCover | OpenRecording | TakeOver | Allow | AskQuestion | Reveal | CloseQuestion | WhichQuestions | Reply | Acknowledge | AskSnapshot | Ping | Stand} BrowserMessage */

/** @typedef {LabSockets | Interrupted | Refused} LookoutMessage */

/** @typedef {Look | TryPort} LookerMessage */
