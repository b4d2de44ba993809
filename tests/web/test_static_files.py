import os
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError
from django.test import Client
from pytest_django.fixtures import Settings

from layersviz.web.static import collect_if_changed, stage_modules


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """main.js imports part.js, and part.js speaks of main.js in a comment's types."""
    folder = tmp_path / "sources" / "js"
    folder.mkdir(parents=True)
    (folder / "main.js").write_text('import { part } from "./part.js";\npart();\n' + "// filler\n" * 200)
    (folder / "part.js").write_text('/** @typedef {import("./types.js").Kind} Kind */\nexport function part() {}\n')
    (folder / "types.js").write_text("/** @typedef {string} Kind */\nexport {};\n")
    return tmp_path / "sources"


@pytest.fixture
def root(settings: Settings, sources: Path, tmp_path: Path) -> Path:
    """The project's own storage, on these sources."""
    hashed = {"BACKEND": "layersviz.web.static.HashedStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    settings.STATICFILES_DIRS = [sources]
    settings.STATIC_ROOT = tmp_path / "root"
    return tmp_path / "root"


def test_files_are_collected_once_and_again_when_a_source_has_changed(sources: Path, root: Path) -> None:
    assert collect_if_changed([sources], root)
    assert not collect_if_changed([sources], root)
    first = staticfiles_storage.url("js/part.js")
    (sources / "js" / "part.js").write_text("export function part() { return 2; }\n")
    assert collect_if_changed([sources], root)
    assert staticfiles_storage.url("js/part.js") != first


def test_a_changed_module_renames_the_modules_that_import_it(sources: Path, root: Path) -> None:
    collect_if_changed([sources], root)
    first = staticfiles_storage.url("js/main.js")
    (sources / "js" / "part.js").write_text("export function part() { return 2; }\n")
    collect_if_changed([sources], root)
    assert staticfiles_storage.url("js/main.js") != first
    imported = Path(staticfiles_storage.url("js/part.js")).name
    assert imported in (root / "js" / Path(staticfiles_storage.url("js/main.js")).name).read_text()


def test_an_import_of_what_is_not_there_is_one_clear_error(sources: Path, root: Path) -> None:
    (sources / "js" / "main.js").write_text('import { x } from "./missing.js";\n')
    with pytest.raises(CommandError, match=r"The static files don't fit together.*missing.js"):
        collect_if_changed([sources], root)


def test_a_hashed_file_is_compressed_and_kept_for_ever(client: Client, sources: Path, root: Path) -> None:
    collect_if_changed([sources], root)
    response = client.get(staticfiles_storage.url("js/main.js"), headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert not response.streaming


def test_a_file_by_its_plain_name_is_kept_for_a_minute_only(client: Client, sources: Path, root: Path) -> None:
    collect_if_changed([sources], root)
    assert client.get("/static/js/main.js").headers["Cache-Control"] == "max-age=60, public"


def test_an_unchanged_file_is_not_sent_again(client: Client, sources: Path, root: Path) -> None:
    collect_if_changed([sources], root)
    etag = client.get("/static/js/main.js").headers["ETag"]
    assert client.get("/static/js/main.js", headers={"if-none-match": etag}).status_code == 304


def test_two_servers_that_start_at_once_share_the_work(sources: Path, root: Path) -> None:
    collect_if_changed([sources], root)
    os.utime(sources / "js" / "main.js", (1, 1))
    assert [collect_if_changed([sources], root) for _ in range(2)] == [True, False]


def test_a_page_before_a_stage_names_what_a_stage_fetches_at_once_and_nothing_that_comes_when_it_is_asked_for() -> None:
    modules = {path.partition("js/")[2] for path in stage_modules()}
    assert {"main.js", "core/motion.js", "live/player.js", "elements/lv-stack.js", "elements/lv-table.js"} <= modules
    assert not {"elements/lv-faults.js", "elements/lv-inspector.js", "core/beside.js", "core/messages.js"} & modules
