"""All that is kept about somebody, in words: for themselves, or for whoever they asked for it.

What they may no longer know of a confidential case is counted, and not told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cover import Cover
from bot.duties import NOTHING
from bot.language import N_
from bot.ledger.about import Message
from bot.ledger.audit import Detail, Entry
from bot.ledger.outbox import Delivery
from bot.ledger.recorded import Ended, Recorded
from bot.ledger.reminders import ReminderState
from bot.masking import ReportWords
from bot.pages import Heading, Page, Part, Strong, lines, note, text
from bot.people import Person, Role
from bot.say.acts import ACTS
from bot.say.paging import Leaf
from bot.say.people import LANGUAGES, ROLES
from bot.say.reports import Voice, nothing_words

ROOM = 9000
"""Characters on a page. Slack refuses more than some 13,000, and a door would cut them short."""
TOGETHER = 30
"""Short entries of one kind that stand together."""

MESSAGES = {
    "receipt": N_("Receipt"),
    "held": N_("That a report is kept until you are confirmed"),
    "home_request": N_("Question whether somebody may report for a municipality"),
    "home_decision": N_("Answer about your municipality"),
    "joined": N_("That somebody has become a contact"),
    "reminder": N_("Reminder"),
    "reminder_saved": N_("That a reminder is saved"),
    "inquiry": N_("Inquiry to answer"),
    "followed": N_("Inquiry to follow"),
    "nudge": N_("Reminder of an inquiry"),
    "late": N_("That an inquiry is late"),
    "old": N_("Question what became of an inquiry"),
    "guide": N_("Help"),
    "undelivered": N_("That a message could not be delivered"),
    "unsaid": N_("That nothing can be said in the channel"),
    "disposal": N_("What is to be disposed of"),
}
STATES: Mapping[str, str] = {
    Delivery.PENDING: N_("waits"),
    Delivery.SENDING: N_("on its way"),
    Delivery.UNKNOWN: N_("on its way"),
    Delivery.LATER: N_("waits"),
    Delivery.SENT: N_("said"),
    Delivery.DROPPED: N_("left unsaid"),
    Delivery.FAILED: N_("never arrived"),
}
DETAILS: Mapping[str, str] = {
    "home": N_("municipality: {value}"),
    "home_before": N_("municipality before: {value}"),
    "roles": N_("roles: {value}"),
    "roles_before": N_("roles before: {value}"),
    "by_email": N_("by the e-mail address"),
    "contact": N_("as contact"),
}
"""What an entry of the audit trail says beyond what was done. Anything else is said by its name."""


@dataclass(frozen=True, slots=True)
class MadeReminder:
    words: str
    state: ReminderState
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ExtractFacts:
    """What is kept, by what it is. `held` are reports that wait for an admin; `notes` is how many
    notes there are of when they may be reminded again."""

    person: Person
    reports: tuple[Recorded, ...]
    ended: tuple[Recorded, ...]
    named: tuple[Recorded, ...]
    held: tuple[Recorded, ...]
    reminders: tuple[MadeReminder, ...]
    messages: tuple[Message, ...]
    readings: tuple[tuple[datetime, Cover], ...]
    kept: tuple[Cover, ...]
    entries: tuple[Entry, ...]
    alias: str
    notes: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is kept: under which heading it belongs, and what is said of it."""

    heading: str
    words: tuple[str, ...]


def pieces(facts: ExtractFacts, voice: Voice) -> tuple[Piece, ...]:
    """All of it, in words."""
    t = voice.audience.language.t
    sections: tuple[tuple[str, Iterable[tuple[str, ...]]], ...] = (
        (t("About you"), [tuple(_person(facts, voice))]),
        (t("Reports that you have made"), _reports(facts.reports, voice)),
        (t("Reports of others that you have changed or withdrawn"), _reports(facts.ended, voice)),
        (t("Reports of others that name you"), _reports(facts.named, voice)),
        (t("Reports that wait for an admin"), _reports(facts.held, voice)),
        (t("Reminders that you have made or that are for you"), _reminders(facts, voice)),
        (t("Messages to you"), _messages(facts, voice)),
        (t("Confidential cases that you have read of"), _readings(facts, voice)),
        (t("Cases that you have had kept"), _kept(facts, voice)),
        (t("In the audit trail"), _entries(facts, voice)),
    )
    return tuple(Piece(heading, words) for heading, several in sections for words in several)


def page(several: Sequence[Piece], number: int, voice: Voice) -> Page:
    """One page of it; together they hold all."""
    t = voice.audience.language.t
    leaves = _leaves(several)
    leaf = Leaf(number, 1)
    parts: list[Part] = [Heading(t("What is kept about you"))]
    heading = ""
    for piece in (each for group in leaf.of(leaves) for each in group):
        if piece.heading != heading:
            heading = piece.heading
            parts.append(text(Strong(heading)))
        parts.append(lines((each,) for each in piece.words))
    parts += leaf.turning("my_data", {}, len(leaves), voice.audience.language)
    parts.append(
        note(t("To have something put right or erased, ask an admin. Reports stay as the record."))
    )
    return Page(t("What is kept about you"), tuple(parts))


def _leaves(several: Sequence[Piece]) -> tuple[tuple[Piece, ...], ...]:
    leaves: list[list[Piece]] = [[]]
    room = ROOM
    for piece in several:
        size = sum(map(len, piece.words)) + len(piece.heading)
        if size > room and leaves[-1]:
            leaves.append([])
            room = ROOM
        leaves[-1].append(piece)
        room -= size
    return tuple(map(tuple, leaves))


# --- What is said of each


def _person(facts: ExtractFacts, voice: Voice) -> Iterator[str]:
    language, person = voice.audience.language, facts.person
    t = language.t
    yield t("Name: {name}", name=person.name)
    yield t("E-mail: {address}", address=person.email or "–")
    yield t("Id in the chat: {id}", id=person.id)
    yield t("Municipality: {home}", home=voice.names.place(person.home) if person.home else "–")
    if person.wanted_home:
        yield t("Asked for: {home}", home=voice.names.place(person.wanted_home))
    roles = language.listed(t(ROLES[role]) for role in sorted(person.roles))
    yield t("Roles: {roles}", roles=roles or "–")
    yield t("Language: {language}", language=t(LANGUAGES[person.language]))
    yield t("Known since: {moment}", moment=_at(person.met_at, voice))
    yield t("In the audit trail you are called: {alias}", alias=facts.alias or "–")
    yield t("Notes of what you have been reminded of: {count}", count=facts.notes)


def _reports(several: tuple[Recorded, ...], voice: Voice) -> Iterator[tuple[str, ...]]:
    told = [(report, voice.words(report)) for report in several]
    for report, words in told:
        if not words.hidden:
            state = " · ".join(_state(report, voice))
            why = (voice.audience.language.t("“{why}”", why=words.why),) if words.why else ()
            day = f"{words.day}: " if words.day else ""
            yield f"{day}{_headline(report, words, voice)}", state, *words.sentences, *why
    yield from _hidden(sum(words.hidden for _, words in told), voice)


def _headline(report: Recorded, words: ReportWords, voice: Voice) -> str:
    return nothing_words(report, voice) if report.kind == NOTHING else words.headline


def _state(report: Recorded, voice: Voice) -> Iterator[str]:
    t = voice.audience.language.t
    if report.id:
        yield t("recorded {moment}", moment=_at(report.recorded_at, voice))
    else:
        yield t("written {moment}", moment=_at(report.recorded_at, voice))
    if report.ending is not None:
        changed = report.ending.how is Ended.SUPERSEDED
        sentence = N_("changed {moment}") if changed else N_("withdrawn {moment}")
        yield t(sentence, moment=_at(report.ending.at, voice))


def _hidden(count: int, voice: Voice) -> Iterator[tuple[str, ...]]:
    if count:
        yield (
            voice.audience.language.n(
                "{count} in a confidential case that you may no longer read",
                "{count} in confidential cases that you may no longer read",
                count,
            ),
        )


def _reminders(facts: ExtractFacts, voice: Voice) -> Iterator[tuple[str, ...]]:
    for each in facts.reminders:
        yield (f"{_at(each.made_at, voice)}: {each.words}",)


def _messages(facts: ExtractFacts, voice: Voice) -> Iterator[tuple[str, ...]]:
    t = voice.audience.language.t
    yield from _together(
        f"{_at(each.at, voice)}: {t(MESSAGES.get(each.notice, each.notice))} "
        f"({t(STATES.get(each.state, each.state))})"
        for each in facts.messages
    )


def _readings(facts: ExtractFacts, voice: Voice) -> Iterator[tuple[str, ...]]:
    reader = voice.audience.person
    known = [(at, cover) for at, cover in facts.readings if cover.is_known_to(reader)]
    yield from _together(
        f"{_at(at, voice)}: {voice.masking.case_name(cover, voice.audience)}" for at, cover in known
    )
    yield from _hidden(len(facts.readings) - len(known), voice)


def _kept(facts: ExtractFacts, voice: Voice) -> Iterator[tuple[str, ...]]:
    known = [cover for cover in facts.kept if cover.is_known_to(voice.audience.person)]
    yield from _together(voice.masking.case_name(cover, voice.audience) for cover in known)
    yield from _hidden(len(facts.kept) - len(known), voice)


def _entries(facts: ExtractFacts, voice: Voice) -> Iterator[tuple[str, ...]]:
    yield from _together(
        f"{_at(each.at, voice)}: {_entry(each, facts.alias, voice)}" for each in facts.entries
    )


def _entry(entry: Entry, alias: str, voice: Voice) -> str:
    t = voice.audience.language.t
    act = t(ACTS.get(entry.action, entry.action))
    by = t("done by you") if entry.actor == alias else t("done to you")
    details = ", ".join(_detail(*each, voice) for each in entry.details.items() if each[1])
    return " · ".join(filter(None, (act, by, details)))


def _detail(name: str, value: Detail, voice: Voice) -> str:
    t, said = voice.audience.language.t, str(value)
    if name not in DETAILS:
        return f"{name} {said}"
    if name.startswith("home"):
        said = voice.names.place(said)
    if name.startswith("roles"):
        roles = (t(ROLES[Role(each)]) for each in said.split() if each in set(Role))
        said = voice.audience.language.listed(roles)
    return t(DETAILS[name], value=said)


def _together(several: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rows = list(several)
    for start in range(0, len(rows), TOGETHER):
        yield tuple(rows[start : start + TOGETHER])


def _at(moment: datetime, voice: Voice) -> str:
    return f"{moment.astimezone(voice.zone):%Y-%m-%d %H:%M}"
