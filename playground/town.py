"""A whole Brobot beside a stand-in Slack: the demo's and the tests' installation.

Everything is the real thing (web process, ledger, outbox worker, over real HTTP on loopback) but
Slack and the clock. The people are invented, and their surname says so.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from bot.clock import MovableClock
from bot.compose.desk import Outside, checked_plan, desk_for
from bot.compose.web import web_process
from bot.compose.worker import deliverer
from bot.desk.desk import Desk
from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.schema import Schema, schema
from bot.plan.model import Plan
from bot.reports import kinds
from bot.settings import BRO_PLAN, Settings, settings_from
from handlers.slack.manifest import SCOPES, slash_commands
from playground.background import Background
from playground.errors import NotAllowed
from playground.person import Person
from playground.server import StandIn
from playground.world import App, World
from schedules.delivery import Deliverer
from schedules.inquiries import inquiries_if_due
from schedules.reminders import reminders_if_due
from schedules.weekly_digest import digest_if_due

CHANNEL = "bro"
YEARS = range(2020, 2100)
"""The years that the clock may be set to: calendars and reminders are sure to know them."""


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    email: str
    title: str


MARIA = Somebody("maria", "maria.exempel@kumla.se", "Kontakt i Kumla")
JOHAN = Somebody("johan", "johan.exempel@hallsberg.se", "Kontakt i Hallsberg")
SARA = Somebody("sara", "sara.exempel@orebro.se", "Kontakt i Örebro")
KARIN = Somebody("karin", "karin.exempel@businessregionorebro.se", "Ledning, BRO")
AMIR = Somebody("amir", "amir.exempel@regionorebrolan.se", "Admin, BRO")
ULLA = Somebody("ulla", "ulla@exempelkonsult.se", "Konsult, ny")

EVA = Somebody("eva", "eva.exempel@lekeberg.se", "Kontakt i Lekeberg")
LARS = Somebody("lars", "lars.exempel@laxa.se", "Kontakt i Laxå")
DANA = Somebody("dana", "dana.exempel@degerfors.se", "Kontakt i Degerfors")
HENRIK = Somebody("henrik", "henrik.exempel@hallefors.se", "Kontakt i Hällefors")
LINA = Somebody("lina", "lina.exempel@ljusnarsberg.se", "Kontakt i Ljusnarsberg")
ANDERS = Somebody("anders", "anders.exempel@askersund.se", "Kontakt i Askersund")
KIM = Somebody("kim", "kim.exempel@karlskoga.se", "Kontakt i Karlskoga")
NILS = Somebody("nils", "nils.exempel@nora.se", "Kontakt i Nora")
LOTTA = Somebody("lotta", "lotta.exempel@lindesberg.se", "Kontakt i Lindesberg")
CONTACTS = (EVA, LARS, DANA, HENRIK, LINA, ANDERS, KIM, NILS, LOTTA)

CAST = (MARIA, JOHAN, SARA, KARIN, AMIR, ULLA, *CONTACTS)


@cache
def _plan(file: Path, _content: bytes) -> Plan:
    """Read once for many towns: that takes a quarter of founding one."""
    return checked_plan(file)


@dataclass
class Town:
    """`with Town(...) as town:` and the bot is there. Nobody there is told to slow down, since
    minutes pass in no time, unless `pace` says otherwise. With a `metrics_token` somebody
    watches."""

    database_url: str
    clock: MovableClock
    socket_mode: bool = False
    port: int = 0
    monotonic: Callable[[], float] = time.monotonic
    pace: float = 0
    metrics_token: str = ""
    cast: tuple[Somebody, ...] = CAST
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._open(opened)
            self._stack = opened.pop_all()
        return self

    def _open(self, opened: ExitStack) -> None:
        self.world = self._world()
        self.slack = opened.enter_context(StandIn(self.world, port=self.port))
        self.settings = self._settings()
        engines = connect(self.database_url)
        if schema(engines) is not Schema.OURS:  # to look is quicker than to migrate nothing
            migrate(engines)
        engines.dispose()
        self.outside = Outside(
            clock=self.clock, monotonic=self.monotonic, pause=lambda _seconds: None
        )
        plan = _plan(self.settings.plan, self.settings.plan.read_bytes())
        self.desk: Desk = desk_for(self.settings, self.outside, plan)
        opened.callback(self.desk.setup.ledger.close)
        web = web_process(self.desk, self.settings, self.outside)
        server = opened.enter_context(Background(web, lifespan=True))
        self.bot_url = server.url
        if self.socket_mode:
            self.slack.sockets.wait_connected(5)
        else:
            self.slack.request_url = f"{server.url}/slack/events"
        self.deliverer: Deliverer = deliverer(self.desk, self.settings, self.outside)

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def person(self, somebody: Somebody) -> Person:
        return self.slack.person(somebody.name)

    def settle(self) -> None:
        """Let a worker do all that is due now, one message per second and channel."""
        digest_if_due(self.desk)
        reminders_if_due(self.desk)
        inquiries_if_due(self.desk)
        self.deliver()

    def deliver(self) -> None:
        """Say all that stands in the outbox; time goes on between two messages in a channel."""
        ledger = self.desk.setup.ledger
        while self.deliverer.run_once() or ledger.read(
            lambda books: books.outbox.due(self.clock())
        ):
            self.clock.set(self.clock() + timedelta(seconds=1))

    def move_clock(self, to: datetime) -> None:
        """What the page's clock does. Raises NotAllowed for a moment that is none or too far."""
        if to.tzinfo is None or to.astimezone(UTC).year not in YEARS:
            raise NotAllowed("clock", f"a moment from {YEARS.start} to {YEARS.stop - 1}, with zone")
        if to < self.clock():
            # What is in line would wait for its own time to come again, and hold up the rest.
            self.deliver()
        self.clock.set(to)

    def _world(self) -> World:
        world = World(
            clock=self.clock,
            monotonic=self.monotonic,
            wall=time.time,
            set_clock=self.move_clock,
            app=App(name="Brobot", scopes=frozenset(SCOPES)),  # as its manifest asks
        )
        users = [
            world.add_user(
                each.name,
                f"{each.name.capitalize()} Exempel",
                email=each.email,
                title=each.title,
            )
            for each in self.cast
        ]
        world.add_channel(CHANNEL, users, topic="Business Region Örebro (exempel)")
        for command, hint, words in slash_commands(kinds()):
            world.add_command(command, hint, words)
        return world

    def _settings(self) -> Settings:
        app = self.world.app
        secret = {"SLACK_APP_TOKEN": app.app_token}
        if not self.socket_mode:
            secret = {"SLACK_SIGNING_SECRET": app.signing_secret}
        return settings_from(
            {
                "SLACK_BOT_TOKEN": app.bot_token,
                "SLACK_API_URL": self.slack.api_url,
                "DATABASE_URL": self.database_url,
                "BROBOT_CHANNEL": self.world.channel_named(CHANNEL).id,
                "BROBOT_PLAN": str(BRO_PLAN),
                "BROBOT_ADMINS": AMIR.email,
                "BROBOT_PACE": str(self.pace),
                "BROBOT_METRICS_TOKEN": self.metrics_token,
                **secret,
            }
        )
