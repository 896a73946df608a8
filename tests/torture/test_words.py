"""Whatever people write is shown and does nothing: read back by Slack's own rules.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from random import Random
from typing import Any

from bot.language import language
from bot.pages import Page, said
from handlers.slack.forms import page_view
from handlers.slack.pages import blocks_of, text_of
from tests.handlers.slack.every_page import SCENES, pages
from tests.torture.conftest import Figures, Rounds

MENTIONS = (
    "<@U123ABC>", "<@U123ABC|maria>", "<@W1>", "<#C123ABC>", "<#C123ABC|bro>", "<!here>",
    "<!channel>", "<!everyone>", "<!subteam^S1>", "<!subteam^S1|@bro>", "@here", "@channel",
    "@everyone", "<!date^1392734382^{date}|nu>", "&lt;!here&gt;", "&amp;lt;!here&amp;gt;",
    "<<!here>>", "<!he\u200bre>", "<\u202e!here>", "<!here", "!here>",
)  # fmt: skip
LINKS = (
    "<https://ond.se|https://kumla.se>", "https://ond.se", "ond.se", "www.ond.se",
    "<mailto:a@ond.se|Klicka>", "a@ond.se", "<tel:112|112>", "<javascript:alert(1)|x>",
    "[Klicka](https://ond.se)", "<http://x|", "|y>", "https://ond.se/?a=<b>&c=d",
)  # fmt: skip
MARKS = ("*fet*", "_k_", "~s~", "`kod`", "```\nblock\n```", "> citat", ">>> allt", "*", "_", "`")
HIDDEN = (
    "\u202eesrever\u202c", "\u2066x\u2069", "\u200f", "\u200b", "\u2060", "\ufeff", "\u00ad",
    "\x00", "\x1b[31m", "\r\n", "\u2028", "\u0085", "\U000e0041", "\u061c", "\x7f",
)  # fmt: skip
PLAIN = (
    "Exportdag",
    "åäö ÅÄÖ",
    "R&D",
    "a < b > c",
    "👩‍👩‍👧‍👦",
    "{day}",
    "%s",
    "\\",
    '"',
    "العربية",
    "\n",
    " ",
)
PIECES = (*MENTIONS, *LINKS, *MARKS, *HIDDEN, *PLAIN)


def hostile(number: int) -> str:
    chance = Random(number)
    return "".join(
        chance.choice(PIECES) + chance.choice(("", "", " ", "\n"))
        for _ in range(chance.randint(1, 8))
    )


# --- Slack's reading


def alive(words: str) -> list[str]:
    """What Slack makes a mention, a ping, a date or a link of, and what it takes for an escape and
    we did not write as one. In a text that is `verbatim` this is all that it makes."""
    return re.findall(r"<[^>]*>?|>|&(?!(?:amp|lt|gt);)", words)


def unseen(words: str) -> list[str]:
    """Characters of the kinds that turn, hide or do nothing."""
    kept = {"\n", "\t", "\u200c", "\u200d"}
    return [
        c for c in words if unicodedata.category(c) in {"Cf", "Cc", "Zl", "Zp"} if c not in kept
    ]


def faults(drawn: Any) -> Iterator[str]:
    """Everything in blocks or a view that would do something, or hide something."""
    match drawn:
        case {"type": "mrkdwn", "text": words}:
            yield from alive(words)
            yield from unseen(words)
            if drawn.get("verbatim") is not True:
                yield f"not verbatim: {words}"
        case {"type": "plain_text", "text": words}:
            yield from unseen(words)
        case {"type": kind} if kind in {"markdown", "rich_text"}:
            yield f"a block that reads other marks: {kind}"
        case dict():
            for name, each in drawn.items():
                yield from (
                    unseen(each) if name in {"alt_text", "accessibility_label"} else faults(each)
                )
        case list():
            for each in drawn:
                yield from faults(each)


def faults_of(page: Page) -> list[str]:
    blocks, summary = blocks_of(page, "F1"), text_of(page)
    view = page_view(page, language("sv"))
    return [*faults(blocks), *faults(view), *alive(summary), *unseen(summary)]


def letters(words: str) -> str:
    return "".join(c for c in words if c.isalnum())


def test_nothing_that_people_write_mentions_links_or_hides_anything_on_any_page(
    rounds: Rounds, figures: Figures
):
    """Each text in one scene, the scenes in turn."""
    strings, drawn = rounds(100, 10_000), 0
    for number in range(strings):
        words = hostile(number)
        scene = SCENES[number % len(SCENES)]
        for name, page in scene(words, ("sv", "en")[number // len(SCENES) % 2]):
            assert faults_of(page) == [], (name, words)
            drawn += 1
    figures(
        f"{strings:,} hostile texts, each in one of {len(SCENES)} scenes, on {drawn:,} pages: "
        "0 mentions, links or hidden characters"
    )


def test_no_trick_by_itself_does_anything_on_any_page_that_there_is(
    rounds: Rounds, figures: Figures
):
    tried, drawn = PIECES[:: rounds(20, 1)], 0
    for words in tried:
        for name, page in pages(words, "sv").items():
            assert faults_of(page) == [], (name, words)
            drawn += 1
    figures(f"{len(tried)} tricks, each on all of {drawn // len(tried)} pages: 0 do anything")


def test_the_words_that_were_written_can_still_be_read(rounds: Rounds):
    for number in range(rounds(300, 10_000)):
        words = hostile(number)
        shown = "".join(b["text"]["text"] for b in blocks_of(said(words)))
        visible = "".join(c for c in words if not unseen(c))
        assert letters(unescape(shown)) == letters(visible)
