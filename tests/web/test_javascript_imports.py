"""The arrows between the folders of static/js: elements and live -> core, main -> all, no element to another."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "static/js"
MODULES = sorted(path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.js"))
MAY_IMPORT = {
    "core": ("core/",),
    "drawing": ("core/", "drawing/"),
    "elements": ("core/", "drawing/", "elements/make.js"),
    "live": ("core/", "live/"),
    "": ("core/", "elements/", "live/"),
}


def imports_of(module: str) -> list[str]:
    text = (SOURCES / module).read_text(encoding="utf-8")
    names = re.findall(r'^import\s+(?:[^;"]*?\bfrom\s+)?"([^"]+)";', text, re.MULTILINE)
    code = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    later = re.findall(r"\bimport\(\"([^\"]+)\"\)", code)
    assert len(later) == code.count("import(")
    assert module == "main.js" or not later
    return [(SOURCES / module).parent.joinpath(name).resolve().relative_to(SOURCES).as_posix() for name in names]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_folder_may(module: str) -> None:
    folder = module.rpartition("/")[0]
    assert [name for name in imports_of(module) if not name.startswith(MAY_IMPORT[folder])] == []


def test_the_imports_are_found_at_all() -> None:
    assert "core/scene.js" in imports_of("live/player.js")
    assert "elements/lv-stack.js" in imports_of("main.js")


def test_no_module_writes_markup() -> None:
    writes = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write\b|DOMParser")
    assert [module for module in MODULES if writes.search((SOURCES / module).read_text(encoding="utf-8"))] == []


def test_what_main_only_reaches_through_others_is_preloaded() -> None:
    """Without that a browser finds it late, one import after the other; what is listed and gone breaks the page."""
    base = (SOURCES.parents[1] / "templates/base.html").read_text(encoding="utf-8")
    listed = re.findall(r"rel=\"modulepreload\" href=\"\{% static 'js/([^']+)' %\}\"", base)
    below = reached_from("main.js") - set(imports_of("main.js")) - {"main.js"}
    assert sorted(listed) == sorted(below)


def reached_from(module: str) -> set[str]:
    found, left = {module}, [module]
    while left:
        new = set(imports_of(left.pop())) - found
        found |= new
        left += new
    return found
