"""A message to browsers as JSON, in each of the languages that pages are in."""

import msgspec

from layersviz.rooms.messages.from_server import LookoutMessage, ServerMessage

Texts = dict[str, str]
"""One message to browsers, as JSON in each language that somebody reads."""

Tongues = dict[str, msgspec.json.Encoder]
"""For each language what makes JSON of a message in it; the first is the one that is always told."""


def in_all(tongues: Tongues, message: ServerMessage | LookoutMessage) -> Texts:
    return {language: tongue.encode(message).decode() for language, tongue in tongues.items()}


def in_or_else(texts: Texts, language: str) -> str:
    """The text in that language; in the first where there is none."""
    return texts.get(language) or next(iter(texts.values()))
