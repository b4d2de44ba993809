"""What each packet of PPPoE's discovery does (RFC 2516 section 5); knows its code, its session and its tags."""

from collections.abc import Iterable

from layersviz.core.header import Header
from layersviz.core.said import said
from layersviz.core.story.words import name_of, shown

DISCOVERY = "PPPoE discovery"
_OFFER, _INITIATION, _REQUEST, _CONFIRMATION, _END = 0x07, 0x09, 0x19, 0x65, 0xA7
_CLAUSES = {
    _INITIATION: said("asks for an access concentrator"),
    _OFFER: said("offers itself as access concentrator"),
    _REQUEST: said("asks the access concentrator for a session"),
    _CONFIRMATION: said("confirms the session"),
    _END: said("ends the session"),
}
_CONCENTRATOR = "Access concentrator's name"


def discovery_clause(header: Header) -> str:
    """What the sender does, behind 'the client'."""
    if _is_refusal(header):
        return said("refuses the session")
    return _CLAUSES.get(header.number("pppoe.code"), said("sends a frame"))


def discovery_sentence(header: Header, headers: Iterable[Header]) -> str:
    """One sentence with the code's own name; `headers` are the frame's, its tags among them."""
    named = _concentrator(headers)
    session = shown(header, "pppoe.session_id")
    match header.number("pppoe.code"):
        case 0x09:
            return said("PPPoE asks everyone on the link: which access concentrator can connect me? (PADI)")
        case 0x07:
            return said("The access concentrator{named} has heard the question and offers itself (PADO).", named=named)
        case 0x19:
            return said(
                "The host has chosen: it asks the access concentrator{named} for a session (PADR).", named=named
            )
        case 0x65 if _is_refusal(header):
            return said("The access concentrator{named} refuses: session 0 is none (PADS).", named=named)
        case 0x65:
            return said(
                "The access concentrator{named} confirms: this connection is session {session} from now on (PADS).",
                named=named,
                session=session,
            )
        case 0xA7:
            return said("Session {session} ends here: nothing more may be sent in it (PADT).", session=session)
    return said("PPPoE discovery: {code}.", code=name_of(shown(header, "pppoe.code")))


def _is_refusal(header: Header) -> bool:
    """A concentrator that can't serve answers with session 0 (RFC 2516 section 5.4)."""
    is_confirmation = header.number("pppoe.code") == _CONFIRMATION
    return is_confirmation and header.field("pppoe.session_id") is not None and not header.number("pppoe.session_id")


def _concentrator(headers: Iterable[Header]) -> str:
    """' BRAS', or nothing where no tag names it."""
    for header in headers:
        for field in header.fields:
            if field.name == "pppoed.tag.value" and field.label == _CONCENTRATOR:
                return f" {field.text}"
    return ""
