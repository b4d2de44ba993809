"""Who may import whom, in Python and in JavaScript: arrows run one way."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
STANDARD = frozenset(sys.stdlib_module_names)

# A package of ours and what it may import besides itself and the standard library.
MAY_IMPORT = {
    "layersviz.core": {"msgspec"},
    "layersviz.lab": {"layersviz.core"},
    "layersviz.live": {"layersviz.core", "layersviz.lab"},
    "layersviz.dissect": {"layersviz.core", "scapy"},
    "layersviz.capture": {"layersviz.core", "layersviz.dissect", "msgspec", "scapy"},
    "layersviz.files": {"layersviz.core", "msgspec"},
    "layersviz.survey": {"layersviz.core", "layersviz.dissect", "layersviz.files", "msgspec"},
    "layersviz.recordings": {
        *("layersviz.core", "layersviz.dissect", "layersviz.files", "layersviz.rooms", "layersviz.survey"),
        *("django", "msgspec"),
    },
    "layersviz.rooms": {"layersviz.core", "layersviz.capture", "django", "msgspec"},
    "layersviz.web": {
        *("layersviz.core", "layersviz.capture", "layersviz.recordings", "layersviz.rooms", "layersviz.survey"),
        *("asgiref", "babel", "channels", "daphne", "django", "msgspec", "prometheus_client", "psutil", "segno"),
        *("twisted", "whitenoise"),
    },
    "layersviz.management": {
        *("config", "layersviz.core", "layersviz.capture", "layersviz.files", "layersviz.rooms"),
        *("layersviz.live", "layersviz.recordings", "layersviz.survey", "layersviz.web"),
        *("babel", "channels", "django", "msgspec"),
    },
    "layersviz.apps": {"layersviz.web", "django"},
    "layersviz.templatetags": {"layersviz.web", "django"},
    "config": {
        *("layersviz.core", "layersviz.capture", "layersviz.recordings", "layersviz.rooms", "layersviz.web"),
        *("channels", "csp", "dj_database_url", "django"),
    },
}
PYTHON = sorted(file for root in ("layersviz", "config") for file in (PROJECT / root).rglob("*.py"))

# A folder of static/js and what its modules may import. Elements share make.js and do not know each other.
JS = PROJECT / "static" / "js"
JS_MAY_IMPORT = {
    "core": {"core"},
    "drawing": {"core", "drawing"},
    "live": {"core", "live"},
    "elements": {"core", "drawing", "elements/make.js"},
    "main.js": {"core", "drawing", "live", "elements"},
    "facts.js": set(),
    "ports.js": {"core", "elements", "live"},
    "print.js": set(),
    "theme.js": set(),
    "upload.js": {"core"},
}
SCRIPTS = sorted(JS.rglob("*.js"))


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(PROJECT)))
def test_a_module_imports_only_what_its_package_may(file: Path) -> None:
    package = package_of(module_of(file))
    imported = {package_of(name) for name in imports(file)} - STANDARD - {package}
    assert imported <= MAY_IMPORT.get(package, set())


def test_every_package_of_ours_has_its_arrows() -> None:
    assert {package_of(module_of(file)) for file in PYTHON} - {"layersviz"} == set(MAY_IMPORT)


def test_no_arrow_between_packages_runs_back() -> None:
    """By the rules above alone: what is allowed leads downwards, whatever a module makes use of."""
    assert set(in_order(MAY_IMPORT)) >= set(MAY_IMPORT)


def test_no_arrow_between_modules_runs_back() -> None:
    """Wherever in a module an import stands: each has a place above all that it imports."""
    modules = {module_of(file): file for file in PYTHON}
    arrows = {
        module: {found for name in imports(file) if (found := home_of(name, modules)) != module} - {""}
        for module, file in modules.items()
    }
    assert set(in_order(arrows)) == set(modules)


def test_no_arrow_between_scripts_runs_back() -> None:
    arrows = {
        script: {(script.parent / target).resolve() for target in script_imports(script)} - {script}
        for script in SCRIPTS
    }
    assert set(in_order(arrows)) == set(SCRIPTS)


def test_the_core_has_no_clock_socket_thread_or_loop() -> None:
    forbidden = {"asyncio", "datetime", "multiprocessing", "random", "selectors", "socket", "threading", "time"}
    for file in (PROJECT / "layersviz" / "core").rglob("*.py"):
        assert not {name.partition(".")[0] for name in imports(file)} & forbidden, file


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(PROJECT)))
def test_of_a_room_only_its_tables_know_django(file: Path) -> None:
    module = module_of(file)
    tables = ("answers", "apps", "migrations", "models", "register")
    if package_of(module) == "layersviz.rooms" and not module.startswith(
        tuple(f"layersviz.rooms.{each}" for each in tables)
    ):
        assert "django" not in {package_of(name) for name in imports(file)}


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(PROJECT)))
def test_only_the_settings_read_the_environment(file: Path) -> None:
    if file.parent.name != "config":
        assert not re.search(r"\bos\.(environ|getenv)\b", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("layersviz.lab.__main__", {"django", "scapy", "channels", "msgspec"}),
        ("layersviz.lab.network", {"django", "scapy", "channels", "msgspec"}),
        ("layersviz.lab.player", {"django", "scapy", "channels", "msgspec"}),
        ("layersviz.live.watch", {"django", "scapy", "channels", "msgspec"}),
        ("layersviz.dissect", {"django", "channels", "scapy.all"}),
        ("layersviz.rooms.hub", {"django", "channels"}),
    ],
)
def test_what_a_module_brings_along_is_within_its_arrows(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert not unwanted & set(loaded.stdout.split())


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(JS)))
def test_a_script_imports_only_what_its_folder_may(script: Path) -> None:
    here = script.relative_to(JS)
    for target in script_imports(script):
        found = (script.parent / target).resolve().relative_to(JS)
        assert {found.parts[0], str(found)} & JS_MAY_IMPORT[here.parts[0]], f"{here} imports {found}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(JS)))
def test_no_script_puts_data_into_markup_or_makes_code_of_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function)\s*(=[^=]|\()", text)


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def package_of(module: str) -> str:
    """'layersviz.core' of 'layersviz.core.frame'; of others the first part."""
    first, _, rest = module.partition(".")
    return f"{first}.{rest.partition('.')[0]}" if first == "layersviz" and rest else first


def home_of(name: str, modules: Iterable[str]) -> str:
    """Of a name in an import the module of ours that holds it; empty where that is somebody else's."""
    return next((each for each in (name, name.rpartition(".")[0]) if each in modules), "")


def in_order(arrows: dict[Any, set[Any]]) -> Iterator[Any]:
    """Each behind all that it imports; raises CycleError, which names the circle, where that cannot be."""
    return TopologicalSorter(arrows).static_order()


def imports(file: Path) -> Iterator[str]:
    """Every module that the file names in an import, wherever in it that is."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def script_imports(script: Path) -> Iterator[str]:
    """Paths that a script imports or exports from, relative to itself; comments are left out."""
    code = re.sub(r"/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    for match in re.finditer(
        r"""^\s*(?:import\s*\(?|import\s[^;"'()]*\sfrom\s*|export\s*[*{][^;"']*\sfrom\s*)["']([^"']+)["']""",
        code,
        flags=re.MULTILINE,
    ):
        yield match[1]
