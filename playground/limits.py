"""Slack's documented limits for blocks, messages and views, as pure checks.

Sources: docs.slack.dev, "Block Kit reference" (blocks, block elements, composition objects),
"Modals", "chat.postMessage", "Message metadata". Where Slack documents nothing and measurements
are public, the limit says so.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from playground.blocks import all_texts, elements
from playground.schema import (
    Json,
    Problem,
    Rule,
    anything,
    array,
    at_least_one,
    boolean,
    by_type,
    choice,
    every,
    exactly_one,
    record,
    string,
    unique,
    whole,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MESSAGE_TEXT = 40_000
UPDATED_TEXT = 4_000
BLOCK_TEXT = 13_000  # undocumented; measured in github.com/slackapi/bolt-js/issues/2509
METADATA = 8_000
STACKED_VIEWS = 3

ImageReady = Callable[[Json], bool]

_id = string(255)
_url = string(3000)


def _plain(most: int) -> Rule:
    return record({"type": choice("plain_text"), "text": string(most)}, {"emoji": boolean})


def _text(most: int) -> Rule:
    mrkdwn = record({"type": anything, "text": string(most)}, {"verbatim": boolean})
    return by_type({"plain_text": _plain(most), "mrkdwn": mrkdwn})


_confirm = record(
    {"title": _plain(100), "text": _text(300), "confirm": _plain(30), "deny": _plain(30)},
    {"style": choice("primary", "danger")},
)
_option = record({"text": _plain(75), "value": string(150)}, {"description": _plain(75)})
_marked_option = record({"text": _text(75), "value": string(150)}, {"description": _text(75)})
_menu_option = record(
    {"text": _plain(75), "value": string(150)}, {"description": _plain(75), "url": _url}
)
_group = record({"label": _plain(75), "options": array(_option, 100)})
_dispatch = record(
    {},
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)},
)

_common: dict[str, Rule] = {"action_id": _id, "confirm": _confirm, "focus_on_load": boolean}
_placeholder: dict[str, Rule] = {"placeholder": _plain(150)}
_several: dict[str, Rule] = {"max_selected_items": whole(1, 100)}
_ids = array(string(255), 100)
_typed: dict[str, Rule] = {
    "action_id": _id,
    "focus_on_load": boolean,
    "dispatch_action_config": _dispatch,
    **_placeholder,
}
_kind: dict[str, Rule] = {"type": anything}


def _initial_is_offered(value: Any, at: str) -> Iterator[Problem]:
    offered = list(options(value))
    for key in ("initial_option", "initial_options"):
        chosen = value.get(key, [])
        for each in chosen if isinstance(chosen, list) else [chosen]:
            if each not in offered:
                yield Problem("must exactly match one of the options", f"{at}/{key}")


def options(element: Json) -> Iterator[Json]:
    """Every option an element offers, whether grouped or not."""
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]


def _static(extra: dict[str, Rule]) -> Rule:
    shape = {"options": array(_option, 100), "option_groups": array(_group, 100), **extra}
    return every(
        record(_kind, {**_common, **_placeholder, **shape}),
        exactly_one("options", "option_groups"),
        _initial_is_offered,
    )


def _ticked(initial: dict[str, Rule]) -> Rule:
    return every(
        record({**_kind, "options": array(_marked_option, 10)}, {**_common, **initial}),
        _initial_is_offered,
    )


def _picker(extra: dict[str, Rule]) -> Rule:
    return record(_kind, {**_common, **_placeholder, **extra})


def _initial_text_fits(value: Any, at: str) -> Iterator[Problem]:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        yield Problem("must be less than or equal to max_length", f"{at}/min_length")
    if len(value.get("initial_value", "")) > most:
        yield Problem(f"must be less than {most + 1} characters", f"{at}/initial_value")


_date = string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", form="YYYY-MM-DD")
_time = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", form="HH:mm")
_number = string(40, pattern=r"-?\d+(\.\d+)?", form="a number")

_button = record(
    {**_kind, "text": _plain(75)},
    {
        "action_id": _id,
        "url": _url,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": _confirm,
        "accessibility_label": string(75),
    },
)
_image_source: dict[str, Rule] = {
    "image_url": _url,
    "slack_file": every(record({}, {"id": _id, "url": _url}), exactly_one("id", "url")),
}
_image_element = every(
    record({**_kind, "alt_text": string(2000)}, _image_source),
    exactly_one("image_url", "slack_file"),
)
_selects: dict[str, Rule] = {
    "static_select": _static({"initial_option": _option}),
    "external_select": _picker({"initial_option": _option, "min_query_length": whole(0, 150)}),
    "users_select": _picker({"initial_user": _id}),
    "conversations_select": _picker(
        {
            "initial_conversation": _id,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        }
    ),
    "channels_select": _picker({"initial_channel": _id, "response_url_enabled": boolean}),
    "radio_buttons": _ticked({"initial_option": _marked_option}),
    "checkboxes": _ticked({"initial_options": array(_marked_option, 10)}),
    "datepicker": _picker({"initial_date": _date}),
    "timepicker": _picker({"initial_time": _time, "timezone": string(100)}),
    "datetimepicker": record(_kind, {**_common, "initial_date_time": whole(10**9, 10**10 - 1)}),
}
_multi_selects: dict[str, Rule] = {
    "multi_static_select": _static({"initial_options": array(_option, 100), **_several}),
    "multi_external_select": _picker(
        {"initial_options": array(_option, 100), "min_query_length": whole(0, 150), **_several}
    ),
    "multi_users_select": _picker({"initial_users": _ids, **_several}),
    "multi_conversations_select": _picker(
        {
            "initial_conversations": _ids,
            "default_to_current_conversation": boolean,
            "filter": anything,
            **_several,
        }
    ),
    "multi_channels_select": _picker({"initial_channels": _ids, **_several}),
}
_pressed: dict[str, Rule] = {
    "button": _button,
    "overflow": record(
        {**_kind, "options": array(_menu_option, 5)}, {"action_id": _id, "confirm": _confirm}
    ),
}
_texts: dict[str, Rule] = {
    "plain_text_input": every(
        record(
            _kind,
            {
                **_typed,
                "initial_value": string(3000, 0),
                "multiline": boolean,
                "min_length": whole(0, 3000),
                "max_length": whole(1, 3000),
            },
        ),
        _initial_text_fits,
    ),
    "number_input": record(
        {**_kind, "is_decimal_allowed": boolean},
        {**_typed, "initial_value": _number, "min_value": _number, "max_value": _number},
    ),
    "email_text_input": record(_kind, {**_typed, "initial_value": string(3000, 0)}),
    "url_text_input": record(_kind, {**_typed, "initial_value": string(3000, 0)}),
}

_block: dict[str, Rule] = {"type": anything}
_block_id: dict[str, Rule] = {"block_id": _id}
_accessory = by_type({**_selects, **_multi_selects, **_pressed, "image": _image_element})
_context_element = by_type(
    {"image": _image_element, "plain_text": _plain(3000), "mrkdwn": _text(3000)}
)
_rich = by_type(
    {f"rich_text_{part}": anything for part in ("section", "list", "preformatted", "quote")}
)
_shared_blocks: dict[str, Rule] = {
    "section": every(
        record(
            _block,
            {
                **_block_id,
                "text": _text(3000),
                "fields": array(_text(2000), 10),
                "accessory": _accessory,
                "expand": boolean,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "header": record({**_block, "text": _plain(150)}, _block_id),
    "divider": record(_block, _block_id),
    "context": record({**_block, "elements": array(_context_element, 10)}, _block_id),
    "actions": record(
        {**_block, "elements": array(by_type({**_selects, **_pressed}), 25)}, _block_id
    ),
    "image": every(
        record(
            {**_block, "alt_text": string(2000)},
            {**_block_id, "title": _plain(2000), **_image_source},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "input": record(
        {
            **_block,
            "label": _plain(2000),
            "element": by_type({**_texts, **_selects, **_multi_selects}),
        },
        {**_block_id, "hint": _plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": record({**_block, "elements": array(_rich, 1000)}, _block_id),
}
_message_blocks = {
    **_shared_blocks,
    "markdown": record({**_block, "text": string(12_000)}, _block_id),
}

_view: dict[str, Rule] = {"type": anything, "blocks": array(by_type(_shared_blocks), VIEW_BLOCKS)}
_view_extras: dict[str, Rule] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_modal = record(
    {**_view, "title": _plain(24)},
    {
        **_view_extras,
        "submit": _plain(24),
        "close": _plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
    },
)
_home = record(_view, _view_extras)


def message_problems(blocks: Any, image_ready: ImageReady) -> list[Problem]:
    """What Slack would refuse in a message's blocks (`invalid_blocks`)."""
    rule = array(by_type(_message_blocks), MESSAGE_BLOCKS, least=0)
    return list(rule(blocks, "/blocks")) or list(_across(blocks, "/blocks", image_ready))


def view_problems(view: Any, kind: str, image_ready: ImageReady) -> list[Problem]:
    """What Slack would refuse in a view (`invalid_arguments`); `kind` is "modal" or "home"."""
    found = list(by_type({kind: {"modal": _modal, "home": _home}[kind]})(view, "/view"))
    if found:
        return found
    return [*_submit_is_there(view), *_across(view["blocks"], "/view/blocks", image_ready)]


def view_is_too_large(view: Any) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def blocks_are_too_long(blocks: list[Json]) -> bool:
    """More text in all than Slack takes in one message (`msg_blocks_too_long`)."""
    return sum(map(len, all_texts(blocks))) > BLOCK_TEXT


def metadata_error(metadata: Any) -> str:
    """The name of Slack's error for this message metadata, or an empty string."""
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        return "invalid_metadata_schema"
    return "metadata_too_large" if len(json.dumps(metadata)) > METADATA else ""


def _submit_is_there(view: Json) -> Iterator[Problem]:
    if view["type"] != "modal" or "submit" in view:
        return
    if any(block["type"] == "input" for block in view["blocks"]):
        yield Problem("missing required field: submit", "/view")


def _across(blocks: list[Json], at: str, image_ready: ImageReady) -> Iterator[Problem]:
    """What no block can be blamed for alone."""
    named = [(b["block_id"], f"{at}/{i}") for i, b in enumerate(blocks) if "block_id" in b]
    yield from unique(named, "block_id")
    for place, block in enumerate(blocks):
        yield from _in_block(block, f"{at}/{place}", image_ready)
    if sum(e.get("focus_on_load", False) for b in blocks for e in elements(b)) > 1:
        yield Problem("only one element may have focus_on_load", at)


def _in_block(block: Json, at: str, image_ready: ImageReady) -> Iterator[Problem]:
    yield from unique(
        [(e["action_id"], at) for e in elements(block) if "action_id" in e], "action_id"
    )
    pictures = [block, block.get("accessory") or {}, *(block.get("elements") or [])]
    for picture in pictures:
        if "slack_file" in picture and not image_ready(picture["slack_file"]):
            yield Problem("invalid slack file", f"{at}/slack_file")
