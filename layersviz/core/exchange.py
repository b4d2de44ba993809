"""The HTTP exchange of a run as octets: what the client asks, what the server answers.

Knows nothing of sockets: the lab's programs send it, the simulated source carries it.
"""

from layersviz.core.hello import Answer, respond
from layersviz.core.host import Host

HTTP_PORT = 80
LARGE_PATH = "/large"
"""The path whose answer takes several segments."""
_LINES, _LINE_OCTETS = 400, 50


def request_to(server: Host, path: str = "/") -> bytes:
    """The client's whole request; a browser names the port only where it is not HTTP's own (RFC 9110 section 7.2)."""
    ip = f"[{server.ip}]" if ":" in server.ip else server.ip
    host = ip if server.port == HTTP_PORT else f"{ip}:{server.port}"
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: layersviz",
        "Accept-Encoding: gzip",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def answer_to(request: bytes) -> bytes:
    """20,000 octets of plain text for LARGE_PATH, the page for any other path."""
    first, *lines = request.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    method, _space, rest = first.partition(" ")
    if method == "GET" and rest.partition(" ")[0] == LARGE_PATH:
        return _large_answer().to_http1()
    headers = (line.partition(":") for line in lines)
    return respond(method, [(name, value.strip()) for name, _colon, value in headers]).to_http1()


def _large_answer() -> Answer:
    """Each line says which bytes of the text it is, so that any part of it tells where it belongs."""
    text = "".join(_large_line(number * _LINE_OCTETS) for number in range(_LINES)).encode("ascii")
    headers = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text))))
    return Answer(status=200, reason="OK", headers=headers, body=text)


def _large_line(first: int) -> str:
    told = f"This line is bytes {first} to {first + _LINE_OCTETS - 1}"
    return f"{told:.<{_LINE_OCTETS - 1}}\n"
