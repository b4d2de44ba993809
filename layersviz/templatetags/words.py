"""What templates need to speak the reader's language, beside Django's own tags."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from layersviz.web import script_texts
from layersviz.web.glossed import Linker

register = template.Library()


@register.simple_tag
def script_texts_address() -> str:
    """Where this page's scripts find their words; empty where they need none, because the page is in English."""
    return script_texts.address_of(get_language() or "")


@register.simple_tag
def languages_by_their_own_names() -> list[tuple[str, str]]:
    """Code and name of each ('de', 'Deutsch'): Django's own tag gives the names in the reader's language."""
    return list(settings.LANGUAGES)


@register.filter
def glossed(text: str) -> SafeString:
    """The text as markup: the glossary's words in it are links."""
    return Linker().linked(str(text))
