"""Reports to measure with: as many as wanted, by the decided plan, the same ones for each seed.

Two years of twelve municipalities: workshops that up to three tell of, establishment inquiries and
campaigns with their steps. One report in fifteen has been corrected, one in forty withdrawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count as count_from
from itertools import islice
from random import Random
from secrets import token_hex
from typing import Any

from sqlalchemy import insert

from bot.desk.desk import Desk
from bot.desk.setup import Setup
from bot.ledger.engine import Engines
from bot.ledger.recorded import Ended
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import reports
from bot.people import Person, Role
from bot.plan.loader import load_plan
from bot.plan.model import Plan
from bot.reports import kinds
from bot.settings import BRO_PLAN

MODELS = kinds()
PLAN = load_plan(BRO_PLAN, {name: frozenset(kind.model_fields) for name, kind in MODELS.items()})
CHANNEL = "slack:C1"
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 12)
NOW = datetime(2027, 12, 13, 12, tzinfo=UTC)
"""A Monday at noon, when the digest of the week that ends on LAST has gone out."""
MARIA = Person(
    id="slack:U1",
    name="Maria Exempel",
    email="maria.exempel@kumla.se",
    home="1881",
    wanted_home=None,
    roles=frozenset({Role.CONTACT, Role.LEADERSHIP}),
    language="sv",
    met_at=datetime.combine(FIRST, time(), UTC),
)
_DAY = timedelta(days=1)
_AT_ONCE = 5_000
_CORRECTED, _WITHDRAWN = 1 / 15, 1 / 40
_JOINT, _CONFIDENTIAL, _ANSWERED, _LANDED = 1 / 5, 1 / 5, 3 / 4, 1 / 3
_CHANNELS = ("web", "linkedin", "meta", "search", "email")
_FORMS, _THEMES = ("workshop", "exchange", "training"), ("service", "investment")
_STAGES, _PROGRAMMES = ("create", "run", "follow_up"), ("smart_move", "own")
_AREAS = tuple(entry.code for entry in PLAN.lists["areas"])
_TOLD = ("case", "kind", "part", "day", "members", "answers", "reporter", "home")

Row = dict[str, Any]


def fill(engines: Engines, size: int, seed: int = 1) -> None:
    """So many reports into an empty ledger, past every check: only the tables are asked."""
    Ledger(engines).write(lambda books: books.people.meet(MARIA))
    rows = islice(_Generator(PLAN, Random(seed)).rows(), size)  # noqa: S311 - repeatable, no secret
    with engines.writing.begin() as connection:
        while several := list(islice(rows, _AT_ONCE)):
            connection.execute(insert(reports), several)
    with engines.writing.begin() as connection:
        connection.exec_driver_sql("ANALYZE")  # as it is where a database has run for a while


def tell_more(desk: Desk, count: int) -> None:
    """So many more a minute ago: half of them new, half of them correcting what stood there."""
    at = NOW - timedelta(minutes=1)
    rows = islice(_Generator(PLAN, Random(2)).rows(), count // 2)  # noqa: S311 - as above
    several = [NewReport(**{name: row[name] for name in _TOLD}, by=MARIA.id) for row in rows]

    def work(books: Books) -> None:
        stood = (books.reports.get(id_) for id_ in count_from(1))
        live = (each for each in stood if each and each.ending is None)
        for old in islice(live, count - len(several)):
            told = {name: getattr(old, name) for name in _TOLD}
            books.reports.add(NewReport(**told, by=MARIA.id, supersedes=old.id), at)
        for new in several:
            books.reports.add(new, at)

    desk.setup.ledger.write(work)


def desk_on(engines: Engines) -> Desk:
    """The product's own desk, on the morning NOW."""
    return Desk(
        Setup(
            ledger=Ledger(engines),
            plan=PLAN,
            kinds=MODELS,
            clock=lambda: NOW,
            new_token=lambda: token_hex(16),
            channel=CHANNEL,
        )
    )


@dataclass(slots=True)
class _Generator:
    plan: Plan
    random: Random
    made: int = 0
    cases: int = 0
    late: list[Row] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Without end. A case's reports come one after the other."""
        tell = (*[self._workshop] * 8, self._inquiry, self._campaign)
        while True:
            self.cases += 1
            case = f"{self.random.getrandbits(128):032x}"
            for row in self.random.choice(tell)(case, self._day()):
                yield from self._with_its_fate(row)

    def _day(self) -> date:
        return FIRST + self.random.randrange((LAST - FIRST).days + 1) * _DAY

    def _some(self, most: int) -> list[str]:
        return self.random.sample(self.plan.member_codes, self.random.randint(1, most))

    def _row(self, case: str, kind: str, day: date, answers: Row, **more: Any) -> Row:
        day = min(day, LAST)
        self.made += 1
        told = datetime.combine(day + self.random.randrange(1, 5) * _DAY, time(9), UTC)
        return {
            "id": self.made,
            "case": case,
            "kind": kind,
            "part": "",
            "day": day,
            "members": [],
            "answers": MODELS[kind].model_validate(answers).model_dump(mode="json"),
            "reporter": MARIA.id,
            "home": "bro",
            "recorded_at": min(told, NOW - timedelta(hours=6)),
            "supersedes": None,
            "origin": None,
            "ended_how": None,
            "ended_at": None,
            "ended_by": None,
            "ended_why": None,
            **more,
        }

    def _with_its_fate(self, row: Row) -> Iterator[Row]:
        """As it is; or withdrawn; or followed by the correction that took its place."""
        chance = self.random.random()
        if chance > _CORRECTED + _WITHDRAWN:
            yield row
            return
        at = min(row["recorded_at"] + self.random.randrange(1, 30) * _DAY, NOW - timedelta(hours=5))
        corrected = chance < _CORRECTED
        how = Ended.SUPERSEDED if corrected else Ended.WITHDRAWN
        yield row | {"ended_how": how.value, "ended_at": at, "ended_by": MARIA.id, "ended_why": ""}
        if corrected:
            self.made += 1
            told = {"recorded_at": at, "supersedes": row["id"], "origin": row["id"]}
            yield row | told | {"id": self.made}

    def _workshop(self, case: str, day: date) -> Iterator[Row]:
        """One in five has been told of by two or three."""
        random = self.random
        tellers = self._some(3) if random.random() < _JOINT else self._some(1)
        form, theme = random.choice(_FORMS), random.choice(_THEMES)
        for home in tellers:
            members = [home, *(code for code in self._some(3) if code != home)]
            answers = {
                "title": f"Exportdag för småföretag {self.cases}",
                "held_on": day,
                "members": members,
                "form": form,
                "theme": theme,
                "participants": random.randint(5, 80),
                "host": "Näringslivskontoret",
                "notes": "Ett exempel, som en kommun kunde ha skrivit det: vad dagen handlade om.",
            }
            yield self._row(case, "workshop", day, answers, home=home, members=members)

    def _inquiry(self, case: str, day: date) -> Iterator[Row]:
        random, asked = self.random, self._some(5)
        answers = {
            "code_name": f"Projekt {self.cases}",
            "asked": asked,
            "confidential": random.random() < _CONFIDENTIAL,
            "received_on": day,
            "area": random.choice(_AREAS),
            "land_ha": "15",
            "jobs": random.randint(5, 200),
            "investment_sek": random.randint(10, 400) * 100_000,
            "asked_since": dict.fromkeys(asked, day),
        }
        yield self._row(case, "etablering", day, answers)
        for home in asked:
            yield from self._answers(case, day, home)
        landed = day + random.randrange(20, 200) * _DAY
        if random.random() < _LANDED and landed <= LAST:
            yield self._landed(case, landed, random.choice(asked))

    def _answers(self, case: str, day: date, home: str) -> Iterator[Row]:
        steps: tuple[tuple[str, str, int, Row], ...] = (
            ("etablering_kvittens", "acknowledged_on", 0, {}),
            ("etablering_svar", "answered_on", 2, {"verdict": "no", "reason": "Ingen ledig mark."}),
        )
        for kind, when, earliest, said in steps:
            if self.random.random() < _ANSWERED:
                on = day + self.random.randrange(earliest, earliest + 6) * _DAY
                yield self._row(case, kind, on, {**said, when: on}, home=home, part=home)

    def _landed(self, case: str, day: date, home: str) -> Row:
        answers = {
            "municipality": home,
            "decided_on": day,
            "investment_sek": self.random.randint(10, 400) * 100_000,
            "jobs": self.random.randint(5, 200),
            "area": self.random.choice(_AREAS),
        }
        return self._row(case, "etablering_landad", day, answers, members=[home])

    def _campaign(self, case: str, day: date) -> Iterator[Row]:
        random = self.random
        answers = {
            "name": f"Flytta hem {self.cases}",
            "programme": random.choice(_PROGRAMMES),
            "audience": ["swedish_talent"],
            "initiated_on": day,
        }
        yield self._row(case, "kampanj", day, answers)
        for stage in _STAGES[: random.randint(0, len(_STAGES))]:
            day = min(day + random.randrange(5, 40) * _DAY, LAST)
            yield self._row(
                case, "kampanj_steg", day, {"stage": stage, "reached_on": day}, part=stage
            )
        for channel in random.sample(_CHANNELS, random.randint(0, len(_CHANNELS))):
            yield self._result(case, day, channel)

    def _result(self, case: str, day: date, channel: str) -> Row:
        visits = self.random.randint(100, 9_000)
        answers = {
            "channel": channel,
            "first": day,
            "last": day,
            "spend_sek": self.random.randint(1, 90) * 1_000,
            "visits": visits,
            "conversions": visits // self.random.randint(20, 60),
            "counts_as": "Prenumererar på nyhetsbrevet",
        }
        return self._row(case, "kampanj_resultat", day, answers, part=f"{channel}:{day}:{day}")
