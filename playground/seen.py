"""What a person sees: a message, a form and its fields, the Home tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground import form
from playground.blocks import PRESSED, elements, words
from playground.limits import options
from playground.schema import Json
from playground.world import Channel, Message, OpenView, World


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the screen. `text` is what a notification or screen reader gives of it;
    `words` is all that is visible in its blocks."""

    text: str
    words: str
    buttons: tuple[str, ...]
    blocks: list[Json]
    ts: str
    thread: str | None
    channel: str
    by: str
    ephemeral: bool
    edited: bool
    body: Json


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a form; `value` in words: a text, an option's text or a list of these."""

    block_id: str
    action_id: str
    label: str
    type: str
    value: Any
    options: tuple[str, ...]
    optional: bool
    hint: str
    error: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A modal or the Home tab."""

    id: str
    title: str
    submit: str
    close: str
    fields: dict[str, Field]
    buttons: tuple[str, ...]
    words: str
    errors: dict[str, str]
    view: Json


def message(world: World, channel: Channel, seen: Message) -> Seen:
    body = seen.body
    blocks = body.get("blocks", [])
    return Seen(
        text=body["text"],
        words=words(blocks) if blocks else body["text"],
        buttons=tuple(label for label, _, _ in pressable(blocks)),
        blocks=blocks,
        ts=seen.ts,
        thread=body.get("thread_ts"),
        channel=channel.id,
        by=world.users[body["user"]].name,
        ephemeral=seen.ephemeral_to is not None,
        edited="edited" in body,
        body=body,
    )


def screen(view: OpenView) -> Screen:
    body = view.body
    found = [_field(view, block, element) for block, element in form.stateful(body["blocks"])]
    return Screen(
        id=view.id,
        title=body["title"]["text"],
        submit=(body.get("submit") or {}).get("text", ""),
        close=(body.get("close") or {}).get("text", ""),
        fields={field.block_id: field for field in found},
        buttons=tuple(label for label, _, _ in pressable(body["blocks"])),
        words=words(body["blocks"]),
        errors=dict(view.errors),
        view=body,
    )


def _field(view: OpenView, block: Json, element: Json) -> Field:
    block_id, action_id = block["block_id"], element["action_id"]
    label = block.get("label") or block.get("text") or element.get("placeholder") or {}
    return Field(
        block_id=block_id,
        action_id=action_id,
        label=label.get("text", ""),
        type=element["type"],
        value=_in_words(form.held(element, view.values[block_id][action_id])),
        options=tuple(option["text"]["text"] for option in options(element)),
        optional=block["type"] != "input" or block.get("optional", False),
        hint=(block.get("hint") or {}).get("text", ""),
        error=view.errors.get(block_id, ""),
    )


def _in_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_words(each) for each in value]
    return value["text"]["text"] if isinstance(value, dict) else value


def pressable(blocks: list[Json]) -> Iterator[tuple[str, tuple[str, str], Json]]:
    """What can be pressed: (visible text, (block id, action id), state to send)."""
    for block in blocks:
        for element in elements(block):
            ids = (block["block_id"], element["action_id"])
            if element["type"] == "button":
                yield element["text"]["text"], ids, {}
            elif element["type"] in PRESSED:
                for option in element["options"]:
                    yield option["text"]["text"], ids, {"selected_option": option}
