"""One word of the glossary.

`forms` are the ways in which a text may write the word, parted by '|': each language has its own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """`slug` names the word in addresses, the same in every language; `source` is the document that defines it."""

    slug: str
    word: str
    forms: str
    text: str
    source: str = ""
