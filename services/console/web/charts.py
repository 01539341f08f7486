"""Charts as SVG, drawn here: no script, no inline style, every one with a title, its numbers as text beside it.

Shapes carry classes (static/figures.css gives them colour, also in print and on the wall); sizes are in user units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

ROW, LABEL, VALUE = 26, 150, 66
WIDTH, HEIGHT = 720, 230
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 14, 28
TICKS = 4
TICK_LABELS_MAX = 12
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
ROUND_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """`tone`: a class of the style, where a bar has to stand out; `href`: the list behind it."""

    label: str
    value: float
    said: str
    href: str | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    tone: str
    values: Sequence[int]


def bars(
    title: str, items: Sequence[Bar], *, most: float | None = None, width: int = 520, label: int = LABEL
) -> Markup:
    """Horizontal, one below the other, each with its label and its number; as long as its share of `most`."""
    whole = most if most is not None else max((one.value for one in items), default=0)
    share = (width - label - VALUE) / whole if whole else 0
    drawn = [_bar(one, number * ROW, one.value * share, label) for number, one in enumerate(items)]
    return _svg(title, width, max(1, len(items)) * ROW, "bars", drawn)


def _bar(one: Bar, y: int, length: float, left: int) -> str:
    whole, place = f"{escape(one.label)} {escape(one.said)}", f'x="{left}" y="{y + 5}"'
    inner = (
        f'<text class="label" x="{left - 8}" y="{y + 17}" text-anchor="end">{escape(_short(one.label))}</text>'
        f'<rect class="beam {escape(one.tone)}" {place} width="{max(length, 1):.1f}" height="{ROW - 10}">'
        f"<title>{whole}</title></rect>"
        f'<text class="value" x="{left + length + 6:.1f}" y="{y + 17}">{escape(one.said)}</text>'
    )
    return (
        f'<a href="{escape(one.href)}" aria-label="{escape(one.label)} {escape(one.said)}">{inner}</a>'
        if one.href
        else inner
    )


def _short(label: str, most: int = 11) -> str:
    """As much as fits; a Latin letter is half as wide as a Chinese character. The whole name is in the title."""
    room, kept = 2 * most, ""
    for letter in label:
        room -= 1 if ord(letter) < 0x2E80 else 2
        if room < 0:
            return f"{kept}…"
        kept += letter
    return kept


def lines(title: str, labels: Sequence[str], series: Sequence[Series], *, width: int = WIDTH) -> Markup:
    """Several series over the same steps of time; a different dash for each, so that colour alone says nothing."""
    top = round_up(max((value for one in series for value in one.values), default=0))
    xs = [_at(number, len(labels), width) for number in range(len(labels))]

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

    drawn: list[str] = []
    for number in range(TICKS + 1):
        value = top * number / TICKS
        drawn.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{width - RIGHT}"/>')
        drawn.append(f'<text class="tick" x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    every = max(1, -(-len(labels) // TICK_LABELS_MAX))
    for number in range(0, len(labels), every):
        place = f'x="{xs[number]:.1f}" y="{HEIGHT - 8}"'
        drawn.append(f'<text class="tick" {place} text-anchor="middle">{escape(labels[number])}</text>')
    for one in series:
        points = [f"{x:.1f} {y(value):.1f}" for x, value in zip(xs, one.values, strict=True)]
        if len(points) == 1:
            x, at = points[0].split()
            drawn.append(f'<circle class="dot {escape(one.tone)}" cx="{x}" cy="{at}" r="3.5"/>')
        elif points:
            path = f'<path class="line {escape(one.tone)}" d="M{"L".join(points)}">'
            drawn.append(f"{path}<title>{escape(one.name)}</title></path>")
    return _svg(title, width, HEIGHT, "lines", drawn)


def sparkline(title: str, values: Sequence[int]) -> Markup:
    """A shape of the last steps, for beside a number. Nothing to draw of fewer than two."""
    if len(values) < 2:
        return Markup("")
    top = max(values) or 1
    step = SPARK_WIDTH / (len(values) - 1)
    points = [
        f"{number * step:.1f} {(SPARK_HEIGHT - 3) * (1 - value / top) + 1.5:.1f}" for number, value in enumerate(values)
    ]
    return _svg(title, SPARK_WIDTH, SPARK_HEIGHT, "spark", [f'<path class="line" d="M{"L".join(points)}"/>'])


def heat_of(percent: float | None) -> str:
    """Which of the shades a cell of a heat table has: `none`, then 0 (worst) to 4; the number stands in the cell."""
    if percent is None:
        return "none"
    return str(sum(percent >= least for least in (70, 85, 95, 100)))


def _at(number: int, many: int, width: int) -> float:
    space = width - LEFT - RIGHT
    return LEFT + (space / 2 if many == 1 else space * number / (many - 1))


def round_up(most: int) -> int:
    """Four equal steps of a round whole number: the least that reach it."""
    needed = max(1, -(-most // TICKS))
    scale = 10 ** (len(str(needed)) - 1)
    return TICKS * next(step * scale for step in ROUND_STEPS if step * scale >= needed)


def _svg(title: str, width: float, height: float, kind: str, drawn: Sequence[str]) -> Markup:
    """`role=img` would hide the links of bars from screen readers; a chart without links is one picture."""
    role = "group" if any(one.startswith("<a") for one in drawn) else "img"
    return Markup(  # noqa: S704 - every text in it was escaped above
        f'<svg class="chart {kind}" role="{role}" aria-label="{escape(title)}" viewBox="0 0 {width:g} {height:g}"'
        f' xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )
