"""Walking blocks: their elements, their visible words, and the form Slack stores them in."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from playground.schema import Json

PRESSED = frozenset({"button", "overflow"})


def elements(block: Json) -> Iterator[Json]:
    """The interactive elements of a block, in the order they are shown."""
    if "accessory" in block and block["accessory"].get("type") != "image":
        yield block["accessory"]
    if block.get("type") == "actions":
        yield from block["elements"]
    if block.get("type") == "input":
        yield block["element"]


def all_texts(value: Any) -> Iterator[str]:
    """The content of every text object and markdown block inside a JSON value."""
    if isinstance(value, list):
        for each in value:
            yield from all_texts(each)
    elif isinstance(value, dict):
        if value.get("type") in {"plain_text", "mrkdwn", "markdown", "text"}:
            yield str(value.get("text", ""))
        else:
            yield from all_texts(list(value.values()))


def words(blocks: list[Json]) -> str:
    """What a person reads in the blocks, one text a line; pictures by their alternative text."""
    return "\n".join(line for block in blocks for line in _block_words(block))


def _block_words(block: Json) -> Iterator[str]:
    for key in ("text", "label", "title"):
        if key in block:
            yield _words_of(block[key])
    yield from map(_words_of, block.get("fields", []))
    if "alt_text" in block:
        yield block["alt_text"]
    for inner in (*block.get("elements", []), block.get("accessory"), block.get("element")):
        if inner is not None:
            yield from _element_words(inner)
    if "hint" in block:
        yield _words_of(block["hint"])


def _element_words(element: Json) -> Iterator[str]:
    if "alt_text" in element:
        yield element["alt_text"]
    elif element["type"] in {"checkboxes", "radio_buttons", "overflow"}:
        yield from (_words_of(option["text"]) for option in element["options"])
    elif element["type"].startswith("rich_text"):
        yield "".join(all_texts(element))
    elif "text" in element:
        yield _words_of(element["text"] if element["type"] == "button" else element)


def _words_of(text: Any) -> str:
    return str(text["text"]) if isinstance(text, dict) else str(text)


def stored(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """The blocks as Slack gives them back: ids filled in, text objects with all their fields."""
    kept: list[Json] = copy.deepcopy(blocks)
    _fill_texts(kept)
    for block in kept:
        block.setdefault("block_id", new_id())
        for element in elements(block):
            element.setdefault("action_id", new_id())
    return kept


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _fill_texts(each)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text":
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        _fill_texts(list(value.values()))
