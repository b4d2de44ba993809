"""The palette, computed: every text of static/css/tokens.css can be read on what it stands on, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
PALETTE = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS)
}
THEMES = ("light", "dark")
LAYERS = ("application", "transport", "network", "link", "physical")
SURFACES = ("page", "card", "well")


def _channel(octet: int) -> float:
    part = octet / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = (_channel(octet) for octet in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    """WCAG 2.2's contrast ratio of two tokens in a theme, 1 to 21."""
    darker, lighter = sorted(_luminance(PALETTE[name][theme]) for name in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layer", LAYERS)
class TestEveryLayer:
    def test_text_on_its_fill_reaches_seven_to_one(self, layer: str, theme: str) -> None:
        assert contrast(f"layer-{layer}", f"layer-{layer}-ink", theme) >= 7

    @pytest.mark.parametrize("surface", ["page", "card"])
    def test_its_colour_as_text_reaches_seven_to_one(self, layer: str, theme: str, surface: str) -> None:
        assert contrast(f"layer-{layer}-text", surface, theme) >= 7

    def test_its_colour_as_text_on_its_pale_fill_reaches_seven_to_one(self, layer: str, theme: str) -> None:
        assert contrast(f"layer-{layer}-text", f"layer-{layer}-soft", theme) >= 7

    def test_plain_text_on_its_pale_fill_reaches_seven_to_one(self, layer: str, theme: str) -> None:
        assert contrast("ink", f"layer-{layer}-soft", theme) >= 7
        assert contrast("quiet", f"layer-{layer}-soft", theme) >= 7

    def test_its_fill_stands_out_from_the_surfaces(self, layer: str, theme: str) -> None:
        assert min(contrast(f"layer-{layer}", surface, theme) for surface in SURFACES) >= 3


@pytest.mark.parametrize("theme", THEMES)
class TestEveryTheme:
    @pytest.mark.parametrize("surface", SURFACES)
    def test_text_reaches_seven_to_one_on_every_surface(self, theme: str, surface: str) -> None:
        assert contrast("ink", surface, theme) >= 7
        assert contrast("quiet", surface, theme) >= 7

    @pytest.mark.parametrize(
        ("text", "behind"),
        [
            ("accent-ink", "accent"),
            ("accent-ink", "accent-hover"),
            ("now-ink", "now"),
            ("good", "good-soft"),
            ("bad", "bad-soft"),
            ("good", "card"),
            ("bad", "card"),
            ("simulated-ink", "simulated"),
        ],
    )
    def test_what_has_to_be_read_reaches_seven_to_one(self, theme: str, text: str, behind: str) -> None:
        assert contrast(text, behind, theme) >= 7

    @pytest.mark.parametrize("line", ["focus", "line-strong", "accent", "now"])
    def test_lines_that_mean_something_reach_three_to_one(self, theme: str, line: str) -> None:
        assert min(contrast(line, surface, theme) for surface in SURFACES) >= 3


def test_every_colour_of_the_tokens_is_in_the_palette() -> None:
    colours = re.findall(r"--([\w-]+):[^;]*#[0-9a-f]{3}", TOKENS)
    assert sorted(colours) == sorted(PALETTE)
    assert len(PALETTE) > 30
