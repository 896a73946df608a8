"""The digest's picture: one bar per key result, its pace marked, its status in word and colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil
from typing import Self

from font_source_sans_pro import SourceSansPro, SourceSansProSemibold
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageColor import getrgb

from bot.chart import Bar, Chart

WIDTH = 1060
_ROW = 52
_TOP = 84
_BOTTOM = 50
_MARGIN = 28
_LEFT = 380
_LABEL_ROOM = 336
_BAR_HEIGHT = 24
_GAP = 18
_PAPER = "#ffffff"
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
_SHADES, _SHADES_OF_BARS = 24, 4
"""Of each colour. A palette has room for 256."""
_TITLE = ImageFont.truetype(SourceSansProSemibold, 30)
_VALUE = ImageFont.truetype(SourceSansProSemibold, 22)
_LABEL = ImageFont.truetype(SourceSansPro, 22)
_STATUS = ImageFont.truetype(SourceSansPro, 21)
_LEGEND = ImageFont.truetype(SourceSansPro, 19)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where, in pixels from the left, the bars end and the words beside them begin."""

    bar_ends: int
    value: int
    status: int

    @classmethod
    def of(cls, bars: Iterable[Bar]) -> Self:
        """The words take the room they need, and the bars what is left."""
        bars = tuple(bars)
        status = WIDTH - _MARGIN - _widest((bar.status_words for bar in bars), _STATUS)
        value = status - _GAP - _widest((bar.value for bar in bars), _VALUE)
        return cls(value - _GAP, value, status)


def png(chart: Chart) -> bytes:
    """The chart as a PNG of `WIDTH` pixels."""
    height = _TOP + _ROW * len(chart.bars) + _BOTTOM
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((_MARGIN, 22), chart.title, fill=_INK, font=_TITLE)
    columns = Columns.of(chart.bars)
    for number, bar in enumerate(chart.bars):
        _draw_bar(draw, bar, columns, _TOP + number * _ROW)
    draw.text((_MARGIN, height - 40), chart.legend, fill=_PALE, font=_LEGEND)
    out = BytesIO()
    # 39 KB, in a fifth of the time; with all colours there could be it is 90.
    few = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    few.save(out, "PNG", compress_level=1)
    return out.getvalue()


@cache
def _palette() -> Image.Image:
    """Every colour that is drawn with, and the shades of it at the edges of letters and bars."""
    inks = [_INK, _PALE, *COLOURS.values()]
    shades = {shade for ink in inks for shade in _shades(ink, _PAPER, _SHADES)}
    shades |= {shade for ink in (*inks, _PAPER) for shade in _shades(ink, _TRACK, _SHADES_OF_BARS)}
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for shade in sorted(shades) for part in shade])
    return palette


def _shades(ink: str, ground: str, steps: int) -> Iterable[tuple[int, ...]]:
    """From the ground to the ink."""
    ends = zip(getrgb(ground), getrgb(ink), strict=True)
    several = ([a + (b - a) * step // steps for step in range(steps + 1)] for a, b in ends)
    return zip(*several, strict=True)


def _draw_bar(draw: ImageDraw.ImageDraw, bar: Bar, columns: Columns, top: int) -> None:
    left, right = _LEFT, columns.bar_ends
    middle = top + _ROW // 2
    upper, lower = middle - _BAR_HEIGHT // 2, middle + _BAR_HEIGHT // 2
    _write(draw, (_MARGIN, middle), _cut(bar.label), _LABEL, _INK)
    draw.rounded_rectangle((left, upper, right, lower), 5, fill=_TRACK)
    width = round((right - left) * min(max(bar.share, 0), 1))
    if width:
        draw.rounded_rectangle(
            (left, upper, left + max(width, 8), lower), 5, fill=COLOURS[bar.status]
        )
    if bar.expected is not None:
        at = left + round((right - left) * min(max(bar.expected, 0), 1))
        draw.line((at, upper - 5, at, lower + 5), fill=_INK, width=2)
    _write(draw, (columns.value, middle), bar.value, _VALUE, _INK)
    _write(draw, (columns.status, middle), bar.status_words, _STATUS, COLOURS[bar.status])


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    words: str,
    font: ImageFont.FreeTypeFont,
    colour: str,
) -> None:
    draw.text(at, words, fill=colour, font=font, anchor="lm")


def _cut(words: str) -> str:
    if _LABEL.getlength(words) <= _LABEL_ROOM:
        return words
    while words and _LABEL.getlength(words + "…") > _LABEL_ROOM:
        words = words[:-1]
    return words.rstrip() + "…"


def _widest(words: Iterable[str], font: ImageFont.FreeTypeFont) -> int:
    return max((ceil(font.getlength(each)) for each in words), default=0)
