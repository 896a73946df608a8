"""The digest's picture: one bar per key result, its pace marked, its status in word and colour."""

from dataclasses import dataclass
from io import BytesIO

from font_source_sans_pro import SourceSansPro, SourceSansProSemibold
from PIL import Image, ImageDraw, ImageFont

WIDTH = 1060
_ROW = 52
_TOP = 84
_BOTTOM = 50
_BAR = (380, 690)
_BAR_HEIGHT = 24
_INK = "#1f2933"
_PALE = "#52606d"
_TRACK = "#e4e7eb"
COLOURS = {
    "met": "#1b7f4b",
    "on_plan": "#2f9e6e",
    "at_risk": "#c77700",
    "behind": "#c0392b",
    "silent": "#616e7c",
}
"""Never the only sign: the status stands beside the bar as a word."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One key result. Shares are of the target, 0–1; `expected` is where the pace wants it."""

    label: str
    share: float
    expected: float | None
    value: str
    status: str
    status_words: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    legend: str
    bars: tuple[Bar, ...]


def png(chart: Chart) -> bytes:
    """The chart as a PNG of `WIDTH` pixels."""
    height = _TOP + _ROW * len(chart.bars) + _BOTTOM
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    draw.text((28, 22), chart.title, fill=_INK, font=_font(30, strong=True))
    for number, bar in enumerate(chart.bars):
        _draw_bar(draw, bar, _TOP + number * _ROW)
    draw.text((28, height - 40), chart.legend, fill=_PALE, font=_font(19))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_bar(draw: ImageDraw.ImageDraw, bar: Bar, top: int) -> None:
    left, right = _BAR
    middle = top + _ROW // 2
    upper, lower = middle - _BAR_HEIGHT // 2, middle + _BAR_HEIGHT // 2
    draw.text((28, middle), _cut(bar.label, left - 44), fill=_INK, font=_font(22), anchor="lm")
    draw.rounded_rectangle((left, upper, right, lower), 5, fill=_TRACK)
    width = round((right - left) * min(max(bar.share, 0), 1))
    if width:
        draw.rounded_rectangle(
            (left, upper, left + max(width, 8), lower), 5, fill=COLOURS[bar.status]
        )
    if bar.expected is not None:
        at = left + round((right - left) * min(max(bar.expected, 0), 1))
        draw.line((at, upper - 5, at, lower + 5), fill=_INK, width=2)
    draw.text((right + 18, middle), bar.value, fill=_INK, font=_font(22, strong=True), anchor="lm")
    draw.text(
        (right + 150, middle),
        bar.status_words,
        fill=COLOURS[bar.status],
        font=_font(21),
        anchor="lm",
    )


def _cut(words: str, room: int) -> str:
    font = _font(22)
    if font.getlength(words) <= room:
        return words
    while words and font.getlength(words + "…") > room:
        words = words[:-1]
    return words.rstrip() + "…"


def _font(size: int, *, strong: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(SourceSansProSemibold if strong else SourceSansPro, size)
