"""The colours of the style sheet: computed contrast, light and dark. Nothing but the tokens holds a colour."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[3] / "inspire_lms/kernel/web/static/look.css").read_text("utf-8")
TEXT, MARK = 4.5, 3.0
"""Least contrast of words and of what carries meaning without words (WCAG 2.2, 1.4.3 and 1.4.11)."""


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", block))


LIGHT = tokens(SHEET[: SHEET.index("@media")])
DARK = LIGHT | tokens(SHEET[SHEET.index("prefers-color-scheme: dark") : SHEET.index("/* 2.")])


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#fff", "#000000") == pytest.approx(21)


WORDS = [
    *((word, ground) for word in ("ink", "soft", "link", "ok", "warn", "bad") for ground in ("paper", "wash")),
    *((word, ground) for word in ("ink", "link", "bad", "soft") for ground in ("bad-wash",)),
    *((word, ground) for word in ("ink", "link", "warn") for ground in ("warn-wash",)),
    ("on-panel", "panel"), ("dim-panel", "panel"), ("light", "panel"), ("on-light", "light"), ("paper", "ink"),
    ("ink", "g1"), ("ink", "g2"), ("on-g3", "g3"),
]  # fmt: skip


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_are_read_on_their_ground(mode, word, ground):
    assert contrast(mode[word], mode[ground]) >= TEXT


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), [("edge", "paper"), ("edge", "wash"), ("mark", "paper"), ("on-light", "light"), ("g3", "paper")])
def test_marks_and_edges_are_seen(mode, mark, ground):
    assert contrast(mode[mark], mode[ground]) >= MARK


def test_the_ring_of_focus_is_seen_on_paper_and_on_the_panel():
    for mode in (LIGHT, DARK):
        for ground in ("paper", "panel"):
            assert max(contrast(mode["light"], mode[ground]), contrast(mode["on-light"], mode[ground])) >= MARK


def test_dark_names_no_token_that_light_does_not_have():
    assert set(DARK) == set(LIGHT)


def test_nothing_but_the_tokens_holds_a_colour():
    rules = SHEET[SHEET.index("/* 2.") : SHEET.index("@media print")]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", rules) == []


def test_nothing_is_loaded_from_elsewhere():
    assert "url(" not in SHEET
    assert "@import" not in SHEET
