"""Codes in addresses and as people type them."""

import re

from layersviz.rooms.models import ALPHABET, CODE_LENGTH


class CodeConverter:
    """In an address: in capitals or not; the view gets capitals. What can't be a code is not matched."""

    regex = rf"[{ALPHABET}{ALPHABET[:-8].lower()}]{{{CODE_LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value.upper()


def read_code(text: str) -> str:
    """What somebody typed, with blanks and dashes in it or not, as a code; empty where it can't be one."""
    code = re.sub(r"[\s\-–_.]+", "", text).upper()
    return code if re.fullmatch(CodeConverter.regex, code) else ""
