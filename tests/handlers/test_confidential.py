"""Confidential means confidential: counted everywhere, named nowhere but to those who may know.

A marked string stands in every free-text field of confidential cases with their whole life. Then
everybody says every word, presses every button and hands in every form; every alarm rings, for
weeks; deliveries fail, rows are broken, the database falls. All that each person saw, all that was
logged at every level and all that was stored is kept, and the marks are looked for in it.
"""

import json
import logging
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.asking import Line, Prose, RawAnswers
from bot.clock import MovableClock
from bot.compose.desk import settings_here
from bot.desk.report_forms import Withdrawal
from bot.ledger.tables import metadata
from bot.logs import CHATTY, OURS, Discreet
from bot.outcomes import Done, Outcome
from bot.people import Role
from bot.reports import Report, kinds
from handlers.commands import About, Answered
from playground.errors import NotAllowed
from playground.faults import Fault
from playground.messages import visible
from playground.town import (
    AMIR,
    ANDERS,
    CHANNEL,
    DANA,
    EVA,
    HENRIK,
    JOHAN,
    KARIN,
    LARS,
    LINA,
    MARIA,
    NILS,
    SARA,
    ULLA,
    Somebody,
    Town,
)
from tests.conftest import FRIDAY, Still
from tests.handlers.house import (
    INQUIRY,
    KEYS,
    KUMLA,
    LAXA,
    NORA,
    PEOPLE,
    STEPS,
    WORKSHOP,
    copy,
    does,
    lives,
    named,
    peopled,
)
from tests.talk import commands_of, known, with_role

ASKERSUND = "1882"
ASKED = [KUMLA, LAXA, ASKERSUND]
CAST = (*PEOPLE, LINA, NILS, HENRIK)
"""Lina is Laxå's contact and Nils Askersund's; Henrik registers an inquiry before anybody has
confirmed whom he speaks for."""
CONTACTS = frozenset({MARIA, EVA, LINA, NILS})
INSIDE = CONTACTS | {SARA, KARIN}

MARK = re.compile(r"Qx\d{3}q")
SECRETIVE = {name for name, kind in kinds().items() if "confidential" in kind.model_fields}
FAMILY = {n: k for n, k in kinds().items() if n in SECRETIVE or k.step_of in SECRETIVE}
FREE_TEXTS = {
    (name, each.name)
    for name, kind in FAMILY.items()
    for each in kind.fields()
    if isinstance(each.ask.input, Line | Prose)
}
"""Every field of every kind of report in such a case that people write freely in."""


# --- What is planted


@dataclass
class Plants:
    """Marks: each stands in one field of one case. `insiders` may know of a case, by its key."""

    insiders: dict[str, frozenset[Somebody]] = field(default_factory=dict)
    case_of: dict[str, str] = field(default_factory=dict)
    where: dict[str, tuple[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def mark(self, case: str, kind: str, name: str) -> str:
        mark = f"Qx{len(self.case_of):03}q"
        self.case_of[mark] = case
        self.where[mark] = (kind, name)
        return mark

    def marked(self, case: str, kind: type[Report], given: RawAnswers) -> RawAnswers:
        texts = kind.fields_asking(Line) + kind.fields_asking(Prose)
        return {**given, **{name: self.mark(case, kind.kind, name) for name in texts}}

    def told_in(self, text: str) -> set[str]:
        """Of which cases the text tells."""
        return {self.case_of[mark] for mark in MARK.findall(text) if mark in self.case_of}

    def companies(self, case: str) -> set[str]:
        named = {mark for mark, where in self.where.items() if where[1] == "company"}
        return {mark for mark in named if self.case_of[mark] == case}


@dataclass
class Drama:
    """A town where confidential cases are played, and all that came of it."""

    town: Town
    plants: Plants = field(default_factory=Plants)
    tokens: dict[str, str] = field(default_factory=dict)
    saw: dict[Somebody, set[str]] = field(default_factory=lambda: defaultdict(set))
    first_lines: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    unnoted: list[tuple[str, str, str]] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    _noted: dict[tuple[Somebody, str], int] = field(default_factory=lambda: defaultdict(int))
    _editions: set[tuple[Somebody, str, str]] = field(default_factory=set)

    # --- The cases

    def registers(self, key: str, who: Somebody, insiders: Iterable[Somebody], **more: object):
        self.plants.insiders[key] = frozenset(insiders)
        leaders = {"leaders": [known(self.town, KARIN).id]}
        given = {**INQUIRY, **leaders, "asked": ASKED, "confidential": "true", **more}
        answers = self.plants.marked(key, FAMILY["etablering"], given)
        self.plants.titles[key] = answers["code_name"]
        assert does(self.town, who, "etablering", answers) == Done()
        live = self.reports()
        title = answers["code_name"]
        self.tokens[key] = next((r["case"] for r in live if title in r["answers"]), "")

    def steps(self, key: str, who: Somebody, kind: str, **more: object) -> int:
        """A step, with a mark in each of its texts. Its report's id."""
        given = {**STEPS[kind], "answered_on": "2026-06-12", "reached_on": "2026-06-12"}
        given |= {"decided_on": "2026-06-12", "lost_on": "2026-06-12", **more}
        own = {name: value for name, value in given.items() if name in FAMILY[kind].model_fields}
        answers = self.plants.marked(key, FAMILY[kind], own)
        assert does(self.town, who, kind, answers, case=self.tokens[key]) == Done()
        return int(self.reports()[-1]["id"])

    def withdraws(self, key: str, who: Somebody, report: int) -> None:
        why = self.plants.mark(key, "withdrawal", "why")
        assert does(self.town, who, "withdraw", {"why": why}, report=str(report)) == Done()

    def corrects(self, key: str, who: Somebody, **more: object) -> None:
        """The registration once more, with new words everywhere."""
        old = [r for r in self.reports() if r["case"] == self.tokens[key]]
        last = next(r for r in reversed(old) if r["kind"] == "etablering" and not r["ended_at"])
        given = {k: v for k, v in json.loads(last["answers"]).items() if k != "asked_since"} | more
        given["confidential"] = "true" if given["confidential"] else None
        answers = self.plants.marked(key, FAMILY["etablering"], given)
        self.plants.titles[key] = answers["code_name"]
        assert does(self.town, who, "etablering", answers, report=str(last["id"])) == Done()

    def reports(self) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM reports ORDER BY id")

    def rows(self, query: str, *values: str) -> list[sqlite3.Row]:
        with closing(sqlite3.connect(self.file)) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    @property
    def file(self) -> Path:
        return Path(self.town.database_url.removeprefix("sqlite:///"))

    def executes(self, *statements: str) -> None:
        with sqlite3.connect(self.file) as database:
            for statement in statements:
                database.execute(statement)

    # --- What is kept

    def look(self, who: Somebody, *, typed: str = "", answer: str = "", asked: bool = True) -> None:
        """Keep what somebody sees now. What is new of a confidential case is a reading of it,
        unless they only see again what they have `typed` or handed in (not `asked`)."""
        new = {*self._screen(who, typed), answer} - self.saw[who]
        self.saw[who] |= new
        for case in {case for text in new for case in self.plants.told_in(text)} - {"open"}:
            before, now = self._noted[who, case], self.readings(who, case)
            if asked and now <= before and who in self.plants.insiders[case]:
                told = next(text for text in new if case in self.plants.told_in(text))
                self.unnoted.append((who.name, case, told))
            self._noted[who, case] = now

    def readings(self, who: Somebody, case: str) -> int:
        query = 'SELECT * FROM readings WHERE "case" = ? AND person = ?'
        return len(self.rows(query, self.tokens[case], known(self.town, who).id))

    def _screen(self, who: Somebody, typed: str) -> Iterator[str]:
        person, world = self.town.person(who), self.town.world
        yield from self._messages(who)
        for view in world.stacks.get(person.id, ()):
            form = json.dumps([view.body, view.errors], ensure_ascii=False)
            yield form.replace(typed, "") if typed else form
        if home := world.homes.get(person.id):
            yield json.dumps(home.body, ensure_ascii=False)
        yield person.notice
        for file in world.files.values():
            yield json.dumps([file.name, file.title, file.alt_text], ensure_ascii=False)

    def _messages(self, who: Somebody) -> Iterator[str]:
        """Those that are new on the screen, or say something new."""
        world, id_ = self.town.world, self.town.person(who).id
        for place in (world.channel_named(CHANNEL), world.dm(id_)):
            for message in visible(world, place, id_):
                edition = (who, message.ts, message.body.get("edited", {}).get("ts", ""))
                if edition not in self._editions:
                    self._editions.add(edition)
                    self.first_lines.add(message.body["text"])
                    yield json.dumps(message.body, ensure_ascii=False)

    def everybody_looks(self) -> None:
        for who in self.town.cast:
            self.look(who)
        for name in metadata.tables.keys() - {"reports", "held"}:
            self.stored |= {str(tuple(row)) for row in self.rows(f'SELECT * FROM "{name}"')}

    def counts_anew(self) -> None:
        self._noted.update({pair: self.readings(*pair) for pair in self._noted})

    # --- What is done

    def types(self, who: Somebody, line: str, typed: str = "") -> None:
        person = self.town.person(who)
        person.types(line, CHANNEL)
        self.look(who, typed=typed)
        if person.modal is not None:
            person.closes()

    def says_everything(self, who: Somebody) -> None:
        titles = [*self.plants.titles.values()]
        for verb in commands_of(self.town).verbs:
            for rest in ("", "lista"):
                self.types(who, f"/bro {verb} {rest}")
        for title in titles:
            self.types(who, f"/etablering {title}", title)
        plan = self.town.desk.setup.plan
        for words in (
            *(each.id for each in plan.rows),
            *(f"vecka 2026-v{n}" for n in (24, 25, 26)),
            *("tyst", "Kumla", "Laxå", "Askersund", "hjälp"),
        ):
            self.types(who, f"/okr {words}")
        self.town.person(who).opens_home()
        self.look(who)

    def presses_all_that_is_there(self, who: Somebody) -> None:
        """Each button of each message, and the form that opens is handed in as it is."""
        person = self.town.person(who)
        for message in person.dm:
            for label in dict.fromkeys(message.buttons):
                with suppress(NotAllowed):
                    person.presses(label, message)
                    self.look(who)
                    if person.modal is not None and person.modal.view["callback_id"] in FAMILY:
                        person.submits()
                        self.look(who, asked=False)
                if person.modals:
                    person.closes()

    def presses_what_others_have(self, who: Somebody) -> None:
        """Every button that anybody has seen, and every form about every report: forged."""
        commands, person = commands_of(self.town), known(self.town, who)
        for verb, value in sorted(self.buttons()):
            if verb not in {"approve", "approve_reporting", "refuse"}:
                self._drawn(who, commands.press(person, verb, json.loads(value)))
        about = [{"report": str(report["id"])} for report in self.reports()]
        about += [{"case": token} for token in self.tokens.values()]
        for form in FAMILY.keys() & commands.forms.keys() | {"withdraw"}:
            for each in about:
                answers = {} if form != "withdraw" else {"why": "x" * 1000}
                answered = Answered(form, answers, About(each), next(KEYS))
                self._drawn(who, commands.submit(person, answered), asked=False)

    def buttons(self) -> set[tuple[str, str]]:
        pattern = re.compile(r'"action_id": "(\w+)\.\d+", "value": ("(?:[^"\\]|\\.)*")')
        texts = [text for seen in self.saw.values() for text in seen]
        found = {pair for text in texts for pair in pattern.findall(text)}
        return {(verb, json.loads(value)) for verb, value in found}

    def _drawn(self, who: Somebody, outcome: Outcome, *, asked: bool = True) -> None:
        self.look(who, answer=str(outcome), asked=asked)

    def settles(self) -> None:
        self.town.settle()
        self.everybody_looks()

    def lives_through(self, days: int) -> None:
        """Every alarm, morning, noon and afternoon."""
        first = self.town.clock()
        for day in range(days):
            for hour in (time(6, 5), time(10, 5), time(13)):
                moment = datetime.combine((first + timedelta(days=day)).date(), hour, UTC)
                self.town.clock.set(max(moment, self.town.clock()))
                self.settles()


# --- The drama


def plays(town: Town) -> Drama:
    """From registration to the end, what goes wrong included."""
    drama = Drama(town)
    for somebody, home in ((LINA, LAXA), (NILS, ASKERSUND)):
        lives(town, somebody, home)
        with_role(town, somebody, Role.CONTACT)
    for key in ("landed", "lost", "waiting", "withdrawn"):
        drama.registers(key, SARA, INSIDE)
    drama.registers("open", SARA, INSIDE, confidential="")
    drama.registers("held", HENRIK, {HENRIK, MARIA, EVA, KARIN}, asked=[KUMLA], home=NORA)
    drama.settles()
    commands = commands_of(town)
    approved = {"person": known(town, HENRIK).id, "home": NORA}
    commands.press(known(town, AMIR), "approve", approved)
    drama.tokens["held"] = drama.reports()[-1]["case"]
    for key in ("landed", "lost", "open"):
        has_its_life(drama, key)
    drama.steps("landed", SARA, "etablering_landad", area="industry")
    drama.steps("lost", SARA, "etablering_forlorad")
    commands.press(known(town, MARIA), "acknowledge", {"case": drama.tokens["waiting"]})
    (whole,) = [r for r in drama.reports() if r["case"] == drama.tokens["withdrawn"]]
    drama.withdraws("withdrawn", SARA, int(whole["id"]))
    drama.settles()
    drama.lives_through(11)
    everybody_does_everything(drama)
    much_goes_wrong(drama)
    town.clock.set(town.clock() + timedelta(days=70))
    drama.lives_through(4)
    return drama


def has_its_life(drama: Drama, key: str) -> None:
    drama.steps(key, MARIA, "etablering_svar", verdict="yes")
    drama.steps(key, LINA, "etablering_svar", verdict="partly")
    drama.steps(key, NILS, "etablering_svar", verdict="no")
    drama.steps(key, EVA, "etablering_svar", verdict="yes")  # completes Maria's
    drama.steps(key, SARA, "etablering_steg", stage="shortlist")
    mistaken = drama.steps(key, SARA, "etablering_steg", stage="visit")
    drama.withdraws(key, SARA, mistaken)
    drama.corrects(key, SARA)


def everybody_does_everything(drama: Drama) -> None:
    for who in drama.town.cast:
        drama.says_everything(who)
    for who in drama.town.cast:
        drama.presses_all_that_is_there(who)
    for who in drama.town.cast:
        drama.presses_what_others_have(who)
    drama.settles()


def much_goes_wrong(drama: Drama) -> None:
    slack, town = drama.town.slack, drama.town
    for fault in (
        Fault.refused("restricted_action"),
        Fault.html(503),
        Fault.dropped_after(),
        Fault.failed_before(),
    ):
        drama.corrects("waiting", SARA)
        # Of what is refused for good, admins are told, and that must arrive.
        slack.faults.next("chat.postMessage", fault, times=1)
        slack.faults.next("chat.update", fault, times=40)
        town.settle()
        slack.faults.clear()
        town.clock.set(town.clock() + timedelta(hours=1))
        drama.settles()
        for method in ("views.open", "views.publish"):
            slack.faults.next(method, fault, times=1)
        title = drama.plants.titles["waiting"]
        drama.types(SARA, f"/etablering {title} {title}", title)
        town.person(MARIA).opens_home()
        drama.look(MARIA)
        slack.faults.clear()
    backup = drama.file.with_suffix(".whole")
    copy(drama.file, backup)
    odd = "UPDATE reports SET answers = json_set(answers, '$.extra', 1) WHERE kind"
    for trouble in (
        (f"{odd} = 'etablering'",),
        (f"{odd} <> 'etablering'",),
        ("DROP INDEX ix_reports_case", "ALTER TABLE reports DROP COLUMN answers"),
    ):
        drama.corrects("waiting", SARA)
        drama.executes(*trouble)
        for who in town.cast:
            titles = drama.plants.titles.values()
            for line in (*(f"/etablering {t}" for t in titles), "/etablering lista", "/okr I1"):
                drama.types(who, line, line.removeprefix("/etablering "))
            for line in ("/okr I4", "/okr", "/bro mina", "/okr vecka 2026-v25"):
                drama.types(who, line)
            town.person(who).opens_home()
            drama.look(who)
        town.clock.set(town.clock() + timedelta(days=7))
        with suppress(Exception):
            town.settle()
        drama.everybody_looks()
        copy(backup, drama.file)
        drama.counts_anew()


@pytest.fixture(scope="module")
def drama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drama]:
    """Logged as by `BROBOT_LOG_LEVEL=DEBUG`."""
    kept = Kept()
    root, before = logging.getLogger(), logging.getLogger().level
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROBOT_LOG_LEVEL", "DEBUG")
        settings_here(connected=False)
    root.addHandler(kept)
    try:
        url = f"sqlite:///{tmp_path_factory.mktemp('confidential')}/brobot.db"
        with Town(url, MovableClock(Still(FRIDAY)), cast=CAST) as town:
            peopled(town)
            played = plays(town)
            played.logged = kept.records
            yield played
    finally:
        root.setLevel(before)
        root.removeHandler(kept)
        for name in (*OURS, *CHATTY):
            logging.getLogger(name).setLevel(logging.NOTSET)


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[str] = []
        self.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(self.format(record))


# --- What is found


def test_every_free_text_of_every_kind_and_the_reason_of_a_withdrawal_has_been_marked(drama):
    assert {"etablering"} == SECRETIVE
    assert {*drama.plants.where.values()} == FREE_TEXTS | {
        ("withdrawal", name) for name in Withdrawal.model_fields
    }


def test_those_who_may_know_have_read_of_the_cases(drama):
    """Otherwise nothing is proven by what others have not read."""
    for who in INSIDE:
        cases = {case for text in drama.saw[who] for case in drama.plants.told_in(text)}
        assert cases >= {"landed", "lost", "waiting"}, who.name


@pytest.mark.parametrize("who", CAST, ids=named)
def test_nobody_has_seen_a_word_of_a_case_that_they_may_not_know_of(drama, who):
    insiders = drama.plants.insiders
    hidden = {case for case in insiders if who not in insiders[case]} - {"open"}
    assert [text for text in drama.saw[who] if drama.plants.told_in(text) & hidden] == []


@pytest.mark.parametrize("who", CAST, ids=named)
def test_a_company_in_an_open_case_has_been_read_by_those_in_it_only(drama, who):
    companies = drama.plants.companies("open")
    read = any(mark in text for text in drama.saw[who] for mark in companies)
    assert read == (who in INSIDE)


def test_every_alarm_has_rung_for_every_capacity_and_admins_have_been_told_what_did_not_arrive(
    drama,
):
    rung = {json.loads(row["notice"])["say"] for row in drama.rows("SELECT notice FROM outbox")}
    of_cases = {"inquiry", "followed", "nudge", "late", "old", "receipt"}
    assert rung >= {"digest", "digest_detail", "undelivered", *of_cases}
    claimed = drama.rows("SELECT period FROM occasions WHERE alarm LIKE 'inquiry:%'")
    told_as = {part for row in claimed for part in row["period"].split(":")}
    assert told_as >= {"contact", "deputy", "coordinator", "passed", "old"}
    assert any("restricted_action" in text for text in drama.saw[AMIR])


def test_what_admins_are_told_of_a_message_that_did_not_arrive_does_not_say_of_what(drama):
    rows = drama.rows(
        "SELECT notice FROM outbox WHERE json_extract(notice, '$.say') = ?", "undelivered"
    )
    assert {json.loads(row["notice"])["what"] for row in rows} == {"message"}


def test_no_first_line_of_a_message_has_a_word_of_a_confidential_case(drama):
    told = [line for line in drama.first_lines if drama.plants.told_in(line) - {"open"}]
    assert told == []


def test_no_log_has_a_word_that_somebody_wrote(drama):
    assert len(drama.logged) > 100
    assert [line[:300] for line in drama.logged if MARK.search(line)] == []


def test_no_table_but_the_ledgers_own_has_a_word_that_somebody_wrote(drama):
    assert len(drama.stored) > 100
    assert [row for row in drama.stored if MARK.search(row)] == []


def test_whatever_is_read_of_a_confidential_case_has_been_noted_before(drama):
    assert drama.unnoted == []


# --- Small numbers


APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 6, 7, tzinfo=UTC)
"""When nobody owes a report, and nothing has been heard for a quarter but of inquiries."""

OUTSIDERS = (ULLA, ANDERS, LINA, JOHAN, DANA, LARS, AMIR)
"""Whoever has not to do with it: among them somebody in Kumla and in Nora who is not the contact,
the office's coordinator, a leader who is not named, an admin."""
LOOKS = (
    *("in the channel", "in their messages", "home", "/okr", "/bro mina", "/bro personer"),
    *("/etablering lista", "/okr I1", "/okr I4", "/okr vecka 2026-v24", "/okr vecka 2026-v27"),
    *("/okr tyst", "/okr Kumla", "/okr Nora"),
)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, list[str]], ...]:
    """What every outsider reads in two towns that differ in one thing: whom Sara has asked."""
    folder = tmp_path_factory.mktemp("worlds")
    return tuple(
        read_by_outsiders(f"sqlite:///{folder}/{home}.db", home, contact)
        for home, contact in ((KUMLA, MARIA), (NORA, NILS))
    )


def read_by_outsiders(url: str, home: str, contact: Somebody) -> Mapping[str, list[str]]:
    with Town(url, MovableClock(Still(APRIL)), cast=(*PEOPLE, NILS, LINA)) as town:
        peopled(town)
        everybody = list(town.desk.setup.plan.member_codes)
        for day in ("2026-03-10", "2026-04-01"):
            shared = {**WORKSHOP, "held_on": day, "members": everybody}
            assert does(town, MARIA, "workshop", shared) == Done()
        town.clock.set(FRIDAY)
        for somebody in (NILS, LINA):
            lives(town, somebody, NORA)
        with_role(town, NILS, Role.CONTACT)
        drama = Drama(town)
        for key in ("landed", "waiting"):
            drama.registers(key, SARA, {SARA, KARIN, contact}, asked=[home])
        drama.steps("landed", contact, "etablering_svar")
        drama.steps("landed", SARA, "etablering_landad", municipality=home)
        drama.lives_through(11)
        town.clock.set(JULY)
        drama.settles()
        return {look: [read(town, who, look) for who in OUTSIDERS] for look in LOOKS}


def read(town: Town, who: Somebody, look: str) -> str:
    person, commands = town.person(who), commands_of(town)
    match look:
        case "in the channel":
            told = [str((each.text, each.words)) for each in person.sees(CHANNEL)]
        case "in their messages":
            told = [str((each.text, each.words)) for each in person.dm]
        case "home":
            told = [str(commands.home(known(town, who)))]
        case _:
            command, _, words = look.removeprefix("/").partition(" ")
            told = [str(commands.say(known(town, who), command, words))]
    return re.sub(r"\b[0-9a-f]{32}\b", "a token", "\n".join(told))


@pytest.mark.parametrize("look", LOOKS)
def test_no_outsider_can_tell_which_municipality_a_confidential_case_is_put_to(worlds, look):
    one, other = worlds
    assert one[look] == other[look]
