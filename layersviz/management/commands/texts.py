"""Brings every language's .po files up to date with the texts in the source; for developers, by `make texts`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from layersviz.management.extraction import DOMAINS, texts_of
from layersviz.web.catalogues import read_texts


class Command(BaseCommand):
    help = "Bring the texts to translate up to date; what nobody says any more goes."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", default="", help="begin this one, too: fr, pt_BR")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        project = Path(settings.BASE_DIR)
        folder = project / "layersviz" / "locale"
        if language:
            _begin(folder, language)
        for domain in DOMAINS:
            texts = texts_of(project, domain)
            for texts_folder in sorted(folder.glob("*/LC_MESSAGES")):
                self.stdout.write(update(texts_folder / f"{domain}.po", texts))


def update(po: Path, texts: Catalog) -> str:
    """Gives one line about what is still to do."""
    catalog = (
        read_texts(po) if po.exists() else Catalog(locale=Locale.parse(po.parent.parent.name), project="layersviz")
    )
    catalog.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    catalog.fuzzy = False
    with po.open("wb") as lines:
        write_po(lines, catalog, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    missing = sum(not all(_texts(message.string)) for message in catalog if message.id)
    return f"{po.parent.parent.name} {po.name}: {len(catalog)} texts, {missing} of them without a translation"


def _begin(folder: Path, language: str) -> None:
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError) as error:
        raise CommandError(f"--language is {language}: it takes a language such as fr or pt_BR.") from error
    (folder / str(locale) / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)


def _texts(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)
