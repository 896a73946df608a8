"""No token, password or word that somebody wrote is in the log; no token in the database, on a page
or in an answer. Everything goes wrong here that can, with all that may be logged turned on."""

import io
import logging
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from bot.ledger.tables import metadata
from bot.logs import CHATTY, OURS, Discreet, set_up
from bot.reports.workshop import Workshop
from bot.settings import SettingsError, settings_from
from playground.errors import NotAllowed
from playground.faults import Canned, Fault
from playground.town import MARIA, SARA, Town
from tests.torture.conftest import Figures, Rounds

SECRETS = {
    "bot_token": "xoxb-leak-1111-bot",
    "app_token": "xapp-1-leak-2222-app",
    "signing_secret": "leak-3333-signing",
    "verification_token": "leak-4444-verification",
}
PASSWORD = "leak-5555-password"
WRITTEN = ("Hemligord", "Hemligvärd", "Hemligskäl", "Hemligbolag", "Hemligprat")

PAGE = f"<html>Proxy: Authorization: Bearer {SECRETS['bot_token']} Hemligord</html>"
ECHO = Canned(502, PAGE, "text/html")
FAULTS = (
    Fault.refused("invalid_auth"),
    Fault.refused("internal_error"),
    Fault.rate_limited("soon"),
    Fault.dropped_before(),
    Fault.dropped_after(),
    Fault.failed_before(500),
    Fault.html(503),
    Fault(ECHO),
    Fault(replace(ECHO, status=200)),
    Fault(Canned(200, f'{{"ok":false,"error":"{SECRETS["bot_token"]}"}}')),
)
METHODS = ("views.open", "users.info", "views.publish", "chat.postMessage", "conversations.open")


class TownWithSecrets(Town):
    def _world(self):
        world = super()._world()
        world.app = replace(world.app, **SECRETS)
        return world


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged, set up as the command line does it at DEBUG."""
    names = ("", *OURS, *CHATTY)
    before = {name: logging.getLogger(name).level for name in names}
    set_up("DEBUG", "text")
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet())
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def lives(town: Town) -> None:
    """Much of what a person does in a day; what Slack does not let them do now is left."""
    maria, sara = town.person(MARIA), town.person(SARA)
    acts = (
        lambda: maria.types(f"/workshop {WRITTEN[0]} 12 juni Kumla", channel="bro"),
        lambda: maria.fills(theme="service", host=WRITTEN[1]),
        maria.submits,
        town.settle,
        lambda: maria.presses("Ångra"),
        lambda: maria.fills(why=WRITTEN[2]),
        maria.submits,
        lambda: sara.types(f"/etablering {WRITTEN[3]} Kumla sekretess", channel="bro"),
        sara.submits,
        lambda: maria.says(WRITTEN[4]),
        maria.opens_home,
        town.settle,
    )
    for act in acts:
        with suppress(NotAllowed):
            act()
    for somebody in (maria, sara):
        while somebody.modal:
            somebody.closes()


def knocks(town: Town) -> list[str]:
    """Requests that are not signed, or signed and broken; what they are answered."""
    bodies = (b"command=%2Fworkshop&text=Hemligord", b'{"text":"Hemligord"', b"payload=Hemligord")
    posts = [
        httpx.post(f"{town.bot_url}/slack/events", content=body, headers=headers).text
        for body in bodies
        for signed in [town.slack.courier.signed_headers(body, "application/json")]
        for headers in (signed, signed | {"X-Slack-Signature": "v0=0"}, {})
    ]
    return posts + [httpx.get(f"{town.bot_url}{path}").text for path in ("/health", "/ready", "/x")]


def stored(town: Town) -> str:
    tables = metadata.sorted_tables
    rows = town.desk.setup.ledger.read(
        lambda books: [books._connection.execute(each.select()).all() for each in tables]
    )
    return repr(rows)


def shown(town: Town) -> str:
    people = [town.person(each) for each in town.cast]
    return repr([(p.dm, p.sees("bro"), p.home, p.modal, p.notice) for p in people])


@pytest.fixture(params=[False, True], ids=["http", "socket"])
def town(request, tmp_path, clock, logged) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path}/brobot.db"
    with TownWithSecrets(url, clock, socket_mode=request.param) as running:
        yield running


def test_whatever_goes_wrong_no_secret_gets_out_and_the_log_repeats_nobody(
    town, logged, rounds: Rounds, figures: Figures
):
    lives(town)
    played = 0
    for method in METHODS:
        for fault in FAULTS[:: rounds(3, 1)]:
            town.slack.faults.next(method, fault)
            lives(town)
            town.slack.faults.clear()
            played += 1
    answers = repr(knocks(town))
    places = {"log": logged.getvalue(), "database": stored(town), "answers": answers}
    places |= {"pages": shown(town), "settings": repr(town.settings)}
    for place, text in places.items():
        lines = [line for line in text.splitlines() if any(s in line for s in SECRETS.values())]
        assert lines == [], place
    assert [word for word in WRITTEN if word in places["log"] + places["answers"]] == []
    assert WRITTEN[0] in places["database"]  # so it would have been found
    assert "unexpected error" in places["log"]
    figures(f"{played} days with a fault each: 0 secrets and 0 written words in log or answers")


def test_an_exception_is_logged_by_its_kind_and_its_way_alone(logged):
    try:
        try:
            Workshop.model_validate({"title": {"Hemligord": 1}})
        except ValueError as error:
            raise RuntimeError("Hemligvärd") from error
    except RuntimeError:
        logging.getLogger("bot.any").exception("it failed")
    said = logged.getvalue()
    assert "RuntimeError" in said
    assert "pydantic_core._pydantic_core.ValidationError" in said
    assert "test_secrets.py" in said
    assert "Hemligord" not in said.replace('{"Hemligord"', "")  # the line of this test's own source
    assert "input_value" not in said


ENVIRONMENT = {
    "SLACK_BOT_TOKEN": SECRETS["bot_token"],
    "SLACK_APP_TOKEN": SECRETS["app_token"],
    "SLACK_SIGNING_SECRET": SECRETS["signing_secret"],
    "DATABASE_URL": f"postgresql://brobot:{PASSWORD}@127.0.0.1:1/brobot",
    "BROBOT_CHANNEL": "C1",
}


def leaked(text: str) -> list[str]:
    return [each for each in (*SECRETS.values(), PASSWORD) if each in text]


def test_the_settings_do_not_tell_what_is_secret():
    settings = settings_from(ENVIRONMENT)
    assert leaked(repr(settings) + str(settings)) == []


def test_settings_that_are_wrong_are_named_without_what_they_were():
    swapped = dict.fromkeys((*ENVIRONMENT, "PORT", "BROBOT_LOG_LEVEL"), SECRETS["bot_token"])
    with pytest.raises(SettingsError) as refused:
        settings_from(swapped)
    assert leaked(str(refused.value)) == []


def test_a_database_that_does_not_answer_is_told_without_its_password():
    ledger = Ledger(connect(ENVIRONMENT["DATABASE_URL"]))
    try:
        ledger.read(lambda books: books.people.all())
    except (SQLAlchemyError, Exception):  # noqa: BLE001 - whatever it is
        assert leaked(traceback.format_exc()) == []
    else:
        pytest.fail("there is no database")
