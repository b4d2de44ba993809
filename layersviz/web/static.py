"""Static files: named by their content, compressed, and kept by browsers for ever."""

import fcntl
import hashlib
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STAGE = (
    "js/main.js",
    *(f"js/elements/{name}.js" for name in ("lv-controls", "lv-scrubber", "lv-states", "lv-table")),
)
"""What a stage fetches at once: these, and what they import themselves. All else comes when somebody asks for it."""
_IMPORTED = re.compile(r'^(?:(?:import|export) [^"]*from|import) "([^"]+)"', re.MULTILINE)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, which follows JavaScript's imports as well: without that they would name old files."""

    support_js_module_import_aggregation = True


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, answering whole: our files are small, and a file streamed from a thread makes Django warn on ASGI."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        answer = static_file.get_response(request.method, request.META)
        body = b""
        if answer.file is not None:
            with answer.file:
                body = answer.file.read()
        response = HttpResponse(body, status=int(answer.status))
        del response["Content-Type"]
        for name, value in answer.headers:
            response[name] = value
        return response


def stage_modules() -> list[str]:
    """Addresses of the scripts that a stage runs, for a page from which the next click leads to one."""
    return sorted(map(static, _with_imports(_STAGE)))


@cache
def _with_imports(paths: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in found and (file := find(path)) is not None:
            found.add(path)
            imported = _IMPORTED.findall(Path(file).read_text(encoding="utf-8"))
            waiting += [posixpath.normpath(f"{posixpath.dirname(path)}/{each}") for each in imported]
    return frozenset(found)


def collect_if_changed(sources: list[Path], root: Path) -> bool:
    """Bring STATIC_ROOT up to date; where no source has changed since the last time this costs a millisecond."""
    with _alone(root):
        now, kept_in = _fingerprint(sources), root / ".sources"
        if kept_in.exists() and kept_in.read_text(encoding="ascii") == now:
            return False
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
        except ValueError as error:  # so does the storage tell that one file names another that is not there
            raise CommandError(f"The static files don't fit together. {error}") from error
        kept_in.write_text(now, encoding="ascii")
        return True


def _fingerprint(sources: list[Path]) -> str:
    """Of every file's name, size and time of change; and of this module, which says how they are made."""
    files = [Path(__file__), *(file for source in sources for file in sorted(source.rglob("*")))]
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two servers may start at once."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
