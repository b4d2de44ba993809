"""Which languages there are: English, in which the program is written, and each that has a folder of texts."""

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language


def languages(folder: Path) -> list[tuple[str, str]]:
    """Django's LANGUAGES: each code, and what its speakers call it ('de', 'Deutsch'), which may be the code again."""
    codes = sorted(to_language(path.parent.name) for path in folder.glob("*/LC_MESSAGES") if any(path.glob("*.po")))
    return [("en", "English"), *((code, _name(code)) for code in codes if code != "en")]


def _name(code: str) -> str:
    known = LANG_INFO.get(code) or {}
    name = str(known.get("name_local") or code)
    return name[:1].upper() + name[1:]
