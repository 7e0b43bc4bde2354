"""Charts: one layout, drawn as inline SVG and as reportlab shapes from the same marks.

Across a chart is measured in per cent of its width, down in rem (the size of the reader's text), so that
words keep their size at every width. Colours come from the style sheet by class. Labels, titles and values
are given in the reader's language; a chart knows no language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing, Shape
    from reportlab.lib.colors import Color

REM = 10.0
"""Points of one rem on paper."""

INK: Mapping[str, str] = {
    "m": "#2a5a9b", "m2": "#ffffff", "hatch": "#a3bfdf", "spot": "#ffc83d", "ax": "#6f8099", "aim": "#14233c", "dim": "#4b5b74",
}  # fmt: skip
"""Colours on paper by class; on screens they are tokens of look.css."""

HATCH = Markup(
    "<defs><pattern id='hatch' width='7' height='7' patternUnits='userSpaceOnUse' patternTransform='rotate(45)'>"
    "<path class='hatch' d='M0 0V7'/></pattern></defs>"
)

PICTURES: Mapping[str, Markup] = {
    "text": Markup("<text{look} x='{x:.4g}%' y='{y:.4g}rem'>{text}</text>"),
    "line": Markup("<line{look} x1='{x:.4g}%' x2='{x2:.4g}%' y1='{y:.4g}rem' y2='{y2:.4g}rem'/>"),
    "rect": Markup("<rect{look} x='{x:.4g}%' y='{y:.4g}rem' width='{width:.4g}%' height='{height:.4g}rem'/>"),
    "dot": Markup("<circle{look} cx='{x:.4g}%' cy='{y:.4g}rem' r='{height:.4g}rem'>{told}</circle>"),
    "diamond": Markup("<svg x='{x:.4g}%' y='{y:.4g}rem' overflow='visible'><path{look} d='M0-7 7 0 0 7-7 0z'>{told}</path></svg>"),
}

Number = Decimal | float
Printed = tuple[Number, str]
"""A value and the words printed at it."""


@dataclass(frozen=True)
class Mark:
    """One mark: x and width in per cent, y and height in rem; y grows downwards."""

    kind: str
    """rect, line, dot, diamond or text."""
    look: str
    """Classes of the style sheet; the first one chooses the colour on paper."""
    x: float
    y: float
    width: float = 0.0
    """Of a line: how far it goes to the right."""
    height: float = 0.0
    """Of a line: how far it goes down. Of a dot and a diamond: its radius."""
    text: str = ""
    """What a text says, or what is told about a dot."""


@dataclass(frozen=True)
class Strip:
    """Marks of one height that stand under each other in a chart; a label and a value beside them are optional."""

    height: float
    marks: tuple[Mark, ...]
    label: str = ""
    value: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawn chart and the table that says the same."""

    title: str
    sentence: str
    """What the chart shows, in one sentence."""
    strips: tuple[Strip, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    """How to read the marks."""

    def svg(self) -> Markup:
        """Draw the chart for a page, a list of labelled bars or one picture; size, dark mode and print follow the reader."""
        if self.strips and self.strips[0].label:
            return Markup("<ul class='bars'>{}</ul>").format(Markup("").join(map(_bar_row, self.strips)))
        said = Markup("<title>{}</title><desc>{}</desc>").format(self.title, self.sentence or self.title)
        picture = Markup("<svg class='chart' height='{:g}rem' role='img' focusable='false'>{}{}{}</svg>")
        return Markup("").join(picture.format(strip.height, said, _hatch(strip), _all(strip)) for strip in self.strips)


@dataclass(frozen=True)
class Bar:
    """One bar: *value* of *of*, printed as *text*. *before* is an earlier value, drawn hollow beneath."""

    label: str
    value: Number
    of: Number
    text: str
    target: Number | None = None
    before: Number | None = None
    before_text: str = ""


@dataclass(frozen=True)
class Dot:
    """One person on a scale. state: full (within), hollow (below) or open (not settled)."""

    label: str
    value: Number
    state: str = "full"


def _share(value: Number, of: Number) -> float:
    """Per cent of *of*, kept between 0 and 100; 0 when there is nothing to compare with."""
    return float(min(Decimal(100), max(Decimal(0), Decimal(str(value)) * 100 / Decimal(str(of))))) if of else 0.0


def _plain(value: Number | None) -> str:
    return "–" if value is None else f"{Decimal(str(value)).normalize():f}"


def bars(values: Sequence[Bar], *, title: str, sentence: str = "", heads: tuple[str, ...] = (), note: str = "") -> Chart:
    """Lay out horizontal bars under each other, each with its value printed; a target is an upright ink line."""
    strips = []
    for bar in values:
        height = 1.0 if bar.before is None else 1.6
        marks = [Mark("rect", "m", 0, 0, _share(bar.value, bar.of), 1.0)]
        if bar.before is not None:
            marks.append(Mark("rect", "m2", 0, 1.0, _share(bar.before, bar.of), 0.55))
        marks.append(Mark("line", "ax", 0, height, 100, 0))
        if bar.target is not None:
            marks.append(Mark("line", "aim", _share(bar.target, bar.of), 0, 0, height))
        strips.append(Strip(height, tuple(marks), bar.label, bar.text))
    with_target, with_before = (any(getattr(bar, name) is not None for bar in values) for name in ("target", "before"))
    rows = []
    for bar in values:
        before = (bar.before_text or _plain(bar.before),) if with_before else ()
        target = (_plain(bar.target),) if with_target else ()
        rows.append((bar.label, bar.text, *before, *target))
    return Chart(title, sentence, tuple(strips), heads, tuple(rows), note)


def threshold(
    done: Printed, possible: Printed, target: Printed, of: Printed, *,
    title: str, sentence: str, heads: tuple[str, ...] = (), rows: Sequence[tuple[str, ...]] = (), note: str = "",
) -> Chart:
    """Lay out what is reached, what can still be reached (a hatch), and the threshold as an upright ink line.

    Each pair is a value and the words printed at it; *possible* is the most that can be reached, *of* the whole.
    """
    reached, most, aim = (_share(value, of[0]) for value in (done[0], possible[0], target[0]))
    marks = [
        Mark("text", "", 0, 1.1, text=done[1]),
        Mark("rect", "m", 0, 3.0, reached, 1.75),
        Mark("rect", "hatch", reached, 3.0, max(0.0, most - reached), 1.75),
        Mark("line", "ax", 0, 4.75, 100, 0),
        Mark("line", "aim", aim, 2.6, 0, 2.75),
        Mark("text", _anchor(aim), aim, 2.35, text=target[1]),
        Mark("text", "dim", 0, 6.0, text="0"),
        Mark("text", "dim end", 100, 6.0, text=of[1]),
    ]
    if most > reached and possible[1]:
        marks.append(Mark("text", f"dim {_anchor(most)}", most, 7.2, text=possible[1]))
    shown = tuple(rows) or ((done[1],), (possible[1],), (target[1],), (of[1],))
    return Chart(title, sentence, (Strip(7.5, tuple(marks)),), heads, shown, note)


def _anchor(x: float) -> str:
    """Keep a text inside the chart: to the right of its point at the left edge, to the left of it at the right edge."""
    return "" if x < 20 else "end" if x > 72 else "mid"  # noqa: PLR2004 (per cent of the width)


def dots(
    people: Sequence[Dot], *, least: int, most: int, band: int,
    title: str, sentence: str, cut: Printed | None = None, heads: tuple[str, ...] = (), note: str = "",
) -> Chart:
    """Lay out one dot per person, stacked in bands of *band* points from *least* to *most*; *cut* is a line with its words."""
    count = ceil((most - least) / band)
    stacks: list[list[Dot]] = [[] for _ in range(count)]
    for person in sorted(people, key=lambda one: -one.value):
        stacks[min(count - 1, max(0, int((Decimal(str(person.value)) - least) // band)))].append(person)
    floor = 2.4 + 0.94 * max((len(stack) for stack in stacks), default=1)
    marks = [Mark("line", "ax", 0, floor, 100, 0)]
    for at, stack in enumerate(stacks):
        marks += _stack(stack, (at + 0.5) * 100 / count, floor)
    for at in range(0, count + 1, max(1, ceil(count / 6))):
        anchor = "" if at == 0 else "end" if at == count else "mid"
        marks.append(Mark("text", f"dim {anchor}", at * 100 / count, floor + 1.1, text=str(least + at * band)))
    if cut:
        x = _share(Decimal(str(cut[0])) - least, most - least)
        side = ("end", -1.5) if x > 50 else ("", 1.5)  # noqa: PLR2004 (per cent of the width)
        marks += [Mark("line", "aim", x, 0.3, 0, floor), Mark("text", side[0], x + side[1], 1.0, text=cut[1])]
    bands = ((least + at * band, stack) for at, stack in reversed(list(enumerate(stacks))))
    rows = tuple((f"≥ {low}, < {low + band}", str(len(stack))) for low, stack in bands)
    return Chart(title, sentence, (Strip(floor + 1.4, tuple(marks)),), heads, rows, note)


def _stack(people: Sequence[Dot], middle: float, floor: float) -> list[Mark]:
    """Pile up the dots of one band, the lowest value at the bottom, their number on top."""
    marks = []
    for up, person in enumerate(reversed(people)):
        look, kind = {"full": ("m", "dot"), "hollow": ("m2", "dot"), "open": ("spot", "diamond")}[person.state]
        marks.append(Mark(kind, look, middle, floor - 0.66 - 0.94 * up, height=0.34, text=person.label))
    if people:
        marks.append(Mark("text", "mid", middle, floor - 0.5 - 0.94 * len(people), text=str(len(people))))
    return marks


def scale(
    counts: Sequence[int], labels: Sequence[str], *, title: str, sentence: str = "", heads: tuple[str, ...] = (), note: str = ""
) -> Chart:
    """Lay out how many chose each point of a scale: columns side by side, the count above, the point's number below."""
    step, tallest = 100 / len(counts), max([*counts, 1])
    marks = [Mark("line", "ax", 0, 4.5, 100, 0)]
    for at, count in enumerate(counts):
        height = 3.2 * count / tallest
        marks += [
            Mark("rect", "m", at * step + step * 0.18, 4.5 - height, step * 0.64, height),
            Mark("text", "mid", (at + 0.5) * step, 4.2 - height, text=str(count)),
            Mark("text", "dim mid", (at + 0.5) * step, 5.6, text=str(at + 1)),
        ]
    rows = tuple((f"{at}. {label}", str(count)) for at, (label, count) in enumerate(zip(labels, counts, strict=True), start=1))
    return Chart(title, sentence, (Strip(5.9, tuple(marks)),), heads, rows, note)


def _bar_row(strip: Strip) -> Markup:
    row = Markup("<li><span>{}</span><svg height='{:g}rem' aria-hidden='true' focusable='false'>{}</svg><b>{}</b></li>")
    return row.format(strip.label, strip.height, _all(strip), strip.value)


def _hatch(strip: Strip) -> Markup:
    return HATCH if any(mark.look == "hatch" for mark in strip.marks) else Markup("")


def _all(strip: Strip) -> Markup:
    return Markup("").join(map(_drawn, strip.marks))


def _drawn(mark: Mark) -> Markup:
    look = mark.look.strip()
    styled = Markup(" fill='url(#hatch)'") if look == "hatch" else Markup(" class='{}'").format(look) if look else ""
    told = Markup("<title>{}</title>").format(mark.text) if mark.text else ""
    x2, y2 = mark.x + mark.width, mark.y + mark.height
    box = {"x": mark.x, "y": mark.y, "width": mark.width, "height": mark.height, "x2": x2, "y2": y2}
    return PICTURES[mark.kind].format(look=styled, text=mark.text, told=told, **box)


def shapes(chart: Chart, *, width: float, font: str = "Sans") -> "Drawing":
    """Draw *chart* for paper, *width* points wide, from the same marks; *font* must be registered with reportlab.

    Labels stand above their bars and values after them, as on a phone.
    """
    from reportlab.graphics.shapes import Drawing, String  # slow import

    value_width = 6 * REM if any(strip.value for strip in chart.strips) else 0.0
    heights = [(strip.height + (1.8 if strip.label else 0.4)) * REM for strip in chart.strips]
    drawing = Drawing(width, sum(heights))
    top = sum(heights)
    for strip, height in zip(chart.strips, heights, strict=True):
        if strip.label:
            drawing.add(String(0, top - 0.95 * REM, strip.label, fontName=font, fontSize=0.9 * REM, fillColor=_colour("")))
            at: dict[str, Any] = {"x": width, "y": top - 2.0 * REM, "textAnchor": "end"}
            drawing.add(String(text=strip.value, fontName=font, fontSize=0.9 * REM, fillColor=_colour(""), **at))
        floor = top - (1.2 * REM if strip.label else 0.0)
        for mark in strip.marks:
            for shape in _on_paper(mark, floor, (width - value_width) / 100, font):
                drawing.add(shape)
        top -= height
    return drawing


def _colour(look: str) -> "Color":
    from reportlab.lib.colors import HexColor  # slow import

    return HexColor(INK.get(look.split(" ", maxsplit=1)[0], INK["aim"]))


def _on_paper(mark: Mark, top: float, percent: float, font: str) -> "list[Shape]":
    from reportlab.graphics.shapes import Circle, Line, Polygon, Rect, String  # slow import

    x, y, width, height = mark.x * percent, top - mark.y * REM, mark.width * percent, mark.height * REM
    edge = _colour("m") if mark.look == "m2" else _colour("aim") if mark.look == "spot" else None
    filled: dict[str, Any] = {"fillColor": _colour(mark.look), "strokeColor": edge, "strokeWidth": 0.8}
    match mark.kind:
        case "text":
            anchor: Any = {"end": "end", "mid": "middle"}.get(mark.look.rsplit(" ", maxsplit=1)[-1], "start")
            return [String(x, y, mark.text, fontName=font, fontSize=0.8 * REM, fillColor=_colour(mark.look), textAnchor=anchor)]
        case "line":
            return [Line(x, y, x + width, y - height, strokeColor=_colour(mark.look), strokeWidth=1.5 if mark.look == "aim" else 0.7)]
        case "rect":
            return [Rect(x, y - height, width, height, **filled)] if width and height else []
        case "dot":
            return [Circle(x, y, height, **filled)]
        case _:
            return [Polygon([x, y - height, x + height, y, x, y + height, x - height, y], **filled)]
