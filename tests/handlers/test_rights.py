"""Who may do what, who is shown what, and what is not said unasked.

Three tables have a row for every word, button and form: what comes with it, and whom it lets
through. Everybody else is refused, and not a letter of the ledger changes. A new one without a
row fails.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.asking import RawAnswers
from bot.calendar import Week
from bot.ledger.recorded import Ended, Recorded
from bot.ledger.store import Books
from bot.notices import HomeRequest, Joined, Notice, Receipt, ReminderDue, ReminderSaved
from bot.outcomes import Outcome, Refuse, Retry
from bot.pages import Page
from bot.recurrence import occasions_by
from bot.reminders import ReminderAnswers, claim_of
from bot.rights import RULES, Action
from playground.town import (
    AMIR,
    JOHAN,
    KARIN,
    MARIA,
    SARA,
    ULLA,
    Somebody,
    Town,
)
from schedules.reminders import reminders_if_due
from tests.handlers.house import (
    ADMINS,
    ASKED,
    CAMPAIGN,
    CAMPAIGNING,
    CONFIRMED,
    COORDINATORS_AND_ADMINS,
    EVERYONE,
    FOLLOWING,
    HALLSBERG,
    INFORMED,
    INQUIRY,
    INSIDE,
    KUMLA,
    KUMLAS,
    LAXA,
    LIKE,
    NORA,
    OFFICE,
    OFFICE_AND_ADMINS,
    OPEN,
    OTHER,
    OWING,
    PEOPLE,
    REACHED,
    REMINDER,
    RESULT,
    SAVE,
    STAGE,
    STEPS,
    TITLE,
    WEDNESDAY,
    Case,
    backup_of,
    copy,
    does,
    file_of,
    lives,
    named,
    opened,
    readings,
    resolved,
    written,
)
from tests.talk import commands_of, known


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("rights")) as house:
        yield house


@pytest.fixture
def town(house: Town) -> Town:
    copy(backup_of(house), file_of(house))
    house.clock.set(WEDNESDAY)
    return house


# --- The tables


@dataclass(frozen=True)
class Row:
    """A button; with `answers` a form; with `words` (which may be empty) a word typed before them.

    `about` is what comes with it: somebody in it stands for their id, a case for its token or a
    report in it. `asks` is the action that the table of rights is asked for, None where it is not
    asked. `writes` is whether it leaves a trace, or with whom; whoever `reads` comes to read of the
    confidential case by it, which is noted.
    """

    name: str
    may: frozenset[Somebody]
    asks: Action | None
    about: Mapping[str, str | Somebody | Case] = field(default_factory=dict)
    answers: RawAnswers | None = None
    words: str | None = None
    writes: bool | frozenset[Somebody] = False
    reads: frozenset[Somebody] = frozenset()

    def __str__(self) -> str:
        told = (named(v) if isinstance(v, Case) else key for key, v in self.about.items())
        return " ".join((self.name, *told, self.about_kind, self.words or "")).strip()

    @property
    def about_kind(self) -> str:
        return str(self.about.get("kind", ""))

    def is_written_by(self, who: Somebody) -> bool:
        return self.writes if isinstance(self.writes, bool) else who in self.writes

    def by(self, town: Town, who: Somebody) -> Outcome:
        about = {key: resolved(town, value) for key, value in self.about.items()}
        if self.words is not None:
            return commands_of(town).say(known(town, who), "bro", f"{self.name} {self.words}")
        if self.answers is None:
            return commands_of(town).press(known(town, who), self.name, about)
        return does(town, who, self.name, self.answers, **about)


RULE = ReminderAnswers.model_validate(REMINDER).rule
OCCASION = claim_of(next(occasions_by(RULE, WEDNESDAY, ZoneInfo("Europe/Stockholm"))))

WORDS = tuple(
    Row(word, may, asks, words=rest, reads=reads[0] if reads else frozenset())
    for words, rest, may, asks, *reads in (
        ("workshop", "Frukost", EVERYONE, Action.REPORT),
        ("etablering inquiry förfrågan", "Projekt Nytt", EVERYONE, Action.REPORT),
        ("etablering", "lista", INFORMED, Action.SEE_CASE, INSIDE),
        ("kampanj campaign", "Nya hem", EVERYONE, Action.REPORT),
        ("kampanj", "lista", INFORMED, Action.SEE_CASE),
        ("okr", "", EVERYONE, Action.SEE_STANDING),
        ("okr", "S4", EVERYONE, Action.SEE_STANDING),
        ("okr", "X9", EVERYONE, Action.SEE_STANDING),
        ("okr", "vecka 2026-v24", EVERYONE, Action.SEE_STANDING),
        ("okr", "hjälp", EVERYONE, Action.SEE_STANDING),
        ("okr", "tyst", INFORMED, Action.SEE_REPORTS),
        ("okr", "Kumla", INFORMED, Action.SEE_REPORTS),
        ("bro hjälp hjalp help", "", EVERYONE, None),
        ("mina mine rapporter reports", "", EVERYONE, Action.REPORT, frozenset({SARA})),
        (
            "mina-uppgifter uppgifter my-data data",
            "",
            EVERYONE,
            Action.SEE_OWN_DATA,
            frozenset({SARA, KARIN}),
        ),
        ("inställningar installningar settings", "", EVERYONE, Action.CHANGE_OWN_SETTINGS),
        ("paminnelse påminnelse reminder", "Dags", ADMINS, Action.MANAGE_REMINDERS),
        ("paminnelse påminnelse reminder", "lista", ADMINS, Action.MANAGE_REMINDERS),
        ("bevara keep", "", ADMINS, Action.KEEP_CASE),
        ("bevara keep", OPEN.title, ADMINS, Action.KEEP_CASE),
        ("personer people", "", ADMINS, Action.MANAGE_PEOPLE),
        ("drift running", "", ADMINS, Action.SEE_RUNNING),
    )
    for word in words.split()
)
OPENING, PROGRESS = replace(OPEN, kind="etablering"), replace(OPEN, kind="etablering_steg")
CAMPAIGN_OPENING = replace(CAMPAIGNING, kind="kampanj")
STEPPING = {
    "etablering_svar": (OPEN, ASKED, Action.ANSWER_CASE),
    "etablering_steg": (OPEN, FOLLOWING, Action.FOLLOW_CASE),
    "etablering_landad": (OPEN, FOLLOWING, Action.FOLLOW_CASE),
    "etablering_forlorad": (OPEN, FOLLOWING, Action.FOLLOW_CASE),
    "kampanj_steg": (CAMPAIGNING, OFFICE_AND_ADMINS, Action.FOLLOW_CASE),
    "kampanj_resultat": (CAMPAIGNING, OFFICE_AND_ADMINS, Action.FOLLOW_CASE),
}
"""Each step: in which case it is taken here, and by whom."""
TAKEN = {**STEPS, "kampanj_steg": STAGE, "kampanj_resultat": RESULT}
BUTTONS = (
    Row("report", EVERYONE, Action.REPORT, {"kind": "workshop"}),
    Row("change", KUMLAS, Action.CHANGE_REPORT, {"report": "1"}),
    Row("withdraw", KUMLAS, Action.CHANGE_REPORT, {"report": "1"}),
    Row("okr", EVERYONE, Action.SEE_STANDING),
    Row("okr", EVERYONE, Action.SEE_STANDING, {"key_result": "S4"}),
    Row("mine", EVERYONE, Action.REPORT, reads=frozenset({SARA})),
    Row("cases", INFORMED, Action.SEE_CASE, {"kind": "etablering"}, reads=INSIDE),
    Row("cases", INFORMED, Action.SEE_CASE, {"kind": "kampanj"}),
    Row("case", INFORMED, Action.SEE_CASE, {"case": OPEN}),
    Row("case", INFORMED, Action.SEE_CASE, {"case": CAMPAIGNING}),
    Row("acknowledge", ASKED, Action.ANSWER_CASE, {"case": OPEN}, writes=True),
    Row("answer_for", COORDINATORS_AND_ADMINS, Action.ANSWER_FOR, {"case": OPEN}),
    *(
        Row("step", may, asks, {"case": case, "kind": kind})
        for kind, (case, may, asks) in STEPPING.items()
    ),
    Row("results", OFFICE_AND_ADMINS, Action.FOLLOW_CASE, {"case": CAMPAIGNING, "line": "web"}),
    Row("change", frozenset({SARA}), Action.CHANGE_REPORT, {"report": OPENING}),
    Row("withdraw", frozenset({SARA}), Action.CHANGE_REPORT, {"report": OPENING}),
    Row("change", OFFICE_AND_ADMINS, Action.CHANGE_REPORT, {"report": PROGRESS}),
    Row("withdraw", OFFICE_AND_ADMINS, Action.CHANGE_REPORT, {"report": PROGRESS}),
    Row("change", OFFICE_AND_ADMINS, Action.CHANGE_REPORT, {"report": CAMPAIGN_OPENING}),
    Row("my_data", EVERYONE, Action.SEE_OWN_DATA, reads=frozenset({SARA, KARIN})),
    Row("settings", EVERYONE, Action.CHANGE_OWN_SETTINGS),
    Row("help", EVERYONE, None),
    Row(
        "nothing",
        CONFIRMED,
        Action.ANSWER_REMINDER,
        {"kind": "workshop", "period": "2026-q1"},
        writes=OWING,
    ),
    # Of what somebody said to be nothing; a workshop is taken back otherwise.
    Row("something", frozenset(), Action.CHANGE_REPORT, {"report": "1"}),
    Row(
        "later",
        REACHED,
        None,
        {"alarm": "reminder:1", "occasion": OCCASION, "until": "tomorrow"},
        writes=True,
    ),
    Row("reminder", ADMINS, Action.MANAGE_REMINDERS),
    Row("reminder", ADMINS, Action.MANAGE_REMINDERS, {"reminder": "1"}),
    Row("reminders", ADMINS, Action.MANAGE_REMINDERS),
    Row("pause", ADMINS, Action.MANAGE_REMINDERS, {"reminder": "1"}, writes=True),
    Row("resume", ADMINS, Action.MANAGE_REMINDERS, {"reminder": "1"}, writes=True),
    Row("end", ADMINS, Action.MANAGE_REMINDERS, {"reminder": "1"}, writes=True),
    Row("people", ADMINS, Action.MANAGE_PEOPLE),
    Row("person", ADMINS, Action.MANAGE_PEOPLE, {"person": ULLA}),
    Row("erase", ADMINS, Action.ERASE_PERSON, {"person": ULLA}),
    Row("keep", ADMINS, Action.KEEP_CASE, {"case": OPEN}),
    Row("lift", ADMINS, Action.KEEP_CASE, {"case": CAMPAIGNING}, writes=True),
    Row(
        "approve_reporting",
        ADMINS,
        Action.MANAGE_PEOPLE,
        {"person": ULLA, "home": NORA},
        writes=True,
    ),
    Row("approve", ADMINS, Action.MANAGE_PEOPLE, {"person": ULLA, "home": NORA}, writes=True),
    Row("refuse", ADMINS, Action.MANAGE_PEOPLE, {"person": ULLA, "home": NORA}, writes=True),
)
NEW = {"home": OFFICE}
NEW_INQUIRY = {**INQUIRY, **NEW, "code_name": "Projekt Nytt", "asked": [HALLSBERG]}
FORMS = (
    Row("workshop", EVERYONE, Action.REPORT, {}, OTHER, writes=True),
    Row("workshop", KUMLAS, Action.CHANGE_REPORT, {"report": "1"}, OTHER, writes=True),
    Row("withdraw", KUMLAS, Action.CHANGE_REPORT, {"report": "1"}, {"why": "Fel"}, writes=True),
    Row("etablering", EVERYONE, Action.REPORT, {}, NEW_INQUIRY, writes=True),
    Row(
        "etablering",
        frozenset({SARA}),
        Action.CHANGE_REPORT,
        {"report": OPENING},
        NEW_INQUIRY,
        writes=True,
    ),
    Row("withdraw", frozenset({SARA}), Action.CHANGE_REPORT, {"report": OPENING}, {}, writes=True),
    Row(
        "etablering_steg",
        OFFICE_AND_ADMINS,
        Action.CHANGE_REPORT,
        {"report": PROGRESS},
        TAKEN["etablering_steg"],
        writes=True,
    ),
    Row("kampanj", EVERYONE, Action.REPORT, {}, {**CAMPAIGN, **NEW, "name": "Ny"}, writes=True),
    Row(
        "kampanj",
        OFFICE_AND_ADMINS,
        Action.CHANGE_REPORT,
        {"report": CAMPAIGN_OPENING},
        CAMPAIGN,
        writes=True,
    ),
    *(
        Row(kind, may, asks, {"case": case}, TAKEN[kind], writes=True)
        for kind, (case, may, asks) in STEPPING.items()
    ),
    Row(
        "etablering_svar",
        COORDINATORS_AND_ADMINS,
        Action.ANSWER_FOR,
        {"case": OPEN, "for": KUMLA},
        {**TAKEN["etablering_svar"], "for": KUMLA},
        writes=True,
    ),
    Row("reminder", ADMINS, Action.MANAGE_REMINDERS, {}, REMINDER),
    Row("reminder_save", ADMINS, Action.MANAGE_REMINDERS, SAVE, {}, writes=True),
    Row(
        "reminder_save",
        ADMINS,
        Action.MANAGE_REMINDERS,
        {**SAVE, "reminder": "1"},
        {},
        writes=True,
    ),
    Row(
        "person",
        ADMINS,
        Action.MANAGE_PEOPLE,
        {"person": ULLA},
        {"home": NORA, "roles": ["admin"]},
        writes=True,
    ),
    Row("keep", ADMINS, Action.KEEP_CASE, {"case": OPEN}, {"why": "Begärd ut"}, writes=True),
    Row(
        "erase",
        ADMINS,
        Action.ERASE_PERSON,
        {"person": ULLA},
        {"sure": "true"},
        writes=True,
    ),
    Row(
        "settings",
        EVERYONE,
        Action.CHANGE_OWN_SETTINGS,
        {},
        {"language": "en", "home": ""},
        writes=True,
    ),
)
ROWS = (*WORDS, *BUTTONS, *FORMS)


def test_every_word_button_and_form_has_a_row(town):
    commands = commands_of(town)
    assert {row.name for row in WORDS} == set(commands.verbs)
    assert {row.name for row in BUTTONS} == set(commands.buttons)
    assert {row.name for row in FORMS} == set(commands.forms)


LET_THROUGH = [(row, who) for row in ROWS for who in PEOPLE if who in row.may]
REFUSED = [(row, who) for row in ROWS for who in PEOPLE if who not in row.may]


@pytest.mark.parametrize(("row", "who"), LET_THROUGH, ids=named)
def test_whoever_may_is_let_through(town, row, who):
    before, read = written(town), readings(town)
    assert not isinstance(row.by(town, who), Refuse | Retry)
    assert (written(town) != before) == row.is_written_by(who)
    assert (readings(town) != read) == (who in row.reads)


@pytest.mark.parametrize(("row", "who"), REFUSED, ids=named)
def test_whoever_may_not_is_refused_and_nothing_is_written(town, row, who):
    before = written(town), readings(town)
    assert isinstance(row.by(town, who), Refuse)
    assert (written(town), readings(town)) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.asks], ids=named)
def test_a_stricter_table_of_rights_would_be_heeded(town, row, monkeypatch):
    """Also where everybody may today: the table decides, and nobody else."""
    monkeypatch.setitem(RULES, row.asks, (lambda _person, _report: False, "Not today."))
    before = written(town)
    assert [row.by(town, who) for who in row.may] == [Refuse("Not today.")] * len(row.may)
    assert written(town) == before


@pytest.mark.parametrize(("home", "may"), [(LAXA, True), (None, False)])
def test_a_report_goes_with_whoever_moves_and_is_out_of_reach_without_a_home(town, home, may):
    lives(town, MARIA, home)
    outcome = commands_of(town).press(known(town, MARIA), "change", {"report": "1"})
    assert isinstance(outcome, Refuse) is not may
    assert (TITLE in str(looks_at_own(town, MARIA))) is may


# --- Who is shown what

Look = Callable[[Town, Somebody], Outcome]


def okr(words: str) -> Look:
    return lambda town, who: commands_of(town).say(known(town, who), "okr", words)


def reports_alike(town: Town, who: Somebody) -> Outcome:
    return does(town, who, "workshop", LIKE)


def looks_at_own(town: Town, who: Somebody) -> Outcome:
    return commands_of(town).press(known(town, who), "mine", {})


LOOKS: Mapping[str, tuple[Look, frozenset[Somebody]]] = {
    "behind a key result": (okr("S4"), INFORMED),
    "in a week's digest": (okr("vecka 2026-v24"), INFORMED),
    "of a municipality": (okr("Kumla"), INFORMED),
    "asked whether it is the same event": (reports_alike, INFORMED),
    "among one's own": (looks_at_own, KUMLAS - ADMINS),
}


@pytest.mark.parametrize(("look", "shown"), LOOKS.values(), ids=LOOKS.keys())
def test_a_report_is_named_to_those_who_may_see_it_only(town, look, shown):
    assert {who for who in PEOPLE if TITLE in str(look(town, who))} == shown


# --- What is said unasked


def composed(town: Town, notice: Notice, to: Somebody) -> Page | None:
    """What stands in the outbox, as it would be said now."""
    person, desk = known(town, to), town.desk
    key = f"to {to.name}: {notice!r}"
    desk.setup.ledger.write(lambda books: desk.setup.tell(books, person.id, key, notice))
    outgoing = desk.setup.ledger.read(lambda books: books.outbox.get(key))
    return town.deliverer.composer.page(outgoing)


MESSAGES: Mapping[str, tuple[Callable[[Town], Notice], frozenset[Somebody]]] = {
    "receipt": (lambda _: Receipt(report=1), KUMLAS),
    "request": (lambda town: HomeRequest(person=known(town, ULLA).id, home=NORA), ADMINS),
    "joined": (lambda town: Joined(person=known(town, MARIA).id, home=KUMLA), ADMINS),
    "reminder saved": (lambda _: ReminderSaved(reminder=1), ADMINS),
    "reminder": (lambda _: ReminderDue(reminder=1, period=OCCASION), OWING),
}


@pytest.mark.parametrize(("notice", "told"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_is_said_to_those_it_is_for_only(town, notice, told):
    assert {who for who in PEOPLE if composed(town, notice(town), who)} == told


@pytest.mark.parametrize(
    ("who", "verb", "about"),
    [
        (MARIA, "nothing", {"kind": "workshop", "period": "2026-q1"}),
        (AMIR, "pause", {"reminder": "1"}),
        (AMIR, "end", {"reminder": "1"}),
    ],
    ids=["answered", "paused", "ended"],
)
def test_a_reminder_that_has_lost_its_point_on_the_way_is_dropped(town, who, verb, about):
    commands_of(town).press(known(town, who), verb, about)
    assert composed(town, ReminderDue(reminder=1, period=OCCASION), MARIA) is None


@pytest.mark.parametrize(
    ("late", "said"), [(timedelta(days=7), True), (timedelta(days=7, minutes=1), False)]
)
def test_a_reminder_that_was_missed_by_more_than_a_week_is_not_said(town, late, said):
    commands_of(town).press(known(town, AMIR), "end", {"reminder": "1"})
    thursday = {**REMINDER, "when": "once", "start": "2026-06-18"}
    does(town, AMIR, "reminder_save", {}, answers=json.dumps(thursday))
    town.clock.set(WEDNESDAY + timedelta(days=1) + late)
    reminders_if_due(town.desk)
    ledger = town.desk.setup.ledger
    assert bool(ledger.read(lambda books: books.outbox.keys_beginning("reminder:2:"))) is said


@pytest.mark.parametrize(
    ("week", "quarter", "named"),
    [
        (Week(2026, 11), "2026-q1", False),  # 25 days before it is due
        (Week(2026, 12), "2026-q1", True),  # 18 days
        (Week(2026, 51), "2026-q4", False),  # 22 days
        (Week(2026, 52), "2026-q4", True),  # 15 days
    ],
)
def test_the_digest_names_what_is_due_within_three_weeks(town, week, quarter, named):
    town.clock.set(datetime(2027, 1, 20, tzinfo=UTC))
    facts = town.desk.setup.ledger.read(lambda books: town.desk.okr.facts(books, week))
    assert (quarter in {each.period.key for each in facts.awaited.missing}) is named


# --- What belongs together


def in_the_case(books: Books) -> tuple[Recorded, ...]:
    first = books.reports.get(1)
    assert first is not None
    return books.reports.of_case(first.case)


@pytest.mark.parametrize(("who", "ended"), [(MARIA, Ended.SUPERSEDED), (JOHAN, None)], ids=named)
def test_joining_a_case_takes_the_place_of_ones_own_report_there_and_of_no_other(town, who, ended):
    read = town.desk.setup.ledger.read
    (first,) = read(in_the_case)
    does(town, who, "workshop", {**LIKE, "same_as": first.case})
    first, second = read(in_the_case)
    assert (first.ending and first.ending.how, second.ending) == (ended, None)
