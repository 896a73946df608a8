"""Establishment inquiries in words: one case with its clock and timeline, and the open ones."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.calendar import local_day
from bot.inquiries import INQUIRY, REGISTERED, Ask, Inquiry
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.pages import Button, Buttons, Divider, Heading, Page, Part, Span, Strong, lines, note, text
from bot.people import Person
from bot.reports.etablering_svar import IN_SHORT, Verdict
from bot.say.asked import (
    LATEST,
    MISSED,
    answering,
    capital,
    clock_words,
    following,
    in_order,
    marked,
    shown,
    stage_words,
    waited_for,
)
from bot.say.paging import Leaf
from bot.say.reports import Voice, own_buttons

STEPS_SHOWN = 6
LIST_LENGTH = 6

_OF_CLOSED = {"kind": INQUIRY, "closed": "yes"}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """`steps` are all that holds, and what was withdrawn, the latest first. `staffed` are the
    municipalities that have a contact. `readers` have read of it, where it is confidential and
    one's own; `leaders` are named in it."""

    inquiry: Inquiry
    steps: tuple[Recorded, ...]
    staffed: frozenset[str]
    readers: tuple[str, ...]
    leaders: tuple[str, ...]
    may_follow: bool
    may_change: bool
    may_answer: bool
    may_answer_for: bool
    page: int


# --- One case


def page(facts: CaseFacts, person: Person, voice: Voice) -> Page:
    """Where the case stands, each municipality's part, what has happened, what can be done."""
    t, inquiry = voice.audience.language.t, facts.inquiry
    words = voice.words(inquiry.opening)
    stage = stage_words(inquiry, voice)
    return Page(
        t("{name}: {stage}.", name=capital(words.whisper), stage=stage),
        (
            Heading(words.headline),
            *marked(words, voice),
            text(Strong(capital(stage)), " · ", " · ".join(words.sentences)),
            lines(((Strong(t("Municipalities asked")),), *_asks(facts, voice))),
            *_timeline(facts, voice),
            *_readers(facts, voice),
            *_ways(facts, person, voice),
        ),
    )


def _asks(facts: CaseFacts, voice: Voice) -> Iterator[tuple[Span, ...]]:
    for asked in in_order(facts.inquiry, voice):
        parts = [_acknowledged(asked, voice), _answered(asked, voice)]
        if asked.home not in facts.staffed:
            parts.append(voice.audience.language.t("no contact yet"))
        told = f" – {words}" if (words := "; ".join(filter(None, parts))) else ""
        sign = "✔" if asked.answered_on else "○"
        yield (f"{sign} ", Strong(voice.names.place(asked.home)), told)


def _acknowledged(asked: Ask, voice: Voice) -> str:
    t, language = voice.audience.language.t, voice.audience.language
    if asked.acknowledged_on is not None:
        day = language.dated(asked.acknowledged_on, voice.today)
        late = asked.acknowledged_on > asked.acknowledge_by
        return (
            t("acknowledged {day}, too late", day=day) if late else t("acknowledged {day}", day=day)
        )
    return waited_for(
        asked,
        asked.acknowledge_by,
        N_("to acknowledge by {day}"),
        MISSED[0],
        voice,
    )


def _answered(asked: Ask, voice: Voice) -> str:
    t, language = voice.audience.language.t, voice.audience.language
    if asked.answered_on is not None and asked.verdict is not None:
        answer, day = (
            t(IN_SHORT[Verdict(asked.verdict)]),
            language.dated(asked.answered_on, voice.today),
        )
        if asked.answered_on > asked.answer_by:
            return t("answered {answer} {day}, too late", answer=answer, day=day)
        return t("answered {answer} {day}", answer=answer, day=day)
    return waited_for(asked, asked.answer_by, N_("to answer by {day}"), MISSED[1], voice)


def _timeline(facts: CaseFacts, voice: Voice) -> tuple[Part, ...]:
    language, leaf = voice.audience.language, Leaf(facts.page, STEPS_SHOWN)
    entries = tuple(text(*_step(report, voice)) for report in leaf.of(facts.steps))
    about = {"case": facts.inquiry.case}
    return (
        Divider(),
        text(Strong(language.t("What has happened"))),
        *entries,
        *leaf.turning("case", about, len(facts.steps), language),
    )


def _step(report: Recorded, voice: Voice) -> tuple[Span, ...]:
    """`12 juni: Askersund – Svar: ja`, and when it was told where that was another day."""
    language, words = voice.audience.language, voice.words(report)
    day = language.day(report.day)
    # The words of what opened the case stand above.
    told = () if report.kind == INQUIRY else words.sentences
    what = [*told] or [language.t(_kind_words(report, voice))]
    told_on = local_day(report.recorded_at, voice.zone)
    if told_on != report.day:
        what.append(language.t("told {day}", day=language.dated(told_on, report.day)))
    if report.ending is not None:
        gone = N_("withdrawn: {why}") if words.why else N_("withdrawn")
        what.append(language.t(gone, why=words.why))
    by = f"{place} – " if (place := voice.names.place(report.home)) else ""
    return (Strong(day), f": {by}{' · '.join(what)}")


def _kind_words(report: Recorded, voice: Voice) -> str:
    return (
        LATEST[REGISTERED]
        if report.kind == INQUIRY
        else voice.masking.kinds[report.kind].wording.one
    )


def _readers(facts: CaseFacts, voice: Voice) -> tuple[Part, ...]:
    language = voice.audience.language
    rows = (
        (N_("Leaders who may know: {names}"), facts.leaders),
        (N_("Shown to: {names}"), facts.readers),
    )
    told = (language.t(words, names=language.listed(names)) for words, names in rows if names)
    return tuple(note(each) for each in told)


def _ways(facts: CaseFacts, person: Person, voice: Voice) -> tuple[Part, ...]:
    inquiry = facts.inquiry
    rows: list[Part] = []
    own = inquiry.ask_of(person.home)
    if facts.may_answer and own is not None and inquiry.is_open:
        rows += answering(inquiry, own, voice, page=facts.page)
    if facts.may_answer_for and any(ask.next_limit for ask in inquiry.asks):
        label = voice.audience.language.t("Answer for a municipality")
        rows.append(Buttons((Button(label, "answer_for", {"case": inquiry.case}),)))
    if facts.may_follow and inquiry.is_open:
        rows.append(Buttons(following(inquiry, voice)))
    if facts.may_change:
        rows.append(Buttons(own_buttons(inquiry.opening, voice)))
    return tuple(rows)


# --- The open ones


def listing(
    several: tuple[Inquiry, ...], hidden: int, number: int, person: Person, voice: Voice
) -> Page:
    """By the next date, the reader's own first."""
    t = voice.audience.language.t
    title, leaf = t("Open inquiries"), Leaf(number, LIST_LENGTH)
    parts: list[Part] = [Heading(title)]
    if not several:
        parts.append(text(t("There are no open inquiries.")))
    for inquiry in leaf.of(several):
        parts += [text(*_entry(inquiry, person, voice)), Buttons((shown(inquiry, voice),))]
    parts += leaf.turning("cases", {"kind": INQUIRY}, len(several), voice.audience.language)
    parts += _hidden(hidden, voice)
    parts.append(Buttons((Button(t("Closed inquiries"), "cases", _OF_CLOSED),)))
    return Page(title, tuple(parts))


def closed(several: tuple[Inquiry, ...], hidden: int, number: int, voice: Voice) -> Page:
    """Those that have come to an end, and how."""
    t, leaf = voice.audience.language.t, Leaf(number, LIST_LENGTH)
    title = t("Closed inquiries")
    parts: list[Part] = [Heading(title)]
    if not several:
        parts.append(text(t("No inquiry has been closed yet.")))
    for inquiry in leaf.of(several):
        parts += [text(*_ended(inquiry, voice)), Buttons((shown(inquiry, voice),))]
    parts += leaf.turning("cases", _OF_CLOSED, len(several), voice.audience.language)
    return Page(title, (*parts, *_hidden(hidden, voice)))


def _hidden(count: int, voice: Voice) -> tuple[Part, ...]:
    if not count:
        return ()
    words = voice.audience.language.n(
        "{count} confidential inquiry is not shown.",
        "{count} confidential inquiries are not shown.",
        count,
    )
    return (note(words),)


def _ended(inquiry: Inquiry, voice: Voice) -> tuple[Span, ...]:
    language = voice.audience.language
    day = language.day(inquiry.closing.day) if inquiry.closing else ""
    told = f"{capital(stage_words(inquiry, voice))} · {day}"
    return (Strong(voice.headline(inquiry.opening)), "\n", told)


_CONFIRMATION_LATE = N_("confirmation late since {day}")
_ANSWER_LATE = N_("answer late since {day}")


def _entry(inquiry: Inquiry, person: Person, voice: Voice) -> tuple[Span, ...]:
    t, language = voice.audience.language.t, voice.audience.language
    own = inquiry.ask_of(person.home)
    answered = sum(asked.answered_on is not None for asked in inquiry.asks)
    share = t("{value} of {target}", value=answered, target=len(inquiry.asks))
    facts = [stage_words(inquiry, voice), t("answers {share}", share=share)]
    if own is not None and own.next_limit is not None:
        facts.insert(0, t("Your turn: {clock}", clock=clock_words(own, voice)))
    elif (nearest := inquiry.nearest) is not None and nearest.next_limit is not None:
        late = _ANSWER_LATE if nearest.acknowledged_on else _CONFIRMATION_LATE
        words = late if voice.today > nearest.next_limit else N_("next date {day}")
        facts.append(t(words, day=language.dated(nearest.next_limit, voice.today)))
    return (Strong(voice.headline(inquiry.opening)), "\n", " · ".join(facts))
