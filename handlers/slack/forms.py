"""Forms as Slack modals, and a modal's state as answers.

`block_id` is the field's name, so that `{field: error}` goes straight back to the form.
https://docs.slack.dev/surfaces/modals
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.asking import (
    Amount,
    Choice,
    Day,
    Flag,
    Line,
    Listed,
    Members,
    Money,
    PersonPicker,
    Prose,
    RawAnswers,
    Supplied,
    TimeOfDay,
    Whole,
)
from bot.forms import Form, FormField, Options, packed
from bot.language import Language
from bot.pages import Page
from handlers.slack.pages import Block, blocks_of, cut, plain, seen

PREFIX = "slack:"
TITLE = 24
OPTION = 75
HINT = 2000
AMOUNT = 40
"""The longest text that a number is written in."""
TYPED = 3000
"""The longest text that an input can be opened with."""
ACTION = "value"


def view_of(form: Form, language: Language) -> Block:
    intro = Page("", form.intro)
    return {
        "type": "modal",
        "callback_id": form.name,
        "title": plain(cut(form.title, TITLE)),
        "submit": plain(cut(form.submit, TITLE)),
        "close": plain(language.t("Back") if form.above else language.t("Cancel")),
        "private_metadata": packed(form),
        "blocks": [*blocks_of(intro), *(_input(each) for each in form.fields)],
    }


def page_view(page: Page, language: Language) -> Block:
    """A page on a modal of its own, for places that have no conversation to answer in."""
    return {
        "type": "modal",
        "callback_id": "page",
        "title": plain("Brobot"),
        "close": plain(language.t("Close")),
        "blocks": blocks_of(page),
    }


def errors_of(form: Form) -> dict[str, str]:
    return {each.name: seen(each.error) for each in form.fields if each.error}


def _input(asked: FormField) -> Block:
    block: Block = {
        "type": "input",
        "block_id": asked.name,
        "label": plain(asked.label),
        "optional": not asked.required,
        "element": {"action_id": ACTION, **_element(asked)},
    }
    if asked.hint:
        block["hint"] = plain(cut(asked.hint, HINT))
    return block


def _element(asked: FormField) -> Block:
    value = asked.value if isinstance(asked.value, str) else None
    match asked.input:
        case Line(longest=longest):
            return _text(value, longest, multiline=False)
        case Prose(longest=longest):
            return _text(value, longest, multiline=True)
        case Money() | Whole() | Amount():
            # Slack's own input of numbers takes no spaces between thousands.
            return _text(value, AMOUNT, multiline=False)
        case PersonPicker(several=True):
            users = [user for user in map(_user, asked.value or ()) if _is_user(user)]
            return _with({"type": "multi_users_select"}, initial_users=users)
        case Day() | TimeOfDay() | PersonPicker():
            # What was typed and cannot be shown by the picker is kept, to be put right.
            return _picker(asked, value) or _text(value, TYPED, multiline=False)
        case _:
            return _choice(asked, value)


def _picker(asked: FormField, value: str | None) -> Block | None:
    match asked.input:
        case Day() if value is None or _is_day(value):
            return _with({"type": "datepicker"}, initial_date=value)
        case TimeOfDay() if value is None or _is_time(value):
            return _with({"type": "timepicker"}, initial_time=value and value[:5])
        case PersonPicker():
            user = _user(value or "")
            # A name that was typed is nobody whom the picker can show.
            return _with({"type": "users_select"}, initial_user=user if _is_user(user) else None)
    return None


def _choice(asked: FormField, value: str | None) -> Block:
    match asked.input:
        case Choice(open_list=True) | Supplied(open_list=True):
            return _chosen({"type": "radio_buttons"}, asked.options, value)
        case Choice(several=False) | Supplied(several=False) | Listed() | Members(one=True):
            return _chosen({"type": "static_select"}, asked.options, value)
        case Flag():
            return _several({"type": "checkboxes"}, asked)
        case _:
            return _several({"type": "multi_static_select"}, asked)


def _text(value: str | None, longest: int, *, multiline: bool) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": multiline}
    # A text that is too long already is kept whole; it is our own check that says so.
    if value is None or len(value) <= longest:
        element["max_length"] = min(longest, TYPED)
    return _with(element, initial_value=value and value[:TYPED])


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _user(value: str) -> str:
    return value.removeprefix(PREFIX)


def _is_user(value: str) -> bool:
    return re.fullmatch(r"[UW][A-Z0-9]{1,20}", value) is not None


def _is_time(value: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:00)?", value) is not None


def _chosen(element: Block, options: Options, value: str | None) -> Block:
    drawn = {each["value"]: each for each in _options(options)}
    return _with(
        {**element, "options": list(drawn.values())}, initial_option=drawn.get(value or "")
    )


def _several(element: Block, asked: FormField) -> Block:
    chosen = (asked.value,) if isinstance(asked.value, str) else asked.value or ()
    drawn = {each["value"]: each for each in _options(asked.options)}
    initial = [drawn[value] for value in chosen if value in drawn]
    return _with({**element, "options": list(drawn.values())}, initial_options=initial or None)


def _options(options: Options) -> list[Block]:
    return [{"text": plain(cut(words, OPTION)), "value": value} for value, words in options]


def _with(element: Block, **initial: Any) -> Block:
    return {**element, **{name: value for name, value in initial.items() if value}}


def answers_of(state: Mapping[str, Any]) -> RawAnswers:
    """`view.state.values` as answers by field name; what was left empty is left out."""
    found = {
        name: _answer(element) for name, elements in state.items() for element in elements.values()
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _answer(element: Mapping[str, Any]) -> str | list[str] | None:  # noqa: PLR0911 - one for each kind
    match element:
        case {"selected_option": {"value": str(value)}}:
            return value
        case {"type": "checkboxes", "selected_options": list(options)}:
            return "true" if options else None
        case {"selected_options": list(options)}:
            return [option["value"] for option in options]
        case {"selected_user": str(user)}:
            return f"{PREFIX}{user}"
        case {"selected_users": list(users)}:
            return [f"{PREFIX}{user}" for user in users]
        case {"selected_date": str(value)} | {"selected_time": str(value)} | {"value": str(value)}:
            return value
    return None
