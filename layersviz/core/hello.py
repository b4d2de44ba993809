"""The Hello World answer: a method and request headers in, status, headers and body out (RFC 9110).

Knows nothing of sockets or of Django: the view, the lab's server and `manage.py hello` all send what it makes.
"""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

PAGE = b"<HTML><h1>Hello World!</h1></HTML>"
GZIP_LEVEL = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer without its connection: `body` is what is sent, so it is empty for HEAD.

    Content-Length is among the headers and always that of the GET.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def to_http1(self, connection: str = "close") -> bytes:
        """The octets of an HTTP/1.1 answer. It has no Date, so that the same request gives the same octets."""
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, ("Connection", connection))]
        return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + self.body


def respond(method: str, headers: Iterable[tuple[str, str]]) -> Answer:
    """Answer a request for the page; `headers` are the request's, names in any case, repeated lines apart."""
    if method not in ("GET", "HEAD"):
        return _refuse_method()
    accepted = [value for name, value in headers if name.lower() == "accept-encoding"]
    zipped = _prefers_gzip(accepted)
    content = _gzip(PAGE) if zipped else PAGE
    return Answer(
        status=HTTPStatus.OK.value,
        reason=HTTPStatus.OK.phrase,
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            *([("Content-Encoding", "gzip")] if zipped else []),
            *_length_and_vary(content),
        ),
        body=b"" if method == "HEAD" else content,
    )


def _refuse_method() -> Answer:
    content = b"This page answers GET and HEAD only.\n"
    return Answer(
        status=HTTPStatus.METHOD_NOT_ALLOWED.value,
        reason=HTTPStatus.METHOD_NOT_ALLOWED.phrase,
        headers=(
            ("Allow", "GET, HEAD"),
            ("Content-Type", "text/plain; charset=utf-8"),
            *_length_and_vary(content),
        ),
        body=content,
    )


def _length_and_vary(content: bytes) -> tuple[tuple[str, str], ...]:
    return ("Content-Length", str(len(content))), ("Vary", "Accept-Encoding")


def _prefers_gzip(accepted: list[str]) -> bool:
    """Choose between gzip and plain as RFC 9110 section 12.5.3 does; the values are those of Accept-Encoding.

    The higher weight is preferred; at equal weights, or where plain ("identity") is only allowed by default, gzip.
    No Accept-Encoding at all would allow any coding, but a client that can unzip says so: it gets plain. A client
    that refuses both gets plain too: section 12.4.1 lets a server disregard the field where nothing is acceptable,
    and 34 readable octets teach more than a 406.
    """
    weights = _weights(accepted)
    others = weights.get("*", 0.0)
    zipped, plain = weights.get("gzip", others), weights.get("identity", others)
    return zipped > 0 and zipped >= plain


def _weights(accepted: list[str]) -> dict[str, float]:
    """The weight of each coding. A malformed element is ignored; of a coding named twice the lower weight counts."""
    weights: dict[str, float] = {}
    for element in ",".join(accepted).split(","):  # several lines are one list: section 5.3
        if match := _ELEMENT.fullmatch(element.strip(" \t")):
            coding = match["coding"].lower()
            coding = "gzip" if coding == "x-gzip" else coding  # section 8.4.1.3
            weights[coding] = min(float(match["weight"] or 1), weights.get(coding, 1.0))
    return weights


# codings [ OWS ";" OWS "q=" qvalue ], at most three decimals: sections 12.5.3 and 12.4.2.
_ELEMENT = re.compile(
    r"""(?P<coding> [!#$%&'*+.^_`|~0-9A-Za-z-]+ )
        (?: [ \t]* ; [ \t]* [qQ] = (?P<weight> 0 (?:\.[0-9]{0,3})? | 1 (?:\.0{0,3})? ) )?""",
    re.VERBOSE,
)


def _gzip(content: bytes) -> bytes:
    """Gzip to the same octets each time: two runs then differ only where TCP does, and tests can count octets.

    So the header carries no time (mtime 0) and names no operating system (octet 9 is 255, "unknown": RFC 1952).
    """
    packed = gzip.compress(content, compresslevel=GZIP_LEVEL, mtime=0)
    return packed[:9] + b"\xff" + packed[10:]
