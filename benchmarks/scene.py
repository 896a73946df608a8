"""What is measured with: a bot in December 2027, near the end of its plan, somebody whom it knows
well, and what Slack would send for them. Seconds and signatures are real."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from string import ascii_lowercase
from urllib.parse import urlencode

from sqlalchemy import func, select

from benchmarks.client import SECRET
from bot.compose.desk import Outside, desk_for
from bot.desk.desk import Desk
from bot.language import language
from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.tables import handled, outbox, reports
from bot.outcomes import Open
from bot.people import Person, Role
from bot.reports.report import Report
from bot.reports.workshop import Workshop
from bot.settings import Settings, settings_from
from handlers.commands import Commands
from handlers.slack.forms import view_of

NOW = datetime(2027, 12, 15, 12, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)
DAYS = 700
USER = "U1"
_STRIDE = 307
"""Has no divisor in common with the days: each of them is met once before any comes again."""
THEMES = ("service", "investment")
MEMBERS = ("1881", "1861", "1860", "1884", "1880", "1814")

MARIA = Person(
    id=f"slack:{USER}",
    name="Maria Exempel",
    email="maria.exempel@kumla.se",
    home="1881",
    wanted_home=None,
    roles=frozenset({Role.CONTACT}),
    language="sv",
    met_at=NOW,
)


def settings(database_url: str, slack_url: str) -> Settings:
    return settings_from(
        {
            "SLACK_BOT_TOKEN": "xoxb-benchmark",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack_url,
            "DATABASE_URL": database_url,
            "BROBOT_CHANNEL": "C1",
            "BROBOT_PACE": "0",  # it is Maria who sends everything
        }
    )


def prepared(database_url: str) -> None:
    """A migrated database in which Maria is known."""
    engines = connect(database_url)
    migrate(engines)
    engines.dispose()
    desk = desk_with(settings(database_url, "http://127.0.0.1/"))
    desk.setup.ledger.write(lambda books: books.people.meet(MARIA))
    desk.setup.ledger.close()


def forgotten(database_url: str) -> None:
    """Nothing has been reported yet; Maria stays known."""
    engines = connect(database_url)
    with engines.writing.begin() as connection:
        for table in (reports, outbox, handled):
            connection.execute(table.delete())
    engines.dispose()


def reported(database_url: str) -> int:
    """How many reports there are."""
    engines = connect(database_url)
    with engines.reading.begin() as connection:
        number = connection.execute(select(func.count()).select_from(reports)).scalar_one()
    engines.dispose()
    return number


def desk_with(settings: Settings, commands: int = 0) -> Desk:
    """The product's own desk; with more kinds of report until there are so many commands."""
    desk = desk_for(settings, Outside(clock=lambda: NOW))
    lacking = commands - len(Commands(desk).slash)
    if lacking <= 0:
        return desk
    kinds = {**desk.setup.kinds, **dict(_kind(number) for number in range(lacking))}
    return Desk(replace(desk.setup, kinds=kinds))


def _kind(number: int) -> tuple[str, type[Report]]:
    name = f"workshop{number}"
    return name, type(name, (Workshop,), {"kind": name, "__module__": __name__})


def command(words: str) -> str:
    """The body of a slash command, as Slack sends it."""
    name, _, text = words.partition(" ")
    return urlencode(
        {
            "token": "benchmark",
            "team_id": "T1",
            "team_domain": "benchmark",
            "channel_id": "C1",
            "channel_name": "bro",
            "user_id": USER,
            "user_name": "maria",
            "command": name,
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1/commands/1",
            "trigger_id": "1.1.1",
        }
    )


def event() -> str:
    """The body of an event that the bot takes and leaves."""
    inner = {"type": "member_joined_channel", "user": USER, "channel": "C1", "team": "T1"}
    outer = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1"}
    return json.dumps({**outer, "token": "benchmark", "event_time": 1, "event": inner})


def submissions(desk: Desk, number: int) -> Iterator[str]:
    """The bodies of so many reports of workshops (up to 1,400), none of which may be the same
    event as another. The form is the one that the bot would have opened."""
    outcome = Commands(desk).say(MARIA, "workshop", "Exportdag")
    assert isinstance(outcome, Open)
    view = view_of(outcome.form, language("sv"))
    for each in range(number):
        yield _submission(view, each)


def _submission(view: Mapping[str, object], number: int) -> str:
    turn, day_number = divmod(number * _STRIDE, DAYS)
    day, chosen = FIRST_DAY + timedelta(days=day_number), MEMBERS[day_number % len(MEMBERS)]
    theme = THEMES[turn // _STRIDE % len(THEMES)]
    values = {
        "title": {"type": "plain_text_input", "value": ascii_lowercase[day_number % 26] * 12},
        "held_on": {"type": "datepicker", "selected_date": day.isoformat()},
        "members": {"type": "multi_static_select", "selected_options": [_option(chosen)]},
        "form": {"type": "static_select", "selected_option": _option("workshop")},
        "theme": {"type": "radio_buttons", "selected_option": _option(theme)},
        "participants": {"type": "plain_text_input", "value": "24"},
    }
    state = {name: {"value": element} for name, element in values.items()}
    payload = {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "benchmark"},
        "user": {"id": USER, "username": "maria", "name": "maria", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "benchmark",
        "trigger_id": "1.1.1",
        "view": {**view, "id": f"V{number}", "team_id": "T1", "state": {"values": state}},
        "response_urls": [],
        "is_enterprise_install": False,
    }
    return urlencode({"payload": json.dumps(payload)})


def _option(value: str) -> Mapping[str, object]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}
