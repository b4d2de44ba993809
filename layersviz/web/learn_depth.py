"""How deep a reader of /learn/ wants to go: the address says it, so that it is kept from page to page."""

from enum import Enum

from django.http import HttpRequest

from layersviz.core.said import said
from layersviz.recordings.lessons.pages.page import Sentence


class Depth(Enum):
    """For a beginner, or as the standards have it."""

    PLAIN = "plain"
    PRECISE = "precise"

    @property
    def asked(self) -> dict[str, str | int]:
        """What an address says of it: nothing of the usual one."""
        return {} if self is Depth.PLAIN else {"depth": self.value}

    @property
    def query(self) -> str:
        return "" if self is Depth.PLAIN else f"?depth={self.value}"

    @property
    def name_of(self) -> str:
        return said("For beginners") if self is Depth.PLAIN else said("Precise")

    def of(self, sentence: Sentence) -> str:
        return sentence.plain if self is Depth.PLAIN else sentence.precise


PLAIN = Depth.PLAIN


def depth_of(request: HttpRequest) -> Depth:
    """What is no depth counts as not asked for."""
    return Depth.PRECISE if request.GET.get("depth") == Depth.PRECISE.value else Depth.PLAIN
