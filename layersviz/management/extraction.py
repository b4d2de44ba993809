"""Every text in the source that people read: what translators have to translate.

Knows Python by its syntax tree, templates by Django's own reading of them, JavaScript by its calls alone: their texts
are plain literals in double quotes. (Babel's own reading misses those within other calls and template literals.)
"""

import ast
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

DOMAINS = ("django", "djangojs")
"""What the server says, and what the page's code says by itself."""
_SINGULAR = ("_", "said", "recurring", "gettext", "gettext_lazy", "gettext_noop")
_PLURAL = ("said_many", "ngettext", "ngettext_lazy")
_WITH_CONTEXT = ("pgettext", "pgettext_lazy")
_ROLES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_SINGULAR, ("text",)),
    **dict.fromkeys(_PLURAL, ("text", "many")),
    **dict.fromkeys(_WITH_CONTEXT, ("context", "text")),
}
_LITERAL = r'("(?:[^"\\\n]|\\.)*")'
_JAVASCRIPT = re.compile(rf"(?<![\w.#])(say|sayMany|sayAs)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?")
_IN_TEMPLATES: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
_FILLED = re.compile(r"\{[^}]*\}")
Message = tuple[str | tuple[str, str], str | None]
"""The text, or both of a plural; and its context."""


def texts_of(project: Path, domain: str) -> Catalog:
    """All messages of a domain, without translations."""
    found = Catalog(project="layersviz", charset="utf-8", fuzzy=False)
    for file, (text, context) in sorted(_of_domain(project, domain), key=lambda each: str(each[0])):
        found.add(text, locations=[(file.relative_to(project).as_posix(), 0)], context=context)
    return found


def _of_domain(project: Path, domain: str) -> Iterator[tuple[Path, Message]]:
    if domain == "djangojs":
        for file in (project / "static" / "js").rglob("*.js"):
            yield from ((file, message) for message in in_javascript(file.read_text("utf-8")))
        return
    for folder in ("layersviz", "config"):
        for file in (project / folder).rglob("*.py"):
            yield from ((file, message) for message in in_python(file.read_text("utf-8")))
    for file in (project / "templates").rglob("*.html"):
        yield from ((file, message) for message in in_template(file.read_text("utf-8")))


def in_python(source: str) -> Iterator[Message]:
    """Of each call whose texts are literals; one that is all braces has nothing to translate."""
    for call in ast.walk(ast.parse(source)):
        roles = _ROLES.get(name_of_call(call)) if isinstance(call, ast.Call) else None
        if roles is None or not isinstance(call, ast.Call):
            continue
        parts = dict(zip(roles, map(literal, call.args), strict=False))
        text, many = parts.get("text"), parts.get("many")
        if text and re.search(r"[^\W\d_]", _FILLED.sub("", text)):
            yield (text, many) if many else text, parts.get("context")


def in_template(source: str) -> Iterator[Message]:
    calls = "\n".join(line.strip() for line in templatize(source).splitlines())
    yield from _read("python", calls, _IN_TEMPLATES)


def in_javascript(source: str) -> Iterator[Message]:
    for name, first, second in _JAVASCRIPT.findall(_COMMENT.sub("", source)):
        match name:
            case "sayMany":
                yield (json.loads(first), json.loads(second)), None
            case "sayAs":
                yield json.loads(second), json.loads(first)
            case _:
                yield json.loads(first), None


def _read(method: str, source: str, keywords: dict[str, Any]) -> Iterator[Message]:
    for _line, text, _comments, context in extract(method, BytesIO(source.encode()), keywords=keywords):
        yield (str(text[0]), str(text[1])) if isinstance(text, tuple) else str(text), context


def name_of_call(call: ast.AST) -> str:
    """'said' of `said("...")`; empty of what is no call of a name."""
    called = call.func if isinstance(call, ast.Call) else None
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
