"""`manage.py hello`: serves the Hello World page alone, on any port, and says each request in a line.

Needs no database and no lab; core/hello.py makes the answers.
"""

import errno
import re
import socket
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from layersviz.capture.default_interface import default_interface
from layersviz.core.hello import respond

PATIENCE_S = 10
"""How long a client may keep silent, within a request or between two."""

LINGER_S = 1
"""How long what a client still sends is read after the answer, so that no RST overtakes the answer (RFC 9112, 9.6)."""


class Command(BaseCommand):
    help = "Serve the Hello World page alone and print a line for each request."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="0.0.0.0", help="address to listen on (default: all)")
        parser.add_argument("--port", default=80, type=_port, help="port to listen on (default: 80)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        with suppress(KeyboardInterrupt), _listen(host, port, self._say) as server:
            self._greet(host, server.server_address[1])
            server.serve_forever()
        self._say("")  # the shell's prompt goes on a line of its own after ^C

    def _greet(self, host: str, port: int) -> None:
        interface = default_interface()
        if interface:
            self._say(f"The default network interface is {interface.name}: {interface.ip}, MAC {interface.mac}")
        else:
            self._say("No default network interface was found: this machine has no default route.")
        if host in ("0.0.0.0", "::", ""):
            host = interface.ip if interface else "localhost"
        at = f"[{host}]" if ":" in host else host
        self._say(f"Hello World is served at http://{at}:{port}/ - Ctrl-C ends it")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # a pipe shows each request at once, too


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}.")


def _listen(host: str, port: int, say: Callable[[str], None]) -> "_HelloServer":
    """Listen, or say in one sentence why not and what to do."""
    try:
        return _HelloServer(host, port, say)
    except socket.gaierror:
        raise CommandError(
            f"The host {host!r} is unknown: give an address of this machine, such as --host 127.0.0.1, "
            "or leave --host out to listen on all of them."
        ) from None
    except OSError as error:
        raise CommandError(_why_not(error, host, port)) from None


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is in use: end the program that listens there (`lsof -i :{port}` names it) "
                "or take another port, such as --port 6789."
            )
        case errno.EACCES:
            return (
                f"Port {port} is privileged and this process lacks the right to it: "
                "take a port from 1024 up, such as --port 6789, or run the command by sudo."
            )
        case errno.EADDRNOTAVAIL:
            return f"The address {host} is none of this machine's: leave --host out to listen on all that it has."
        case _:
            return f"Port {port} on {host} cannot be opened ({error.strerror}): try another --host or --port."


class _HelloServer(ThreadingTCPServer):
    """One thread for each connection, all of them ending with the program."""

    allow_reuse_address = True  # start again at once while old connections are in TIME-WAIT
    daemon_threads = True
    request_queue_size = 128  # a whole class may press at once

    def __init__(self, host: str, port: int, say: Callable[[str], None]) -> None:
        self.say = say
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family, *_, address = found[0]
        super().__init__(address, _Conversation)  # type: ignore[arg-type] # socketserver's stub knows IPv4 only

    def shutdown_request(self, request: Any) -> None:
        """Close after reading what is still on its way: closing on unread octets would send RST, not FIN."""
        with suppress(OSError):
            request.shutdown(socket.SHUT_WR)
            until = monotonic() + LINGER_S
            while (left_s := until - monotonic()) > 0:
                request.settimeout(left_s)
                if not request.recv(65536):
                    break
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # an OSError: the client has gone away, which is its right
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    """The requests of one connection."""

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.0"  # not 0.9, which would be answered without a status line
    timeout = PATIENCE_S
    server: _HelloServer

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # whatever the method, `respond` knows what to say
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # a body that we don't read would be taken for the next request
        answer = respond(self.command, self.headers.items())
        self.wfile.write(answer.to_http1("close" if self.close_connection else "keep-alive"))
        self.log_request(answer.status)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say the request as the lesson's text has it, and nothing that a terminal could take for a command."""
        now = datetime.now().astimezone().strftime("%m/%d/%Y %H:%M:%S")
        line = re.sub(r"[^\x20-\x7e]", lambda found: f"\\x{ord(found[0]):02x}", self.requestline)
        status = int(code) if isinstance(code, int) else code
        self.server.say(f"[{now}] - {self.client_address[0]}:{self.client_address[1]} - {line} {status}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing else: a refused request has its line, and a silent client has earned none."""
