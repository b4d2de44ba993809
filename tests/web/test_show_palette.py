"""The projector's colours, computed: what is read reaches 7:1 in both themes, and what means something can be seen."""

import re
from pathlib import Path

import pytest

from tests.web.test_palette import LAYERS, PALETTE, THEMES, _luminance

SHEET = (Path(__file__).resolve().parents[2] / "static/css/show.css").read_text(encoding="utf-8")
STRONGER = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", SHEET)
}
SHOWN = {**PALETTE, **STRONGER}
SURFACES = ("page", "card", "well")
READ = 7


def contrast(one: str, other: str, theme: str) -> float:
    darker, lighter = sorted(_luminance(SHOWN[name][theme]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_projector_has_colours_of_its_own_and_each_is_a_token() -> None:
    assert len(STRONGER) > 10
    assert set(STRONGER) <= set(PALETTE)
    assert len(re.findall(r"--[\w-]+:[^;]*#[0-9a-f]{3}", SHEET)) == len(STRONGER)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", SURFACES)
def test_text_on_every_surface_is_stronger_than_seven_to_one(theme: str, surface: str) -> None:
    assert min(contrast("ink", surface, theme), contrast("quiet", surface, theme)) >= 10


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_read_in_a_layer_reaches_seven_to_one(theme: str, layer: str) -> None:
    assert contrast(f"layer-{layer}", f"layer-{layer}-ink", theme) >= READ
    for surface in ("page", "card", f"layer-{layer}-soft"):
        assert contrast(f"layer-{layer}-text", surface, theme) >= READ
        assert contrast("quiet", surface, theme) >= READ


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "behind"),
    [
        ("now-ink", "now"),
        ("good", "good-soft"),
        ("good", "card"),
        ("bad", "bad-soft"),
        ("bad", "card"),
        ("simulated-ink", "simulated"),
    ],
)
def test_what_stands_on_a_mark_reaches_seven_to_one(theme: str, text: str, behind: str) -> None:
    assert contrast(text, behind, theme) >= READ


@pytest.mark.parametrize("theme", THEMES)
def test_lines_that_mean_something_reach_four_and_a_half_and_borders_two_and_a_half(theme: str) -> None:
    assert min(contrast("line-strong", surface, theme) for surface in SURFACES) >= 4.5
    assert min(contrast("line", surface, theme) for surface in ("page", "card")) >= 2.5
