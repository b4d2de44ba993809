"""Translations: each language's texts (.po) compiled for the program (.mo) when they have changed.

Knows where the files are, not what is in them or who reads them.
"""

import os
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.core.management import CommandError


def compile_if_changed(source: Path, root: Path) -> list[Path]:
    """Each `<language>/LC_MESSAGES/*.po` below `source` becomes a .mo below `root`; says which ones were made.

    A .mo has its .po's time of change, so that an older text that comes back is noticed, too. Raises CommandError
    where a .po can't be read.
    """
    pairs = [(po, root / po.relative_to(source).with_suffix(".mo")) for po in sorted(source.glob("*/LC_MESSAGES/*.po"))]
    changed = [(po, mo) for po, mo in pairs if not mo.exists() or mo.stat().st_mtime_ns != po.stat().st_mtime_ns]
    for po, mo in changed:
        _compile(po, mo)
    return [mo for _, mo in changed]


def read_texts(po: Path) -> Catalog:
    """A language's texts, as Babel holds them. Raises CommandError where the file is damaged."""
    try:
        with po.open("rb") as lines:
            return read_po(lines, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise CommandError(f"The translations in {po} can't be read: {error}.") from error


def _compile(po: Path, mo: Path) -> None:
    """Whole or not at all: another server may read the file, or make it, at the same moment."""
    time_ns, made = po.stat().st_mtime_ns, BytesIO()
    write_mo(made, read_texts(po))
    mo.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=mo.parent, delete=False) as new:
        new.write(made.getvalue())
    os.utime(new.name, ns=(time_ns, time_ns))
    Path(new.name).replace(mo)
