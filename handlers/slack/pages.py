"""Pages as Slack's Block Kit. https://docs.slack.dev/reference/block-kit/blocks"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from bot.pages import (
    Button,
    Buttons,
    Confirm,
    Divider,
    Facts,
    Heading,
    Mono,
    Note,
    Page,
    Part,
    Picture,
    Quiet,
    Span,
    Strong,
    Text,
)

Block = dict[str, Any]

SECTION = 3000
HEADER = 150
FIELDS = 10
ACTIONS = 25
LABEL = 75
ALT = 2000
TOP_TEXT = 3000
ALL_TEXTS = 12_000
"""All texts of a message together. Slack refuses more than about 13,000 characters, which is
measured but not documented (github.com/slackapi/bolt-js/issues/2509)."""
ROOMS = (100_000, 1500, 500, 150)
"""How much room one text may take: less and less, until the page fits."""

_UNSEEN = re.compile(
    "[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f\\u061c"  # turn what follows round
    "\\u200b\\u2060-\\u2064\\ufeff\\u00ad\\u180e\\U000e0000-\\U000e007f"  # hide between letters
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]"  # do nothing, or what a terminal likes
)
"""Characters that nobody sees, by which a text reads otherwise than it is. Not among them: the
joiners of emoji and of some scripts (U+200C, U+200D), which change only what they stand between.
https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing"""


def text_of(page: Page) -> str:
    """The top-level text: all that a notification and a screen reader's first line get."""
    return cut(escape(page.summary), TOP_TEXT)


def blocks_of(page: Page, picture_file: str | None = None) -> list[Block]:
    """The page's blocks. A picture is drawn if it has been uploaded; its numbers stand in the
    text in any case. Texts are cut short where all together would be too long for Slack."""
    drawn: list[Block] = []
    for room in ROOMS:
        numbers = count()
        drawn = [b for part in page.parts for b in _blocks(part, picture_file, numbers, room)]
        if sum(map(len, _texts(drawn))) <= ALL_TEXTS:
            break
    return drawn


def _texts(drawn: Any) -> Iterator[str]:
    match drawn:
        case {"text": str(words)}:
            yield words
        case dict():
            yield from _texts(list(drawn.values()))
        case list():
            for each in drawn:
                yield from _texts(each)


def _blocks(
    part: Part, picture_file: str | None, numbers: Iterator[int], room: int
) -> Iterator[Block]:
    match part:
        case Heading(text=words):
            yield {"type": "header", "text": plain(cut(words, HEADER))}
        case Text(spans=spans):
            for piece in _pieces(cut(mrkdwn(spans), room)):
                yield {"type": "section", "text": _mrkdwn_object(piece)}
        case Note(spans=spans):
            yield {
                "type": "context",
                "elements": [_mrkdwn_object(cut(mrkdwn(spans), min(room, SECTION)))],
            }
        case Facts(pairs=pairs):
            for some in _in_tens(pairs):
                yield {"type": "section", "fields": [_fact(*pair) for pair in some]}
        case Divider():
            yield {"type": "divider"}
        case Picture(alt=alt) if picture_file:
            file = {"id": picture_file}
            yield {"type": "image", "slack_file": file, "alt_text": cut(seen(alt), ALT)}
        case Buttons(buttons=buttons) if buttons:
            number = next(numbers)
            elements = [_button(button, place) for place, button in enumerate(buttons[:ACTIONS])]
            yield {"type": "actions", "block_id": f"buttons-{number}", "elements": elements}


def _in_tens(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], ...]]:
    for start in range(0, len(pairs), FIELDS):
        yield pairs[start : start + FIELDS]


def _fact(name: str, value: str) -> Block:
    return _mrkdwn_object(f"{mrkdwn((Strong(name),))}\n{escape(value)}")


def _button(button: Button, place: int) -> Block:
    drawn: Block = {
        "type": "button",
        "text": plain(cut(button.label, LABEL)),
        "action_id": f"{button.verb}.{place}",
        "value": json.dumps(dict(button.about), ensure_ascii=False),
    }
    if button.style:
        drawn["style"] = button.style
    if button.spoken:
        drawn["accessibility_label"] = cut(seen(button.spoken), LABEL)
    if button.confirm:
        drawn["confirm"] = _confirm(button.confirm)
    return drawn


def _confirm(confirm: Confirm) -> Block:
    return {
        "title": plain(confirm.title),
        "text": plain(confirm.text),
        "confirm": plain(confirm.yes),
        "deny": plain(confirm.no),
    }


def plain(words: str) -> Block:
    return {"type": "plain_text", "text": seen(words), "emoji": False}


def _mrkdwn_object(words: str) -> Block:
    # Verbatim: Slack then makes no links, mentions or channel names out of what people wrote.
    # https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def mrkdwn(spans: Iterable[Span]) -> str:
    return "".join(_span(span) for span in spans) or "–"


def _span(span: Span) -> str:
    match span:
        case Strong(text=words):
            return _wrapped("*", words)
        case Quiet(text=words):
            return _wrapped("_", words)
        case Mono(text=words):
            return _wrapped("`", words)
        case str():
            return escape(span)


def _wrapped(mark: str, words: str) -> str:
    """Marked up line by line, since no mark reaches over a line's end or holds on to a space; a
    mark within would end it and is left out."""
    bare = escape(words).replace(mark, "")
    return re.sub(r"\S(?:.*\S)?", lambda found: f"{mark}{found[0]}{mark}", bare)


def escape(words: str) -> str:
    """So that nothing in it is a mention, a link or a channel to Slack.
    https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return seen(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def seen(words: str) -> str:
    """Without what cannot be seen; one dash if nothing else was there."""
    return _UNSEEN.sub("", re.sub("\r\n?|[\u2028\u2029\x85\v\f]", "\n", words)) or (words and "–")


def _pieces(words: str) -> Iterator[str]:
    """Parted between lines where a section would be too long."""
    piece = ""
    for line in words.split("\n"):
        longer = f"{piece}\n{line}" if piece else line
        if piece and len(longer) > SECTION:
            yield piece
            piece = cut(line, SECTION)
        else:
            piece = cut(longer, SECTION)
    if piece:
        yield piece


def cut(words: str, longest: int) -> str:
    """An escaped character that the cut would break is left out whole."""
    if len(words) <= longest:
        return words
    return re.sub(r"&\w*$", "", words[: longest - 1]).rstrip() + "…"
