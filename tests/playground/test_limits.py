"""Slack's limits, by the names and places of its refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playground.methods
from playground.api import call
from playground.limits import message_problems, view_problems
from playground.world import World
from tests.playground.kit import actions, button, field, modal, option, plain, section, select

assert playground.methods


def problems(found) -> list[str]:
    return [str(problem) for problem in found]


def of_message(*blocks) -> list[str]:
    return problems(message_problems(list(blocks), lambda file: file == {"id": "F1"}))


def of_modal(view) -> list[str]:
    return problems(view_problems(view, "modal", lambda file: True))


CONFIRM = {"title": plain("a"), "text": plain("b"), "confirm": plain("c"), "deny": plain("d")}
MENU = select("static_select", "ja")
PICTURE = {"type": "image", "alt_text": "Staplar"}


def test_ordinary_blocks_are_accepted():
    assert not of_message(
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        section("x" * 3000, accessory=button(confirm=CONFIRM, style="danger", url="https://a.se")),
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
        {"type": "context", "elements": [plain("a"), {**PICTURE, "image_url": "https://a.se/b"}]},
        actions(button(), MENU, {"type": "overflow", "action_id": "o", "options": [option("1")]}),
        {**PICTURE, "slack_file": {"id": "F1"}},
        {"type": "markdown", "text": "# Hej"},
        field("f"),
    )


@pytest.mark.parametrize(
    ("block", "refusal"),
    [
        (
            section("x" * 3001),
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        (
            {"type": "section", "fields": [plain("a")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (
            {"type": "section", "fields": [plain("x" * 2001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": {"type": "mrkdwn", "text": "a"}},
            "must be one of: plain_text [json-pointer:/blocks/0/text/type]",
        ),
        ({"type": "sektion"}, "unsupported type: sektion [json-pointer:/blocks/0/type]"),
        ("text", "must provide an object [json-pointer:/blocks/0]"),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        (
            section(colour="red"),
            "invalid additional property: colour [json-pointer:/blocks/0]",
        ),
        (
            section(block_id="x" * 256),
            "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
        ),
        (
            {"type": "context", "elements": [plain("a")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            actions(*(button(action_id=str(n)) for n in range(26))),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            actions(button(), button()),
            "`action_id` must be unique: change [json-pointer:/blocks/0]",
        ),
        (
            {**PICTURE, "slack_file": {"id": "F2"}},
            "invalid slack file [json-pointer:/blocks/0/slack_file]",
        ),
        (PICTURE, "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"),
        (
            {"type": "image", "image_url": "https://a.se/b"},
            "missing required field: alt_text [json-pointer:/blocks/0]",
        ),
    ],
)
def test_a_block_beyond_the_limits_is_refused(block, refusal: str):
    assert of_message(block)[0] == refusal


@pytest.mark.parametrize(
    ("element", "place", "refusal"),
    [
        (button("x" * 76), "/text/text", "must be less than 76 characters"),
        (button(value="x" * 2001), "/value", "must be less than 2001 characters"),
        (button(action_id="x" * 256), "/action_id", "must be less than 256 characters"),
        (button(url="x" * 3001), "/url", "must be less than 3001 characters"),
        (button(style="green"), "/style", "must be one of: primary, danger"),
        (
            button(confirm={**CONFIRM, "title": plain("x" * 101)}),
            "/confirm/title/text",
            "must be less than 101 characters",
        ),
        (
            button(confirm={**CONFIRM, "text": plain("x" * 301)}),
            "/confirm/text/text",
            "must be less than 301 characters",
        ),
        (
            button(confirm={**CONFIRM, "deny": plain("x" * 31)}),
            "/confirm/deny/text",
            "must be less than 31 characters",
        ),
        (
            select("static_select", *map(str, range(101))),
            "/options",
            "no more than 100 items allowed",
        ),
        (
            select("static_select", "x" * 76),
            "/options/0/text/text",
            "must be less than 76 characters",
        ),
        (
            {**MENU, "options": [option("x" * 151, "a")]},
            "/options/0/value",
            "must be less than 151 characters",
        ),
        (
            {**MENU, "placeholder": plain("x" * 151)},
            "/placeholder/text",
            "must be less than 151 characters",
        ),
        (
            {**MENU, "initial_option": option("nej")},
            "/initial_option",
            "must exactly match one of the options",
        ),
        ({**MENU, "option_groups": []}, "/option_groups", "no fewer than 1 items allowed"),
        (
            {"type": "static_select", "action_id": "a"},
            "",
            "must define either `options` or `option_groups`",
        ),
        (select("checkboxes", *"abcdefghijk"), "/options", "no more than 10 items allowed"),
        (select("radio_buttons", *"abcdefghijk"), "/options", "no more than 10 items allowed"),
        (
            {"type": "datepicker", "initial_date": "2026-13-1"},
            "/initial_date",
            "must be YYYY-MM-DD",
        ),
        ({"type": "timepicker", "initial_time": "24:00"}, "/initial_time", "must be HH:mm"),
        ({"type": "plain_text_input"}, "/type", "unsupported type: plain_text_input"),
    ],
)
def test_an_element_beyond_the_limits_is_refused(element, place: str, refusal: str):
    for block, at in ((actions(element), "elements/0"), (section(accessory=element), "accessory")):
        [found] = of_message(block)
        assert found.startswith(refusal)
        assert found.endswith(f"[json-pointer:/blocks/0/{at}{place}]")


@pytest.mark.parametrize(
    ("view", "refusal"),
    [
        (
            modal(title=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/title/text]",
        ),
        (
            modal(submit=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/submit/text]",
        ),
        (
            modal(close=plain("x" * 25)),
            "must be less than 25 characters [json-pointer:/view/close/text]",
        ),
        (
            modal(private_metadata="x" * 3001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            modal(callback_id="x" * 256),
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (
            {"type": "modal", "title": plain("a"), "blocks": [field("f")]},
            "missing required field: submit [json-pointer:/view]",
        ),
        (
            modal(field("f"), field("f")),
            "`block_id` must be unique: f [json-pointer:/view/blocks/1]",
        ),
        (
            modal({"type": "markdown", "text": "a"}),
            "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
        ),
        (
            modal(field("f", label=plain("x" * 2001))),
            "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
        ),
        (
            modal(field("f", hint=plain("x" * 2001))),
            "must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]",
        ),
        (
            modal(field("f", {"type": "plain_text_input", "max_length": 3001})),
            "must be between 1 and 3000 [json-pointer:/view/blocks/0/element/max_length]",
        ),
        (
            modal(
                field("f", {"type": "plain_text_input", "max_length": 2, "initial_value": "abc"})
            ),
            "must be less than 3 characters [json-pointer:/view/blocks/0/element/initial_value]",
        ),
        (
            modal(field("f", {"type": "number_input"})),
            "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
        ),
        (
            modal(*(field(n, {"type": "plain_text_input", "focus_on_load": True}) for n in "ab")),
            "only one element may have focus_on_load [json-pointer:/view/blocks]",
        ),
        ({"type": "home", "blocks": []}, "unsupported type: home [json-pointer:/view/type]"),
        ("{", "must provide an object [json-pointer:/view]"),
    ],
)
def test_a_modal_beyond_the_limits_is_refused(view, refusal: str):
    assert of_modal(view) == [refusal]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "a", "blocks": "{"}, "invalid_arguments"),
        ({"text": "a", "blocks": {}}, ""),
        ({"text": "a", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "a", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "a", "blocks": [section("x" * 2700)] * 5}, "msg_blocks_too_long"),
        ({"text": "a", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"text": "a", "metadata": ["a"]}, "invalid_metadata_format"),
        (
            {"text": "a", "metadata": {"event_type": "a", "event_payload": {"key": "x" * 8000}}},
            "metadata_too_large",
        ),
        ({"text": "a", "channel": "C404"}, "channel_not_found"),
        ({"text": "a", "channel": "utan-bot"}, "not_in_channel"),
        ({"text": "a", "thread_ts": "1.000100"}, "thread_not_found"),
    ],
)
def test_a_message_that_slack_would_not_take_is_refused_by_name(
    world: World, arguments, error: str
):
    token = world.app.bot_token
    answer = call(world, "chat.postMessage", {"channel": "bro", **arguments}, token)
    assert answer.get("error", "") == error


def test_a_refusal_of_blocks_says_where(world: World):
    blocks = [{"type": "header", "text": plain("x" * 151)}]
    given = {"channel": "bro", "blocks": blocks}
    answer = call(world, "chat.postMessage", given, world.app.bot_token)
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [said],
        "response_metadata": {"messages": [f"[ERROR] {said}"]},
    }


def test_a_view_of_more_than_250_kilobytes_is_too_large(world: World):
    trigger = world.new_trigger(world.user_named("maria").id)
    view = modal(*[section("å" * 3000)] * 50)
    given = {"trigger_id": trigger, "view": view}
    assert call(world, "views.open", given, world.app.bot_token)["error"] == "view_too_large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "blocks", "elements", "element", "options", "block_id"]
            ),
            inner | st.sampled_from(["section", "actions", "input", "button", "static_select"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_json_makes_the_checks_fail(value):
    assert isinstance(of_message(value, {"type": "section", "text": value}), list)
    assert isinstance(of_modal(modal() | {"blocks": [value]}), list)
