"""Writes static/js/core/messages.js: every message as a JSDoc type, every enumeration as a frozen constant.

Knows the messages only through their Python types, so that the two can't differ.
"""

import dataclasses
import enum
import inspect
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from django.core.management.base import BaseCommand, CommandError

from layersviz.rooms.messages.from_browser import BrowserMessage, LookerMessage
from layersviz.rooms.messages.from_server import CloseCode, LookoutMessage, ServerMessage

PATH = Path(__file__).resolve().parents[3] / "static" / "js" / "core" / "messages.js"
HEADER = """// Every message between server and browser.
// Generated from layersviz/rooms/messages/ by "manage.py typedefs": change it there.
"""
UNIONS = {
    "ServerMessage": ServerMessage,
    "BrowserMessage": BrowserMessage,
    "LookoutMessage": LookoutMessage,
    "LookerMessage": LookerMessage,
}
PRIMITIVES = {int: "number", float: "number", str: "string", bool: "boolean", type(None): "null"}


class Command(BaseCommand):
    help = "Write the browser's types and constants from the server's messages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        text = javascript()
        if options["check"]:
            if not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
                raise CommandError(f"{PATH.name} is not what the messages say: run manage.py typedefs.")
        else:
            PATH.write_text(text, encoding="utf-8")


def javascript() -> str:
    """The whole module."""
    types = list(_reachable(list(UNIONS.values())))
    enumerations = [each for each in types if issubclass(each, enum.Enum)] + [CloseCode]
    structures = [each for each in types if not issubclass(each, enum.Enum)]
    optional = set(get_args(BrowserMessage))
    return "\n".join(
        [
            HEADER,
            *(_constant(each) for each in enumerations),
            *(_typedef(each, may_be_left_out=each in optional) for each in structures),
            *(f"/** @typedef {{{_union(union)}}} {name} */\n" for name, union in UNIONS.items()),
        ]
    )


def _reachable(roots: list[Any]) -> Iterator[type]:
    """Every structure and enumeration that the roots hold, each once, in the order in which they are met."""
    seen: dict[type, None] = {}
    waiting = list(roots)
    while waiting:
        found = waiting.pop(0)
        if get_origin(found) is Annotated:
            waiting.insert(0, _meant(found))
        elif args := get_args(found):
            waiting[:0] = [each for each in args if not isinstance(each, str | int)]
        elif isinstance(found, type) and found not in seen and _is_named(found):
            seen[found] = None
            waiting.extend(_hints(found).values())
    yield from seen


def _is_named(found: type) -> bool:
    return issubclass(found, enum.Enum | msgspec.Struct) or dataclasses.is_dataclass(found)


def _hints(structure: type) -> dict[str, Any]:
    if issubclass(structure, enum.Enum):
        return {}
    return get_type_hints(structure, include_extras=True)


def _meant(annotated: Any) -> Any:
    """What `Annotated[...]` stands for: raw JSON says beside it what it holds, a number keeps its own type."""
    kept, *notes = get_args(annotated)
    return notes[0] if kept is msgspec.Raw else kept


def _constant(enumeration: type[enum.Enum]) -> str:
    values = [(member.name, msgspec.json.encode(member.value).decode()) for member in enumeration]
    members = "\n".join(f"  {name}: {value}," for name, value in values)
    union = " | ".join(value for _, value in values)
    name = enumeration.__name__
    return (
        f"/** @typedef {{{union}}} {name} */\n\n"
        f"/** {_summary(enumeration)} */\nexport const {name} = Object.freeze({{\n{members}\n}});\n"
    )


def _typedef(structure: type, *, may_be_left_out: bool) -> str:
    lines = [f" * {_summary(structure)}"] if _summary(structure) else []
    lines.append(f" * @typedef {{object}} {structure.__name__}")
    if issubclass(structure, msgspec.Struct) and structure.__struct_config__.tag is not None:
        lines.append(f' * @property {{"{structure.__struct_config__.tag}"}} kind')
    with_default = _with_default(structure) if may_be_left_out else set()
    for name, hint in _hints(structure).items():
        lines.append(f" * @property {{{_type(hint)}}} {f'[{name}]' if name in with_default else name}")
    body = "\n".join(lines)
    return f"/**\n{body}\n */\n"


def _with_default(structure: type) -> set[str]:
    return {field.name for field in msgspec.structs.fields(structure) if not field.required}


def _summary(found: type) -> str:
    """The docstring's first paragraph on one line; nothing where the class has none of its own."""
    written = found.__dict__.get("__doc__") or ""
    generated = dataclasses.is_dataclass(found) and written.startswith(f"{found.__name__}(")
    return "" if generated else " ".join(inspect.cleandoc(written).partition("\n\n")[0].split())


def _type(hint: Any) -> str:
    if hint in PRIMITIVES:
        return PRIMITIVES[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(_meant(hint))
    if origin is Literal:
        return " | ".join(str(value) for value in args)
    if origin is tuple:
        return f"{_type(args[0])}[]"
    if args:
        return _union(hint)
    return str(hint.__name__)


def _union(hint: Any) -> str:
    return " | ".join(_type(each) for each in get_args(hint))
