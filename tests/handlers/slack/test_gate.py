"""Whom the bot answers: people of its own workspace, at a pace that leaves room for everybody.

All of it through the real app, by signed HTTP and by Socket Mode.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers.allowance import AT_ONCE, MOST_PEOPLE, Allowance
from handlers.slack.gate import SLACK_SILENT, STRANGER, TOO_FAST
from handlers.slack.workspace import Workspace
from playground import payloads
from playground.delivery import COMMAND, EVENT, INTERACTION, Answer
from playground.faults import Fault
from playground.town import CAST, JOHAN, MARIA, Somebody, Town
from tests.conftest import Still
from tests.talk import sv

ELSEWHERE = "T0ELSEWHERE"
WORKSHOP = "/workshop Exportdag 12 juni Kumla"


@pytest.fixture(params=["http", "socket"])
def town(request, tmp_path, clock) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path}/brobot.db"
    with Town(url, clock, socket_mode=request.param == "socket") as running:
        yield running


def command(town: Town, somebody: Somebody = MARIA, typed: str = "/bro") -> dict:
    channel = town.world.channel_named("bro")
    return payloads.command(town.world, town.person(somebody).id, channel, typed)


def sent(town: Town, kind: str, payload: dict) -> Answer:
    return town.slack.courier.send(kind, payload)


def people_known(town: Town) -> int:
    return len(town.desk.setup.ledger.read(lambda books: books.people.all()))


def reports(town: Town) -> int:
    return len(town.desk.setup.ledger.read(lambda books: books.reports.known_at(town.clock())))


# --- Another workspace


def test_a_command_from_another_workspace_is_refused_though_it_is_signed(town):
    answer = sent(town, COMMAND, command(town) | {"team_id": ELSEWHERE})
    assert answer.body == {"text": sv(STRANGER)} or answer.body == sv(STRANGER)
    assert people_known(town) == 0


def test_a_command_that_names_no_workspace_is_refused(town):
    answer = sent(town, COMMAND, {k: v for k, v in command(town).items() if k != "team_id"})
    assert sv(STRANGER) in str(answer.body)
    assert people_known(town) == 0


def opened_form(town: Town) -> dict:
    """A form that Maria has filled in, as it would be submitted."""
    maria = town.person(MARIA)
    maria.types(WORKSHOP, channel="bro")
    maria.fills(theme="service")
    return payloads.submission(town.world, maria._top())


@pytest.mark.parametrize("named", ["team", "user"])
def test_a_form_from_another_workspace_changes_nothing_and_stays_open(town, named):
    payload = opened_form(town)
    payload[named] |= {"team": {"id": ELSEWHERE}, "user": {"team_id": ELSEWHERE}}[named]
    answer = sent(town, INTERACTION, payload)
    assert answer.body["response_action"] == "errors"
    assert list(answer.body["errors"].values()) == [sv(STRANGER)]
    assert reports(town) == 0


def test_a_form_opened_for_another_installation_of_the_app_changes_nothing(town):
    payload = opened_form(town)
    view = payload["view"] | {"app_installed_team_id": ELSEWHERE}
    sent(town, INTERACTION, payload | {"view": view})
    assert reports(town) == 0


def test_a_button_pressed_at_the_other_end_of_a_shared_channel_does_nothing_but_say_so(town):
    maria = town.person(MARIA)
    maria.types("/bro", channel="bro")
    place = town.world.channel_named("bro"), town.world.channel_named("bro").messages[-1]
    block = next(b for b in place[1].body["blocks"] if b["type"] == "actions")
    action = payloads.action(town.world, block, block["elements"][0], {})
    payload = payloads.message_action(town.world, maria.id, place, action, {})
    sent(town, INTERACTION, payload | {"user": payload["user"] | {"team_id": ELSEWHERE}})
    assert maria.sees("bro")[-1].text == sv(STRANGER)
    assert maria.modal is None


@pytest.mark.parametrize("named", ["team", "user_team", "source_team"])
def test_a_message_from_another_workspace_is_left_unanswered(town, named):
    maria = town.person(MARIA)
    said = {"type": "message", "user": maria.id, "text": "hej", "ts": town.world.new_ts()}
    inner = said | {"channel": "D1", "channel_type": "im", named: ELSEWHERE}
    assert sent(town, EVENT, payloads.event(town.world, inner)).error == ""
    town.settle()
    assert maria.dm == []
    assert people_known(town) == 0


def test_whom_slack_describes_as_a_stranger_is_not_met(town, monkeypatch):
    """Not every request names the workspace of the one who made it."""
    from playground.methods import users  # noqa: PLC0415 - to be changed

    described = users.described
    monkeypatch.setattr(
        users, "described", lambda *a, **k: described(*a, **k) | {"is_stranger": True}
    )
    town.person(MARIA).types("/bro")
    assert town.person(MARIA).dm[-1].text == sv(STRANGER)
    assert people_known(town) == 0


OURS = Workspace("T1", "E1")


@pytest.mark.parametrize(
    ("body", "ours"),
    [
        ({"team_id": "T1"}, True),
        ({"team_id": "T1", "event": {"team": "E1"}}, True),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "E1"}}, True),
        ({"team": None, "user": {"id": "U1", "team_id": "T1"}}, True),
        ({"team_id": "T1", "authorizations": [{"team_id": "T1"}], "event": {"user": "U1"}}, True),
        ({"team_id": "T1", "authorizations": [{"team_id": "T2"}]}, False),
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, False),
        ({"team": {"id": "T2", "enterprise_id": "E1"}}, False),
        ({"team_id": ""}, False),
        ({}, False),
    ],
)
def test_a_request_is_ours_if_every_workspace_it_names_is(body, ours):
    assert OURS.sent(body) is ours


@pytest.mark.parametrize(
    ("user", "ours"),
    [
        ({"team_id": "T1"}, True),
        ({"team_id": "E1"}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": "T1", "is_stranger": True}, False),
        ({}, False),
    ],
)
def test_a_colleague_is_told_from_a_stranger(user, ours):
    assert OURS.employs(user) is ours


# --- Before Slack has said which workspace is ours


def test_fifty_requests_at_the_start_ask_slack_once_which_workspace_is_ours(tmp_path, clock):
    asked = []
    with Town(f"sqlite:///{tmp_path}/brobot.db", clock) as town:
        town.slack.faults.next("auth.test", Fault.slow(lambda: asked.append(1)), times=99)
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda _: sent(town, COMMAND, command(town)), range(50)))
    assert {answer.status for answer in answers} == {200}
    assert not any(sv(STRANGER) in str(answer.body) for answer in answers)
    assert len(asked) <= 1


class SlackDownAtFirst(Town):
    def _world(self):
        world = super()._world()
        world.faults.next("auth.test", Fault.html(503), times=3)
        return world


def test_slack_that_is_down_at_the_start_makes_the_bot_deaf_no_longer_than_it_is_down(
    tmp_path, clock
):
    """Nothing is let through meanwhile; nobody is told to install the app anew, as bolt would."""
    with SlackDownAtFirst(f"sqlite:///{tmp_path}/brobot.db", clock) as town:
        said = [str(sent(town, COMMAND, command(town)).body) for _ in range(4)]
        assert sv(SLACK_SILENT) in said[0]
        assert people_known(town) == 1
        assert sv(SLACK_SILENT) not in said[-1]


# --- Pace


@pytest.fixture
def hurried(tmp_path, clock) -> Iterator[tuple[Town, Still]]:
    """A town with a pace, and the seconds there."""
    seconds = Still(0.0)
    url = f"sqlite:///{tmp_path}/brobot.db"
    with Town(url, clock, monotonic=seconds, pace=1) as running:
        yield running, seconds


def wears_out(town: Town, somebody: Somebody) -> None:
    """Asks for all that may be asked for at once."""
    answers = [sent(town, COMMAND, command(town, somebody)) for _ in range(AT_ONCE)]
    assert not [answer for answer in answers if sv(TOO_FAST) in str(answer.body)]


def test_who_asks_without_a_pause_is_told_to_wait_and_then_served_again(hurried):
    town, seconds = hurried
    wears_out(town, MARIA)
    assert sv(TOO_FAST) in str(sent(town, COMMAND, command(town)).body)
    seconds.moment += 1
    assert sv(TOO_FAST) not in str(sent(town, COMMAND, command(town)).body)
    assert sv(TOO_FAST) in str(sent(town, COMMAND, command(town)).body)


def test_a_form_sent_too_fast_stays_open_with_all_that_was_typed_and_can_be_sent_later(hurried):
    town, seconds = hurried
    maria = town.person(MARIA)
    maria.types(WORKSHOP, channel="bro")
    maria.fills(theme="service")
    for _ in range(AT_ONCE):
        sent(town, COMMAND, command(town))
    maria.submits()
    assert list(maria.modal.errors.values()) == [sv(TOO_FAST)]
    assert maria.modal.fields["title"].value == "Exportdag"
    assert reports(town) == 0
    seconds.moment += 1
    maria.submits()
    assert maria.modal is None
    assert reports(town) == 1


def test_a_form_that_asks_nothing_more_stays_too_when_it_is_sent_too_fast(hurried):
    """Its answers are in it, out of sight: a page in its place would lose them."""
    from playground.town import AMIR  # noqa: PLC0415 - the one admin

    town, seconds = hurried
    amir = town.person(AMIR)
    amir.types("/paminnelse Rapportera kvartalet")
    amir.fills(audience="everyone", start="2026-07-01", at="09:00")
    amir.submits()
    shown = amir.modal.words
    for _ in range(AT_ONCE):
        sent(town, COMMAND, command(town, AMIR))
    for _ in range(2):  # a second refusal is not laid on the first
        amir.submits()
        assert amir.modal.words == f"{sv(TOO_FAST)}\n{shown}"
    seconds.moment += 1
    amir.submits()
    kept = town.desk.setup.ledger.read(lambda books: books.reminders.current())
    assert len(kept) == 1


def test_a_button_pressed_too_fast_says_so_where_it_was_pressed(hurried):
    town, _ = hurried
    maria = town.person(MARIA)
    maria.types("/bro")
    button = maria.dm[-1]
    maria.opens_home()
    home = maria.home
    for _ in range(AT_ONCE):
        sent(town, COMMAND, command(town))
    maria.presses(button.buttons[0], in_message=button)
    assert maria.dm[-1].text == sv(TOO_FAST)
    assert maria.dm[-1].ephemeral
    assert maria.home == home


def test_slacks_own_repetitions_cost_nothing(hurried):
    town, _ = hurried
    sent(town, COMMAND, command(town))
    for answer in town.slack.redeliver_last(AT_ONCE * 2):
        assert sv(TOO_FAST) not in str(answer.body)
    assert sv(TOO_FAST) not in str(sent(town, COMMAND, command(town)).body)


def test_while_one_asks_without_end_everybody_else_is_served(hurried):
    town, _ = hurried
    wears_out(town, JOHAN)
    others = [somebody for somebody in CAST if somebody != JOHAN]
    for round_ in range(8):
        for somebody in others:
            sent(town, COMMAND, command(town, JOHAN))
            answer = sent(town, COMMAND, command(town, somebody))
            assert sv(TOO_FAST) not in str(answer.body), (round_, somebody.name)


def test_a_refused_request_never_reaches_the_database(hurried, monkeypatch):
    town, _ = hurried
    wears_out(town, MARIA)
    asked = []
    monkeypatch.setattr(type(town.desk.homes), "find", lambda *_: asked.append(1))
    sent(town, COMMAND, command(town))
    assert asked == []


def test_the_allowance_forgets_whoever_has_been_still_for_longest():
    allowance = Allowance(1, Still(0.0))
    for number in range(MOST_PEOPLE + 100):
        allowance.admits(f"U{number}", "once")
    assert len(allowance._purses) == MOST_PEOPLE
    assert "U0" not in allowance._purses


def test_no_allowance_grows_beyond_what_may_be_asked_at_once():
    seconds = Still(0.0)
    allowance = Allowance(1, seconds)
    seconds.moment = 1e6
    served = [allowance.admits("U1", str(number)) for number in range(AT_ONCE + 1)]
    assert served == [True] * AT_ONCE + [False]
