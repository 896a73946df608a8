"""Forms: triggers, stacks, what Slack's client refuses, and the app's answers."""

from datetime import date

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import views
from playground.client import TROUBLE
from playground.errors import NotAllowed
from playground.person import Person
from playground.server import StandIn
from tests.playground.conftest import Time
from tests.playground.kit import actions, button, field, home, modal, plain, section, select


@pytest.fixture
def maria(slack: StandIn) -> Person:
    return slack.person("maria")


def opened(maria: Person, view) -> str:
    with maria.world.lock:
        return views.open_modal(maria.world, maria.id, view).id


def text(**extra):
    return {"type": "plain_text_input", "action_id": "a", **extra}


def number(*, decimal: bool, **extra):
    return {"type": "number_input", "action_id": "a", "is_decimal_allowed": decimal, **extra}


def test_a_trigger_lives_three_seconds_and_opens_one_form(web, maria: Person, hours: Time):
    trigger = maria.world.new_trigger(maria.id)
    hours.passes(3)
    web.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        web.views_open(trigger_id=trigger, view=modal())

    late = maria.world.new_trigger(maria.id)
    hours.passes(3.01)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        web.views_open(trigger_id=late, view=modal())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        web.views_open(trigger_id="1.2.abc", view=modal())


def test_a_stack_holds_three_forms(web: WebClient, maria: Person):
    opened(maria, modal())
    for _ in range(2):
        web.views_push(trigger_id=maria.world.new_trigger(maria.id), view=modal())
    assert maria.modals == 3
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        web.views_push(trigger_id=maria.world.new_trigger(maria.id), view=modal())


@pytest.mark.parametrize(
    ("element", "value", "reason"),
    [
        (text(), None, "required"),
        (text(min_length=3), "ab", "at least 3 characters"),
        (text(max_length=3), "abcd", "at most 3 characters"),
        (text(), "a\nb", "one line only"),
        (number(decimal=False), "1.5", "not a number of the kind asked for"),
        (number(decimal=True), "1,5", "not a number of the kind asked for"),
        (number(decimal=True, min_value="1"), "0.5", "at least 1"),
        (number(decimal=False, max_value="9"), 10, "at most 9"),
        ({"type": "datepicker", "action_id": "a"}, "2026-02-30", "not a date"),
        ({"type": "timepicker", "action_id": "a"}, "25:00", "not a valid timepicker"),
        ({"type": "email_text_input", "action_id": "a"}, "maria", "not a valid email_text_input"),
        ({"type": "url_text_input", "action_id": "a"}, "a.se", "not a valid url_text_input"),
        (
            select("multi_static_select", *"abc", max_selected_items=1),
            ["a", "b"],
            "at most 1 choices",
        ),
    ],
)
def test_slacks_client_keeps_back_a_form_that_is_not_right(
    slack: StandIn, maria: Person, element, value, reason: str
):
    opened(maria, modal(field("f", element)))
    maria.fills(f=value)
    with pytest.raises(NotAllowed) as refusal:
        maria.submits()
    assert (refusal.value.field, refusal.value.reason) == ("f", reason)
    assert slack.courier.sent == []


@pytest.mark.parametrize(
    "act",
    [
        lambda maria: maria.fills(nowhere="a"),
        lambda maria: maria.fills(choice="Karlstad"),
        lambda maria: maria.presses("Ingen knapp"),
        lambda maria: maria.chooses("nothing", "a"),
        lambda maria: (maria.closes(), maria.closes()),
    ],
)
def test_what_is_not_on_the_screen_cannot_be_used(maria: Person, act):
    opened(maria, modal(field("choice", select("static_select", "Kumla"))))
    with pytest.raises(NotAllowed):
        act(maria)


KUMLA = {"text": {"type": "plain_text", "text": "Kumla", "emoji": True}, "value": "Kumla"}
STATES = [
    (text(), "hej", [{"value": "hej"}, {"value": None}]),
    (number(decimal=False), 7, [{"value": "7"}, {"value": None}]),
    (
        {"type": "datepicker"},
        date(2026, 6, 12),
        [{"selected_date": "2026-06-12"}, {"selected_date": None}],
    ),
    ({"type": "timepicker"}, "08:00", [{"selected_time": "08:00"}, {"selected_time": None}]),
    ({"type": "users_select"}, "U1", [{"selected_user": "U1"}, {"selected_user": None}]),
    ({"type": "multi_users_select"}, ["U1"], [{"selected_users": ["U1"]}, {"selected_users": []}]),
    (
        {"type": "conversations_select"},
        "C1",
        [{"selected_conversation": "C1"}, {"selected_conversation": None}],
    ),
    (
        select("radio_buttons", "Kumla"),
        "Kumla",
        [{"selected_option": KUMLA}, {"selected_option": None}],
    ),
    (
        select("checkboxes", "Kumla"),
        {"Kumla"},
        [{"selected_options": [KUMLA]}, {"selected_options": []}],
    ),
]


@pytest.mark.parametrize(("element", "value", "states"), STATES)
def test_each_element_has_its_own_shape_of_state(
    slack: StandIn, maria: Person, element, value, states
):
    element = {"action_id": "a", **element}
    opened(maria, modal(field("f", element, optional=True)))
    for given, expected in zip((value, None), states, strict=True):
        maria.fills(f=given)
        maria.submits()
        state = slack.courier.sent[-1].payload["view"]["state"]["values"]["f"]["a"]
        assert state == {"type": element["type"], **expected}


def test_an_update_keeps_what_was_typed_and_shows_what_was_not_there(web, maria: Person):
    view_id = opened(
        maria, modal(field("typed"), field("untouched"), field("known", text(initial_value="1")))
    )
    maria.fills(typed="mitt")
    names = ("typed", "untouched", "known", "new")
    web.views_update(
        view_id=view_id, view=modal(*(field(n, text(initial_value="ditt")) for n in names))
    )
    shown = {name: shown.value for name, shown in maria.modal.fields.items()}
    assert shown == {"typed": "mitt", "untouched": "ditt", "known": "1", "new": "ditt"}


def test_an_update_may_demand_that_nothing_changed_meanwhile(web: WebClient, maria: Person):
    trigger = maria.world.new_trigger(maria.id)
    view = web.views_open(trigger_id=trigger, view=modal(external_id="workshop-7"))["view"]
    web.views_update(external_id="workshop-7", view=modal(external_id="workshop-7"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        web.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    with pytest.raises(SlackApiError, match="not_found"):
        web.views_update(view_id="V404", view=modal())


class TestAnswersToASubmission:
    @pytest.fixture
    def answers(self, slack: StandIn, served: AsyncApp, maria: Person):
        """Opens a form on a form, and submits it to an app that answers as given."""

        def answered(**answer):
            @served.view("top")
            async def takes(ack):
                await ack(**answer)

            opened(maria, modal(section("under")))
            with maria.world.lock:
                view = modal(section("över", block_id="s"), field("title"), callback_id="top")
                views.push(maria.world, maria.id, view)
            maria.fills(title="Exportdag")
            maria.submits()
            return maria.modal

        return answered

    def test_nothing_closes_the_form_and_shows_the_one_below(self, answers):
        assert answers().words == "under"

    def test_errors_stand_beside_their_fields_and_keep_what_was_typed(self, answers, maria):
        shown = answers(response_action="errors", errors={"title": "Upptaget", "s": "x", "y": "z"})
        assert shown.errors == {"title": "Upptaget"}
        assert (shown.fields["title"].value, shown.fields["title"].error) == (
            "Exportdag",
            "Upptaget",
        )
        maria.fills(title="Annat")
        assert maria.modal.errors == {}

    def test_an_update_takes_the_place_of_the_form(self, answers, maria):
        shown = answers(response_action="update", view=modal(section("Klart")))
        assert (shown.words, maria.modals) == ("Klart", 2)

    def test_a_push_lies_on_top(self, answers, maria):
        shown = answers(response_action="push", view=modal(section("Mer")))
        assert (shown.words, maria.modals) == ("Mer", 3)

    def test_clear_closes_them_all(self, answers):
        assert answers(response_action="clear") is None

    @pytest.mark.parametrize(
        "answer",
        [
            {"response_action": "update", "view": modal(title=plain("x" * 25))},
            {"response_action": "push", "view": {"type": "home", "blocks": []}},
        ],
    )
    def test_a_bad_answer_leaves_the_form_as_it_was(self, answers, maria, answer):
        shown = answers(**answer)
        assert shown.fields["title"].value == "Exportdag"
        assert maria.notice == TROUBLE


def test_an_app_that_fails_leaves_the_form_as_it_was(slack: StandIn, maria: Person):
    opened(maria, modal(field("title")))
    maria.fills(title="Exportdag")
    maria.submits()
    assert maria.notice == TROUBLE
    assert maria.modal.fields["title"].value == "Exportdag"


@pytest.mark.parametrize(("clears", "left", "told"), [(False, 1, [False]), (True, 0, [True, True])])
def test_closing_tells_the_app_where_it_asked_to_be_told(
    slack: StandIn, maria: Person, clears: bool, left: int, told: list[bool]
):
    opened(maria, modal(notify_on_close=True))
    with maria.world.lock:
        views.push(maria.world, maria.id, modal(notify_on_close=True, clear_on_close=clears))
    maria.closes()
    assert maria.modals == left
    sent = [each.payload for each in slack.courier.sent]
    assert [(p["type"], p["is_cleared"]) for p in sent] == [("view_closed", each) for each in told]


def test_the_home_tab_is_published_and_pressed(slack, web, served: AsyncApp, maria: Person):
    heard = []

    @served.action("change")
    async def hears(ack, body):
        heard.append(body["view"]["type"])
        await ack()

    web.views_publish(user_id=maria.id, view=home(section("Hem"), actions(button())))
    assert maria.home.words == "Hem\nÄndra"
    assert slack.person("johan").home is None
    maria.presses("Ändra")
    assert heard == ["home"]


def test_a_choice_outside_an_input_is_told_at_once(slack, served: AsyncApp, maria: Person):
    heard = []

    @served.action("a")
    async def hears(ack, payload, body):
        heard.append((payload["selected_option"]["value"], body["view"]["state"]["values"]["s"]))
        await ack()

    menu = select("static_select", "Kumla", "Hallsberg")
    opened(maria, modal(section(accessory=menu, block_id="s")))
    maria.chooses("a", "Hallsberg")
    [(value, state)] = heard
    assert value == state["a"]["selected_option"]["value"] == "Hallsberg"
