"""The glossary: the words of the subject, each with one plain explanation that is right by the standards."""

from layersviz.core.glossary.around import AROUND
from layersviz.core.glossary.term import Term
from layersviz.core.glossary.transport import TRANSPORT

__all__ = ["TERMS", "Term"]

TERMS: tuple[Term, ...] = (*TRANSPORT, *AROUND)
