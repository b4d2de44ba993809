"""The HTTP exchange of a run as octets: what the client asks, what the server answers.

Knows nothing of sockets: the lab's programs send it, the simulated source carries it.
"""

from layersviz.core.hello import respond
from layersviz.core.host import Host

HTTP_PORT = 80


def request_to(server: Host) -> bytes:
    """The client's whole request; a browser names the port only where it is not HTTP's own (RFC 9110 section 7.2)."""
    host = server.ip if server.port == HTTP_PORT else f"{server.ip}:{server.port}"
    lines = ("GET / HTTP/1.1", f"Host: {host}", "User-Agent: layersviz", "Accept-Encoding: gzip", "Connection: close")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def answer_to(request: bytes) -> bytes:
    """The page, whatever path was asked for."""
    first, *lines = request.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    headers = (line.partition(":") for line in lines)
    return respond(first.partition(" ")[0], [(name, value.strip()) for name, _colon, value in headers]).to_http1()
