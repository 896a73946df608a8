"""Establishment inquiries in words: to those asked, the case with its clock, the open cases.

A notification, which others may see, never names a confidential case: that is `whisper`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.calendar import local_day
from bot.cover import Cover
from bot.inquiries import INQUIRY, REGISTERED, Ask, Inquiry
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.masking import ReportWords
from bot.notices import InquiryNudge
from bot.pages import (
    Button,
    Buttons,
    Divider,
    Heading,
    Page,
    Part,
    Span,
    Strong,
    lines,
    note,
    said,
    text,
)
from bot.people import Person
from bot.reports.etablering_steg import STAGES
from bot.reports.etablering_svar import IN_SHORT, Verdict
from bot.say.paging import Leaf
from bot.say.reports import Voice, own_buttons

STEPS_SHOWN = 6
LIST_LENGTH = 6
NOT_ASKED = N_(
    "The inquiry has been withdrawn, or your municipality is no longer asked. Nothing is needed."
)
MISSED = (N_("not acknowledged ({day})"), N_("not answered ({day})"))
"""What is said of a limit that has passed: to acknowledge, to answer."""
LATEST = {REGISTERED: N_("registered"), "landed": N_("landed"), "lost": N_("lost")}


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
    page: int


# --- To those asked


def ask(inquiry: Inquiry, asked: Ask, who: tuple[str, ...], voice: Voice) -> Page:
    """What a contact is asked; later, how it stands with their municipality."""
    t = voice.audience.language.t
    words, home = voice.words(inquiry.opening), voice.names.place(asked.home)
    summary = t("{name}: an inquiry to {home}.", name=words.headline, home=home)
    return Page(
        _whispered(words, f"{summary} {_clock(asked, voice)}", voice),
        (
            text(Strong(t("An inquiry to {home}: {name}", home=home, name=words.headline))),
            *_marked(words, voice),
            note(" · ".join(words.sentences) or "–"),
            lines(tuple((row,) for row in _standing(asked, who, voice))),
            *_answering(inquiry, asked, voice),
        ),
    )


def _marked(words: ReportWords, voice: Voice) -> tuple[Part, ...]:
    """So that whoever reads of it knows to keep silent."""
    if not words.secret:
        return ()
    told = N_("Confidential: only those who are in the case may know of it.")
    return (text(Strong(voice.audience.language.t(told))),)


def _whispered(words: ReportWords, summary: str, voice: Voice) -> str:
    """What a notification says: of a confidential case not even whom it has been put to."""
    if not words.secret:
        return summary
    return voice.audience.language.t("{name} waits for an answer.", name=_capital(words.whisper))


def _standing(asked: Ask, several: tuple[str, ...], voice: Voice) -> Iterator[str]:
    t, language = voice.audience.language.t, voice.audience.language
    who = language.listed(several)
    if asked.answered_on is not None and asked.verdict is not None:
        answer = t(IN_SHORT[Verdict(asked.verdict)])
        day = language.short_day(asked.answered_on)
        yield t("Answered {day} by {who}: {answer}", day=day, who=who, answer=answer)
    elif asked.acknowledged_on is not None:
        day = language.short_day(asked.acknowledged_on)
        yield t("Receipt acknowledged {day} by {who}", day=day, who=who)
    yield _clock(asked, voice)


def _clock(asked: Ask, voice: Voice) -> str:
    """What comes next, and until when."""
    t, language = voice.audience.language.t, voice.audience.language
    answer_by = language.weekday(asked.answer_by)
    if asked.until is not None:
        return t("The case is closed. Nothing more is needed.")
    if asked.answered_on is not None:
        return t("Thank you. The answer can be completed.")
    if asked.acknowledged_on is not None:
        return t("Answer by {answer}.", answer=answer_by)
    acknowledge_by = language.weekday(asked.acknowledge_by)
    if voice.today > asked.acknowledge_by:
        words = N_("Was to be acknowledged {ack}. Answer by {answer}.")
        return t(words, ack=acknowledge_by, answer=answer_by)
    return t("Acknowledge by {ack}, answer by {answer}.", ack=acknowledge_by, answer=answer_by)


def _answering(
    inquiry: Inquiry, asked: Ask, voice: Voice, *, page: int | None = None
) -> tuple[Part, ...]:
    """What those asked can do. `page` is the page of the case that the buttons stand on, if they
    stand on it."""
    if asked.until is not None:
        return (Buttons((_shown(inquiry, voice),)),)
    t, about = voice.audience.language.t, {"case": inquiry.case, "home": asked.home}
    step = {**about, "kind": "etablering_svar"}
    if asked.answered_on is not None:
        complete = Button(t("Complete the answer"), "step", step)
        return (Buttons((complete, *(() if page is not None else (_shown(inquiry, voice),)))),)
    ways = [Button(t("Answer"), "step", step, style="primary")]
    if asked.acknowledged_on is None:
        there = {} if page is None else {"page": str(page)}
        ways.append(Button(t("Acknowledge"), "acknowledge", {**about, **there}))
    return (Buttons((*ways, *(() if page is not None else (_shown(inquiry, voice),)))),)


def _shown(inquiry: Inquiry, voice: Voice) -> Button:
    return Button(voice.audience.language.t("Show the case"), "case", {"case": inquiry.case})


def answer_ways(inquiry: Inquiry, asked: Ask, voice: Voice) -> tuple[Part, ...]:
    """One inquiry among those that wait for the reader."""
    words = Strong(voice.headline(inquiry.opening))
    return (text(words, f": {_clock(asked, voice)}"), *_answering(inquiry, asked, voice))


def no_longer_asked(voice: Voice) -> Page:
    return said(voice.audience.language.t(NOT_ASKED))


def nudge(inquiry: Inquiry, asked: Ask, notice: InquiryNudge, voice: Voice) -> Page:
    """A limit is near or has passed."""
    t, language = voice.audience.language.t, voice.audience.language
    words, home = voice.words(inquiry.opening), voice.names.place(asked.home)
    by = asked.acknowledge_by if notice.limit == "acknowledge" else asked.answer_by
    sentence = t(_nudging(notice, late=voice.today > by), home=home, day=language.weekday(by))
    return Page(
        _whispered(words, f"{words.headline}: {sentence}", voice),
        (text(Strong(words.headline), ": ", sentence), *_answering(inquiry, asked, voice)),
    )


def late(inquiry: Inquiry, voice: Voice) -> Page | None:
    """To the office: all that is late in the case, municipality by municipality."""
    t, words = voice.audience.language.t, voice.words(inquiry.opening)
    rows = tuple(_late(inquiry, voice)) if inquiry.is_open else ()
    if not rows:
        return None
    sentence = t("{name}: answers are late.", name=words.headline)
    return Page(
        _whispered(words, sentence, voice),
        (lines(((Strong(sentence),), *rows)), Buttons((_shown(inquiry, voice),))),
    )


def _late(inquiry: Inquiry, voice: Voice) -> Iterator[tuple[Span, ...]]:
    for asked in _in_order(inquiry, voice):
        missed = [
            _waited_for(asked, by, "", words, voice)
            for (by, done), words in zip(asked.limits, MISSED, strict=True)
            if done is None and voice.today > by
        ]
        if missed:
            yield (f"• {voice.names.place(asked.home)} – {'; '.join(missed)}",)


def settled(cover: Cover, voice: Voice) -> Page:
    """In the place of a message that asked for something which is no longer asked."""
    name = voice.masking.case_name(cover, voice.audience)
    told = voice.audience.language.t("{name}: nothing more is needed here.", name=name)
    show = Button(voice.audience.language.t("Show the case"), "case", {"case": cover.case})
    whisper = voice.audience.language.t("Nothing more is needed here.")
    return Page(whisper, (note(told), Buttons((show,) if cover.is_live else ())))


def _nudging(notice: InquiryNudge, *, late: bool) -> str:
    if notice.limit == "acknowledge":
        if late:
            return N_("{home} has not acknowledged the inquiry; it was due {day}.")
        return N_("{home} needs to acknowledge the inquiry by {day}.")
    if late:
        return N_("{home} has not answered the inquiry; it was due {day}.")
    return N_("{home} needs to answer the inquiry by {day}.")


def old(inquiry: Inquiry, voice: Voice) -> Page:
    """To whom it belongs, when nothing has been heard for long."""
    t, language = voice.audience.language.t, voice.audience.language
    words = voice.words(inquiry.opening)
    since = t(
        "Nothing new since {day} ({stage}).",
        day=language.day(inquiry.news_on),
        stage=stage_words(inquiry, voice),
    )
    question = t("What became of it?")
    return Page(
        f"{_capital(words.whisper)}: {question} {since}",
        (
            text(Strong(words.headline), f": {question} {since}"),
            Buttons(_following(inquiry, voice)),
        ),
    )


def _following(inquiry: Inquiry, voice: Voice) -> tuple[Button, ...]:
    t = voice.audience.language.t

    def step(label: str, kind: str) -> Button:
        return Button(label, "step", {"case": inquiry.case, "kind": kind})

    return (
        step(t("New stage"), "etablering_steg"),
        step(t("Landed"), "etablering_landad"),
        step(t("Lost"), "etablering_forlorad"),
    )


# --- One case


def page(facts: CaseFacts, person: Person, voice: Voice) -> Page:
    """Where the case stands, each municipality's part, what has happened, what can be done."""
    t, inquiry = voice.audience.language.t, facts.inquiry
    words = voice.words(inquiry.opening)
    stage = stage_words(inquiry, voice)
    return Page(
        t("{name}: {stage}.", name=_capital(words.whisper), stage=stage),
        (
            Heading(words.headline),
            *_marked(words, voice),
            text(Strong(_capital(stage)), " · ", " · ".join(words.sentences)),
            lines(((Strong(t("Municipalities asked")),), *_asks(facts, voice))),
            *_timeline(facts, voice),
            *_readers(facts, voice),
            *_ways(facts, person, voice),
        ),
    )


def stage_words(inquiry: Inquiry, voice: Voice) -> str:
    """The last stage, in a word."""
    label = next((o.label for o in STAGES if o.value == inquiry.stage), None)
    words = voice.audience.language.t(label or LATEST.get(inquiry.stage, LATEST[REGISTERED]))
    return words[:1].lower() + words[1:]


def _asks(facts: CaseFacts, voice: Voice) -> Iterator[tuple[Span, ...]]:
    for asked in _in_order(facts.inquiry, voice):
        parts = [_acknowledged(asked, voice), _answered(asked, voice)]
        if asked.home not in facts.staffed:
            parts.append(voice.audience.language.t("no contact yet"))
        told = f" – {words}" if (words := "; ".join(filter(None, parts))) else ""
        sign = "✔" if asked.answered_on else "○"
        yield (f"{sign} ", Strong(voice.names.place(asked.home)), told)


def _in_order(inquiry: Inquiry, voice: Voice) -> tuple[Ask, ...]:
    """By name; whoever is no longer a member comes last."""
    order = {home: number for number, home in enumerate(voice.names.members)}
    return tuple(sorted(inquiry.asks, key=lambda each: order.get(each.home, len(order))))


def _acknowledged(asked: Ask, voice: Voice) -> str:
    t, language = voice.audience.language.t, voice.audience.language
    if asked.acknowledged_on is not None:
        day = language.short_day(asked.acknowledged_on)
        late = asked.acknowledged_on > asked.acknowledge_by
        return (
            t("acknowledged {day}, too late", day=day) if late else t("acknowledged {day}", day=day)
        )
    return _waited_for(
        asked,
        asked.acknowledge_by,
        N_("to acknowledge by {day}"),
        MISSED[0],
        voice,
    )


def _answered(asked: Ask, voice: Voice) -> str:
    t, language = voice.audience.language.t, voice.audience.language
    if asked.answered_on is not None and asked.verdict is not None:
        answer, day = t(IN_SHORT[Verdict(asked.verdict)]), language.short_day(asked.answered_on)
        if asked.answered_on > asked.answer_by:
            return t("answered {answer} {day}, too late", answer=answer, day=day)
        return t("answered {answer} {day}", answer=answer, day=day)
    return _waited_for(asked, asked.answer_by, N_("to answer by {day}"), MISSED[1], voice)


def _waited_for(asked: Ask, by: date, coming: str, missed: str, voice: Voice) -> str:
    if asked.until is not None and asked.until <= by:
        return ""
    language = voice.audience.language
    return language.t(missed if voice.today > by else coming, day=language.short_day(by))


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
        what.append(language.t("told {day}", day=language.short_day(told_on)))
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
        rows += _answering(inquiry, own, voice, page=facts.page)
    if facts.may_follow and inquiry.is_open:
        rows.append(Buttons(_following(inquiry, voice)))
    if facts.may_change:
        rows.append(Buttons(own_buttons(inquiry.opening, voice)))
    return tuple(rows)


# --- The open ones


def listing(
    several: tuple[Inquiry, ...], hidden: int, number: int, person: Person, voice: Voice
) -> Page:
    """By the next date, the reader's own first."""
    t, n = voice.audience.language.t, voice.audience.language.n
    title, leaf = t("Open inquiries"), Leaf(number, LIST_LENGTH)
    parts: list[Part] = [Heading(title)]
    if not several:
        parts.append(text(t("There are no open inquiries.")))
    for inquiry in leaf.of(several):
        parts += [text(*_entry(inquiry, person, voice)), Buttons((_shown(inquiry, voice),))]
    parts += leaf.turning("cases", {"kind": INQUIRY}, len(several), voice.audience.language)
    if hidden:
        words = n(
            "{count} confidential inquiry is not shown.",
            "{count} confidential inquiries are not shown.",
            hidden,
        )
        parts.append(note(words))
    return Page(title, tuple(parts))


def _entry(inquiry: Inquiry, person: Person, voice: Voice) -> tuple[Span, ...]:
    t, language = voice.audience.language.t, voice.audience.language
    own = inquiry.ask_of(person.home)
    answered = sum(asked.answered_on is not None for asked in inquiry.asks)
    share = t("{value} of {target}", value=answered, target=len(inquiry.asks))
    facts = [stage_words(inquiry, voice), t("answers {share}", share=share)]
    if own is not None and own.next_limit is not None:
        facts.insert(0, t("Your turn: {clock}", clock=_clock(own, voice)))
    elif inquiry.next_limit is not None:
        late = voice.today > inquiry.next_limit
        words = N_("late since {day}") if late else N_("next date {day}")
        facts.append(t(words, day=language.short_day(inquiry.next_limit)))
    return (Strong(voice.headline(inquiry.opening)), "\n", " · ".join(facts))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
