"""What a form holds: the state of its elements, and what Slack's client refuses to take.

State has the shape of Slack's `view.state.values`: block id → action id → state.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from playground.blocks import PRESSED, elements
from playground.errors import NotAllowed
from playground.limits import options
from playground.schema import Json
from playground.world import OpenView

Values = dict[str, Json]


@dataclass(frozen=True, slots=True)
class _Keys:
    """Where an element's state is kept, and where its initial value is said."""

    state: str
    initial: str
    several: bool = False


_TEXT = _Keys("value", "initial_value")
KEYS = {
    "plain_text_input": _TEXT,
    "number_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "static_select": _Keys("selected_option", "initial_option"),
    "external_select": _Keys("selected_option", "initial_option"),
    "radio_buttons": _Keys("selected_option", "initial_option"),
    "multi_static_select": _Keys("selected_options", "initial_options", several=True),
    "multi_external_select": _Keys("selected_options", "initial_options", several=True),
    "checkboxes": _Keys("selected_options", "initial_options", several=True),
    "datepicker": _Keys("selected_date", "initial_date"),
    "timepicker": _Keys("selected_time", "initial_time"),
    "datetimepicker": _Keys("selected_date_time", "initial_date_time"),
    "users_select": _Keys("selected_user", "initial_user"),
    "multi_users_select": _Keys("selected_users", "initial_users", several=True),
    "conversations_select": _Keys("selected_conversation", "initial_conversation"),
    "multi_conversations_select": _Keys(
        "selected_conversations", "initial_conversations", several=True
    ),
    "channels_select": _Keys("selected_channel", "initial_channel"),
    "multi_channels_select": _Keys("selected_channels", "initial_channels", several=True),
}
_OFFERS = frozenset({"static_select", "radio_buttons", "multi_static_select", "checkboxes"})


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each (block, element) that holds a value."""
    for block in blocks:
        for element in elements(block):
            if element["type"] not in PRESSED:
                yield block, element


def state(element: Json, value: Any) -> Json:
    return {"type": element["type"], KEYS[element["type"]].state: value}


def held(element: Json, values: Json) -> Any:
    """The bare value inside an element's state."""
    return values.get(KEYS[element["type"]].state)


def initial(element: Json) -> Any:
    keys = KEYS[element["type"]]
    return element.get(keys.initial, [] if keys.several else None)


def values(blocks: list[Json], before: OpenView | None = None) -> Values:
    """The state of a freshly drawn form.

    What an earlier drawing held stays when block id, action id and type are the same and a
    person had touched it or it had an initial value (slackapi/bolt-js issue 290).
    """
    found: Values = {}
    for block, element in stateful(blocks):
        kept = _kept(block["block_id"], element, before)
        place = found.setdefault(block["block_id"], {})
        place[element["action_id"]] = kept or state(element, initial(element))
    return found


def _kept(block_id: str, element: Json, before: OpenView | None) -> Json | None:
    if before is None:
        return None
    old: Json = before.values.get(block_id, {}).get(element["action_id"], {})
    touched = (block_id, element["action_id"]) in before.touched
    if old.get("type") == element["type"] and (touched or held(element, old)):
        return old
    return None


def put(view: OpenView, block_id: str, action_id: str, given: Json) -> None:
    """What a person chooses or types. Raises NotAllowed when the client has no such choice."""
    element = element_at(view.body["blocks"], block_id, action_id)
    value = _accepted(element, block_id, held(element, given))
    view.values.setdefault(block_id, {})[action_id] = state(element, value)
    view.touched.add((block_id, action_id))
    view.errors.pop(block_id, None)


def element_at(blocks: list[Json], block_id: str, action_id: str) -> Json:
    for block in blocks:
        for element in elements(block):
            if block["block_id"] == block_id and element["action_id"] == action_id:
                return element
    raise NotAllowed(block_id, f"there is no {action_id} here")


def _accepted(element: Json, field: str, value: Any) -> Any:
    if value in (None, "", []):
        return [] if KEYS[element["type"]].several else None
    if element["type"] not in _OFFERS:
        return value
    if isinstance(value, list):
        return [_offered(element, field, each) for each in value]
    return _offered(element, field, value)


def _offered(element: Json, field: str, wanted: Any) -> Json:
    """The option meant by an option, its value or its visible text."""
    name = wanted.get("value") if isinstance(wanted, dict) else wanted
    for option in options(element):
        if name in {option["value"], option["text"]["text"]}:
            return option
    raise NotAllowed(field, f"no option {name!r} is offered")


def from_words(element: Json, field: str, wanted: Any) -> Json:
    """State from what a person would say: a text, a number, an option's text, a list of them."""
    keys = KEYS[element["type"]]
    if keys.several and wanted is not None:
        wanted = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
    elif isinstance(wanted, date) or (keys is _TEXT and wanted is not None):
        wanted = str(wanted)
    return state(element, _accepted(element, field, wanted))


def refusals(view: OpenView) -> Iterator[NotAllowed]:
    """Why Slack's client does not send this form, field by field."""
    for block, element in stateful(view.body["blocks"]):
        value = held(element, view.values[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            if block["type"] == "input" and not block.get("optional", False):
                yield NotAllowed(block["block_id"], "required")
        elif reason := _refusal(element, value):
            yield NotAllowed(block["block_id"], reason)


def _refusal(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        return _text_refusal(element, value)
    if kind == "number_input":
        return _number_refusal(element, value)
    if kind == "datepicker":
        return "" if _is_date(value) else "not a date"
    if KEYS[kind].several and len(value) > element.get("max_selected_items", 100):
        return f"at most {element['max_selected_items']} choices"
    pattern = _PATTERNS.get(kind)
    return f"not a valid {kind}" if pattern and not re.fullmatch(pattern, str(value)) else ""


_PATTERNS = {
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "datetimepicker": r"\d{10}",
    "email_text_input": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "url_text_input": r"https?://\S+",
}


def _text_refusal(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"at least {element['min_length']} characters"
    if len(value) > (most := element.get("max_length", 3000)):
        return f"at most {most} characters"
    if "\n" in value and not element.get("multiline", False):
        return "one line only"
    return ""


def _number_refusal(element: Json, value: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "not a number of the kind asked for"
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"at least {element['min_value']}"
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"at most {element['max_value']}"
    return ""


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
