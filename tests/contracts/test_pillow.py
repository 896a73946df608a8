"""What we rely on for the digest's picture."""

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont


def drawn(font: ImageFont.FreeTypeFont, words: str) -> bytes:
    image = Image.new("L", (60, 60))
    ImageDraw.Draw(image).text((5, 5), words, 255, font)
    return image.tobytes()


def test_the_font_has_the_letters_that_swedish_has():
    font = ImageFont.truetype(font_source_sans_pro.SourceSansPro, 30)
    missing = drawn(font, "\uffff")
    assert len({drawn(font, letter) for letter in "åäöÅÄÖaoAO"}) == 10
    assert missing not in {drawn(font, letter) for letter in "åäöÅÄÖ"}


def test_a_letters_width_is_told_before_it_is_drawn():
    """So that the words beside a bar take the room they need."""
    font = ImageFont.truetype(font_source_sans_pro.SourceSansPro, 30)
    assert font.getlength("mm") > font.getlength("m") > 0
