"""The digest's picture: what stands beside a bar has the room that it needs."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageDraw
from PIL.ImageColor import getrgb

from bot import picture
from bot.chart import Bar, Chart
from bot.picture import WIDTH, Columns

SHORT = Bar("S4  Workshoppar", 0.25, 0.45, "1 av 4", "at_risk", "risk")
LONG = Bar(
    "M2  Konverteringsgrad", 1, 1, "−12,5 % (mål +20 %)", "silent", "inga aktuella rapporter"
)
MONEY = Bar("I1  Investeringsvärde", 0.5, None, "1 250 mkr av 2 500 mkr", "met", "uppnått")


def ink(words: str, at: int, font) -> tuple[int, int]:
    """From and to which pixel these words reach."""
    image = Image.new("L", (WIDTH * 2, 60), 255)
    ImageDraw.Draw(image).text((at, 30), words, fill=0, font=font, anchor="lm")
    left, _, right, _ = ImageChops.invert(image).getbbox()
    return left, right


@pytest.mark.parametrize("bars", [(SHORT,), (SHORT, LONG), (MONEY, SHORT), (MONEY, LONG)])
def test_no_words_run_into_others_or_out_of_the_picture(bars):
    columns = Columns.of(bars)
    values = [ink(bar.value, columns.value, picture._VALUE) for bar in bars]
    statuses = [ink(bar.status_words, columns.status, picture._STATUS) for bar in bars]
    assert min(left for left, _ in values) > columns.bar_ends
    assert max(right for _, right in values) < min(left for left, _ in statuses)
    assert max(right for _, right in statuses) < WIDTH


def test_words_that_need_much_room_leave_a_bar_that_can_be_read():
    assert Columns.of((MONEY, LONG)).bar_ends - picture._LEFT > 120
    assert Columns.of((SHORT,)).bar_ends > Columns.of((SHORT, LONG)).bar_ends


def test_the_few_colours_of_the_file_are_those_it_is_drawn_with(monkeypatch):
    bars = tuple(
        Bar("S4  Workshoppar", 0.6, 0.8, "1 av 4", status, status) for status in picture.COLOURS
    )
    chart = Chart("Planen, vecka 47", "Strecket: där vi borde vara nu.", bars)
    shown = opened(picture.png(chart))
    monkeypatch.setattr(Image.Image, "quantize", lambda image, **_: image)
    drawn = opened(picture.png(chart))
    darkest = [most for _least, most in ImageChops.difference(drawn, shown).getextrema()]
    assert max(darkest) < 12  # of 255: nobody sees that
    assert set(map(getrgb, picture.COLOURS.values())) <= {c for _, c in shown.getcolors()}


def opened(file: bytes) -> Image.Image:
    return Image.open(BytesIO(file)).convert("RGB")
