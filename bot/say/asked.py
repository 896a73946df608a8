"""What is said of an inquiry unasked: to those who are asked, and to whom it belongs.

A notification, which others may see, never names a confidential case: that is `whisper`.
"""

from collections.abc import Iterator
from datetime import date

from bot.cover import Cover
from bot.inquiries import REGISTERED, Ask, Inquiry
from bot.language import N_
from bot.masking import ReportWords
from bot.notices import InquiryNudge
from bot.pages import Button, Buttons, Page, Part, Span, Strong, lines, note, said, text
from bot.reports.etablering_steg import STAGES
from bot.reports.etablering_svar import IN_SHORT, Verdict
from bot.say.reports import Voice

NOT_ASKED = N_(
    "The inquiry has been withdrawn, or your municipality is no longer asked. Nothing is needed."
)
MISSED = (N_("not acknowledged ({day})"), N_("not answered ({day})"))
"""What is said of a limit that has passed: to acknowledge, to answer."""
LATEST = {REGISTERED: N_("registered"), "landed": N_("landed"), "lost": N_("lost")}


def ask(inquiry: Inquiry, asked: Ask, who: tuple[str, ...], voice: Voice) -> Page:
    """What a contact is asked; later, how it stands with their municipality."""
    t = voice.audience.language.t
    words, home = voice.words(inquiry.opening), voice.names.place(asked.home)
    summary = t("{name}: an inquiry to {home}.", name=words.headline, home=home)
    return Page(
        _whispered(words, f"{summary} {clock_words(asked, voice)}", voice),
        (
            text(Strong(t("An inquiry to {home}: {name}", home=home, name=words.headline))),
            *marked(words, voice),
            note(" · ".join(words.sentences) or "–"),
            lines(tuple((row,) for row in _standing(asked, who, voice))),
            *answering(inquiry, asked, voice),
        ),
    )


def marked(words: ReportWords, voice: Voice) -> tuple[Part, ...]:
    """So that whoever reads of it knows to keep silent."""
    if not words.secret:
        return ()
    told = N_("Confidential: only those who are in the case may know of it.")
    return (text(Strong(voice.audience.language.t(told))),)


def _whispered(words: ReportWords, summary: str, voice: Voice) -> str:
    """What a notification says: of a confidential case not even whom it has been put to."""
    if not words.secret:
        return summary
    return voice.audience.language.t("{name} waits for an answer.", name=capital(words.whisper))


def _standing(asked: Ask, several: tuple[str, ...], voice: Voice) -> Iterator[str]:
    t, language = voice.audience.language.t, voice.audience.language
    who = language.listed(several)
    if asked.answered_on is not None and asked.verdict is not None:
        answer = t(IN_SHORT[Verdict(asked.verdict)])
        day = language.dated(asked.answered_on, voice.today)
        yield t("Answered {day} by {who}: {answer}", day=day, who=who, answer=answer)
    elif asked.acknowledged_on is not None:
        day = language.dated(asked.acknowledged_on, voice.today)
        yield t("Receipt acknowledged {day} by {who}", day=day, who=who)
    yield clock_words(asked, voice)


def clock_words(asked: Ask, voice: Voice) -> str:
    """What comes next, and until when."""
    t, language = voice.audience.language.t, voice.audience.language
    answer_by = language.weekday(asked.answer_by, voice.today)
    if asked.until is not None:
        return t("The case is closed. Nothing more is needed.")
    if asked.answered_on is not None:
        return t("Thank you. The answer can be completed.")
    is_late = voice.today > asked.answer_by
    if asked.acknowledged_on is not None:
        words = N_("Was to be answered {answer}.") if is_late else N_("Answer by {answer}.")
        return t(words, answer=answer_by)
    acknowledge_by = language.weekday(asked.acknowledge_by, voice.today)
    if is_late:
        words = N_("Was to be acknowledged {ack} and answered {answer}.")
        return t(words, ack=acknowledge_by, answer=answer_by)
    if voice.today > asked.acknowledge_by:
        words = N_("Was to be acknowledged {ack}. Answer by {answer}.")
        return t(words, ack=acknowledge_by, answer=answer_by)
    return t("Acknowledge by {ack}, answer by {answer}.", ack=acknowledge_by, answer=answer_by)


def answering(
    inquiry: Inquiry, asked: Ask, voice: Voice, *, page: int | None = None
) -> tuple[Part, ...]:
    """What those asked can do. `page` is the page of the case that the buttons stand on, if they
    stand on it."""
    if asked.until is not None:
        return (Buttons((shown(inquiry, voice),)),)
    t, about = voice.audience.language.t, {"case": inquiry.case, "home": asked.home}
    step = {**about, "kind": "etablering_svar"}
    if asked.answered_on is not None:
        complete = Button(t("Complete the answer"), "step", step)
        return (Buttons((complete, *(() if page is not None else (shown(inquiry, voice),)))),)
    ways = [Button(t("Answer"), "step", step, style="primary")]
    if asked.acknowledged_on is None:
        there = {} if page is None else {"page": str(page)}
        ways.append(Button(t("Acknowledge"), "acknowledge", {**about, **there}))
    return (Buttons((*ways, *(() if page is not None else (shown(inquiry, voice),)))),)


def shown(inquiry: Inquiry, voice: Voice) -> Button:
    return Button(voice.audience.language.t("Show the case"), "case", {"case": inquiry.case})


def answer_ways(inquiry: Inquiry, asked: Ask, voice: Voice) -> tuple[Part, ...]:
    """One inquiry among those that wait for the reader."""
    words = Strong(voice.headline(inquiry.opening))
    return (text(words, f": {clock_words(asked, voice)}"), *answering(inquiry, asked, voice))


def no_longer_asked(voice: Voice) -> Page:
    return said(voice.audience.language.t(NOT_ASKED))


def nudge(inquiry: Inquiry, asked: Ask, notice: InquiryNudge, voice: Voice) -> Page:
    """A limit is near or has passed."""
    t, language = voice.audience.language.t, voice.audience.language
    words, home = voice.words(inquiry.opening), voice.names.place(asked.home)
    by = asked.acknowledge_by if notice.limit == "acknowledge" else asked.answer_by
    day = language.weekday(by, voice.today)
    sentence = t(_nudging(notice, late=voice.today > by), home=home, day=day)
    return Page(
        _whispered(words, f"{words.headline}: {sentence}", voice),
        (text(Strong(words.headline), ": ", sentence), *answering(inquiry, asked, voice)),
    )


def late(inquiry: Inquiry, voice: Voice) -> Page | None:
    """To the office: all that is late in the case, municipality by municipality."""
    words = voice.words(inquiry.opening)
    rows = tuple(_late(inquiry, voice)) if inquiry.is_open else ()
    if not rows:
        return None
    sentence = _what_is_late(inquiry, len(rows), words.headline, voice)
    return Page(
        _whispered(words, sentence, voice),
        (lines(((Strong(sentence),), *rows)), Buttons((shown(inquiry, voice),))),
    )


def _what_is_late(inquiry: Inquiry, count: int, name: str, voice: Voice) -> str:
    n = voice.audience.language.n
    if any(asked.answered_on is None and asked.answer_by < voice.today for asked in inquiry.asks):
        return n("{name}: an answer is late.", "{name}: answers are late.", count, name=name)
    return n("{name}: a confirmation is late.", "{name}: confirmations are late.", count, name=name)


def _late(inquiry: Inquiry, voice: Voice) -> Iterator[tuple[Span, ...]]:
    for asked in in_order(inquiry, voice):
        missed = [
            waited_for(asked, by, "", words, voice)
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
        f"{capital(words.whisper)}: {question} {since}",
        (
            text(Strong(words.headline), f": {question} {since}"),
            Buttons(following(inquiry, voice)),
        ),
    )


def following(inquiry: Inquiry, voice: Voice) -> tuple[Button, ...]:
    t = voice.audience.language.t

    def step(label: str, kind: str) -> Button:
        return Button(label, "step", {"case": inquiry.case, "kind": kind})

    return (
        step(t("New stage"), "etablering_steg"),
        step(t("Landed"), "etablering_landad"),
        step(t("Lost"), "etablering_forlorad"),
    )


# --- Words that the page of a case shares


def stage_words(inquiry: Inquiry, voice: Voice) -> str:
    """The last stage, in a word."""
    label = next((o.label for o in STAGES if o.value == inquiry.stage), None)
    words = voice.audience.language.t(label or LATEST.get(inquiry.stage, LATEST[REGISTERED]))
    return words[:1].lower() + words[1:]


def in_order(inquiry: Inquiry, voice: Voice) -> tuple[Ask, ...]:
    """By name; whoever is no longer a member comes last."""
    return tuple(sorted(inquiry.asks, key=lambda each: voice.names.position(each.home)))


def waited_for(asked: Ask, by: date, coming: str, missed: str, voice: Voice) -> str:
    if asked.until is not None and asked.until <= by:
        return ""
    language = voice.audience.language
    return language.t(missed if voice.today > by else coming, day=language.dated(by, voice.today))


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
