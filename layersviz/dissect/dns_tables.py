"""The parts of DNS messages whose fields have fixed widths (RFC 1035 section 4.1), and of NetBIOS's (RFC 1002)."""

from layersviz.core.said import said
from layersviz.dissect.names import DNS_TYPES
from layersviz.dissect.table import Naming, Table, hexadecimal, named

_OPCODES = {
    0: said("query"),
    1: said("inverse query"),
    2: said("status"),
    4: said("notify"),
    5: said("update"),
    6: said("stateful operations"),
}
_RESULTS = {
    0: said("no error"),
    1: said("format error"),
    2: said("server failure"),
    3: said("no such name"),
    4: said("not implemented"),
    5: said("refused"),
}


def _flag(name: str, label: str, meaning: str) -> tuple[Naming, int]:
    return Naming(name=f"dns.flags.{name}", label=label, meaning=meaning), 1


HEADER = Table(
    [
        (
            Naming(
                name="dns.id",
                label=said("Identifier"),
                text=hexadecimal(4),
                meaning=said("tells which answer is whose"),
            ),
            16,
        ),
        _flag("response", said("Answer"), said("0 in a question, 1 in an answer")),
        (
            Naming(
                name="dns.flags.opcode",
                label=said("Operation"),
                text=named(_OPCODES),
                meaning=said("what is asked for"),
            ),
            4,
        ),
        _flag("authoritative", said("Authoritative"), said("1 where the server itself is in charge of the name")),
        _flag("truncated", said("Truncated"), said("1 where the answer did not fit: ask again over TCP")),
        _flag("recdesired", said("Recursion desired"), said("1 where the server shall ask others")),
        _flag("recavail", said("Recursion available"), said("1 where the server would ask others")),
        _flag("z", said("Reserved"), said("zero")),
        _flag("authenticated", said("Authenticated"), said("1 where signatures were checked")),
        _flag("checkdisable", said("Checking disabled"), said("1 where unchecked answers are welcome")),
        (Naming(name="dns.flags.rcode", label=said("Result"), text=named(_RESULTS), meaning=said("how it went")), 4),
        (Naming(name="dns.count.queries", label=said("Questions"), meaning=said("how many questions follow")), 16),
        (Naming(name="dns.count.answers", label=said("Answers"), meaning=said("how many answers follow them")), 16),
        (Naming(name="dns.count.auth_rr", label=said("Authorities"), meaning=said("records of who is in charge")), 16),
        (Naming(name="dns.count.add_rr", label=said("Additional"), meaning=said("records that may help")), 16),
    ]
)
QUESTION = Table(
    [
        (
            Naming(
                name="dns.qry.type",
                label=said("Type"),
                text=named(DNS_TYPES),
                meaning=said("which records are asked for"),
            ),
            16,
        ),
        (Naming(name="dns.qry.class", label=said("Class"), text=hexadecimal(4), meaning=said("1 is the Internet")), 16),
    ]
)
RECORD = Table(
    [
        (
            Naming(name="dns.resp.type", label=said("Type"), text=named(DNS_TYPES), meaning=said("what the value is")),
            16,
        ),
        (
            Naming(name="dns.resp.class", label=said("Class"), text=hexadecimal(4), meaning=said("1 is the Internet")),
            16,
        ),
        (
            Naming(name="dns.resp.ttl", label=said("Time to live"), meaning=said("seconds for which this may be kept")),
            32,
        ),
        (Naming(name="dns.resp.len", label=said("Data length"), meaning=said("bytes of the value")), 16),
    ]
)
LENGTH = Table(
    [(Naming(name="dns.length", label=said("Length"), meaning=said("bytes of the message that follows, over TCP")), 16)]
)
NETBIOS_HEADER = Table(
    [
        (
            Naming(
                name="nbns.id",
                label=said("Identifier"),
                text=hexadecimal(4),
                meaning=said("tells which answer is whose"),
            ),
            16,
        ),
        (
            Naming(
                name="nbns.flags", label=said("Flags"), text=hexadecimal(4), meaning=said("what is asked or answered")
            ),
            16,
        ),
        (Naming(name="nbns.count.queries", label=said("Questions"), meaning=said("how many questions follow")), 16),
        (Naming(name="nbns.count.answers", label=said("Answers"), meaning=said("how many answers follow them")), 16),
        (Naming(name="nbns.count.auth_rr", label=said("Authorities"), meaning=said("records of who is in charge")), 16),
        (Naming(name="nbns.count.add_rr", label=said("Additional"), meaning=said("records that may help")), 16),
    ]
)
_KIND = [
    (
        Naming(
            name="nbns.type",
            label=said("Type"),
            text=named({32: "NB", 33: "NBSTAT"}),
            meaning=said("a name, or a status"),
        ),
        16,
    ),
    (Naming(name="nbns.class", label=said("Class"), text=hexadecimal(4), meaning=said("1 is the Internet")), 16),
]
NETBIOS_QUESTION = Table(_KIND)
NETBIOS_RECORD = Table(
    [
        *_KIND,
        (Naming(name="nbns.ttl", label=said("Time to live"), meaning=said("seconds for which this may be kept")), 32),
        (Naming(name="nbns.data_length", label=said("Data length"), meaning=said("bytes of the value")), 16),
    ]
)
