"""What the two applications do at a stop, and how often that is: nothing at all."""

from layersviz.core.story.kind import Kind
from layersviz.core.story.scenery import Scenery


def application_down(scenery: Scenery) -> str:
    """The sender's application."""
    peer, octets = scenery.receiving_host, scenery.data_octets
    match scenery.kind:
        case Kind.SYN:
            return (
                f"The client's application has called connect() to {peer.ip}, port {peer.port}. It sends no data: "
                "the kernel has to open a connection first."
            )
        case Kind.SYN_ACK:
            return (
                "The server's application still waits in accept() and knows of nothing: its kernel answers by itself."
            )
        case Kind.HANDSHAKE_ACK:
            return (
                "For the client the connection is open: connect() has returned. No data yet: the kernel acknowledges."
            )
        case Kind.REQUEST:
            return f"Now there is data: the client's application sends {octets} bytes, an HTTP request.{_gzip(scenery)}"
        case Kind.ANSWER:
            return (
                f"The Hello World server sends its answer: {octets} bytes, an HTTP head and a body.{_remark(scenery)}"
            )
        case Kind.FIN:
            return f"The {scenery.sender}'s application calls close(): it has nothing more to send."
    return f"The {scenery.sender}'s application sends {octets} bytes of data."


def application_up(scenery: Scenery) -> str:
    """The receiver's application."""
    octets = scenery.data_octets
    match scenery.kind:
        case Kind.SYN:
            return "Nothing for the application: a SYN carries no data, and accept() goes on waiting."
        case Kind.SYN_ACK:
            return "connect() returns: for the client the connection is open. Not one byte of data has come yet."
        case Kind.HANDSHAKE_ACK:
            return "accept() returns: the server has its connection, too. The handshake is complete, without any data."
        case Kind.REQUEST:
            return f"recv() gives the Hello World server {octets} bytes: {_first_line(scenery)}."
        case Kind.ANSWER:
            return f"recv() gives the client {octets} bytes.{_unpacked(scenery)}"
        case Kind.FIN:
            return f"recv() returns no bytes: that tells the {scenery.receiver}'s application of the other end's close."
    return f"recv() gives the {scenery.receiver}'s application {octets} bytes."


def _first_line(scenery: Scenery) -> str:
    return scenery.http.fields[0].text if scenery.http is not None else "data"


def _gzip(scenery: Scenery) -> str:
    offered = scenery.http.text("http.accept_encoding") if scenery.http is not None else ""
    return " It says that it understands gzip." if "gzip" in offered else ""


def _remark(scenery: Scenery) -> str:
    body = scenery.body
    if body is None or not body.is_compressed:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    honest = "more, not less: too small a body for gzip" if carried > plain else "less"
    return f" gzip made {carried} bytes of {plain}: {honest}."


def _unpacked(scenery: Scenery) -> str:
    body = scenery.body
    if body is None or not body.is_compressed:
        return ""
    plain, carried = len(body.plain), len(body.carried)
    verdict = "larger" if carried > plain else "smaller"
    return f" It unpacks the body: {carried} bytes of gzip are {plain} bytes of HTML. Packing made it {verdict}."
