"""How others reach this server: what a student types, or a phone reads from the QR code."""

import io

import msgspec
import segno
from django.http import HttpRequest
from django.urls import reverse

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """`public_url` where the operator says so; `network_address` is this machine's, where the network is let in."""

    public_url: str = ""
    network_address: str = ""

    def base(self, request: HttpRequest) -> str:
        """Such as http://192.168.1.5:8000: what the reader's own address bar has, unless only this machine knows it."""
        if self.public_url:
            return self.public_url
        name, port = _parts(request.get_host())
        if name in _LOOPBACK and self.network_address:
            return f"{request.scheme}://{self.network_address}{port}"
        return f"{request.scheme}://{request.get_host()}"

    def is_reachable(self, request: HttpRequest) -> bool:
        """False where the address leads nowhere but to this machine itself."""
        return _parts(self.base(request).partition("://")[2])[0] not in _LOOPBACK

    def short(self, request: HttpRequest, code: str) -> str:
        """What a student types."""
        return f"{self.base(request)}/{code}"

    def hello(self, request: HttpRequest) -> str:
        return self.base(request) + reverse("hello")


def qr_code(text: str) -> bytes:
    """An SVG file with a quiet zone (ISO/IEC 18004), dark on light in both themes, of the size that it is given."""
    file = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(file, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, title=text, xmldecl=False)
    return file.getvalue()


def _parts(host: str) -> tuple[str, str]:
    """'[::1]:8000' as ('[::1]', ':8000')."""
    name, colon, port = host.rpartition(":")
    return (name, colon + port) if colon and port.isdigit() else (host, "")
