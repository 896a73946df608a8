"""Reports in words: the receipt, one's own list, the list behind a number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.calendar import local_day
from bot.cover import Cover
from bot.duties import NOTHING, said_nothing
from bot.lacking import lack, nearest
from bot.language import N_
from bot.ledger.recorded import Ended, Recorded
from bot.masking import Audience, Masking, ReportWords
from bot.measures import Case
from bot.names import PlanNames
from bot.pages import (
    Button,
    Buttons,
    Divider,
    Heading,
    Page,
    Part,
    Span,
    Strong,
    Text,
    note,
    said,
    text,
)
from bot.say.figures import in_period, period_words, unit_for, value_of_target
from bot.say.lacking import reasons
from bot.say.paging import Leaf
from bot.standing import Standing

PAGE_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Voice:
    """What every page about reports needs: who reads it, names, and the masking checkpoint."""

    audience: Audience
    names: PlanNames
    masking: Masking
    today: date
    zone: ZoneInfo

    def words(self, report: Recorded) -> ReportWords:
        """All that the reader may know of the report."""
        return self.masking.words(report, self.names, self.audience)

    def hides(self, report: Recorded) -> bool:
        """Whether the reader may know nothing of the report."""
        return self.masking.hides(report, self.audience)

    def headline(self, report: Recorded) -> str:
        return self.words(report).headline

    def title(self, report: Recorded) -> str:
        """As the headline, where nothing near it says what sort of thing it is."""
        return self.words(report).title


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    report: Recorded
    shared_with: tuple[str, ...]
    """Homes of others whose reports tell of the same event."""
    feeds: tuple[Standing, ...]
    """The key results that this kind of report can count for, as they stood with it."""


def receipt(facts: ReceiptFacts, voice: Voice) -> Page:
    ending = facts.report.ending
    if ending is not None:
        return _ended(facts.report, ending.how, voice)
    t = voice.audience.language.t
    words = voice.words(facts.report)
    day = _weekday(words, voice)
    saved = t("Changed") if facts.report.supersedes else t("Saved")
    counted = " ".join(_counted(facts, voice))
    return Page(
        f"{saved}: {words.whisper}{day}. {counted}".rstrip(),
        (
            Text((Strong(f"{saved}: "), Strong(words.headline), day)),
            note(*_joined(words.sentences)),
            *((text(counted),) if counted else ()),
            *_shared(facts, voice),
            Buttons(own_buttons(facts.report, voice)),
        ),
    )


def _weekday(words: ReportWords, voice: Voice) -> str:
    if words.day is None:
        return ""
    return f", {voice.audience.language.weekday(words.day, voice.today)}"


def own_buttons(report: Recorded, voice: Voice) -> tuple[Button, Button]:
    t = voice.audience.language.t
    about = {"report": str(report.id)}
    title = voice.headline(report)
    return (
        Button(t("Change"), "change", about, spoken=t("Change “{title}”", title=title)),
        Button(t("Undo"), "withdraw", about, spoken=t("Withdraw “{title}”", title=title)),
    )


def _ended(report: Recorded, how: Ended, voice: Voice) -> Page:
    words = voice.words(report)
    sentence = N_("{title} has been changed. The receipt for the change stands below.")
    if how is Ended.WITHDRAWN:
        sentence = N_("Withdrawn: {title}. Your report no longer counts, but stays on record.")
    t = voice.audience.language.t
    whisper = t(sentence, title=words.whisper)
    return Page(whisper[:1].upper() + whisper[1:], (note(t(sentence, title=words.headline)),))


def _counted(facts: ReceiptFacts, voice: Voice) -> Iterator[str]:
    language = voice.audience.language
    t = language.t
    counted = [s for s in facts.feeds if facts.report.id in s.measured.behind]
    for standing in counted:
        if standing.lacks_comparison:
            yield t(
                "It counts for key result {id}, which has nothing to compare with yet: the year "
                "before has not been reported.",
                id=standing.key_result.id,
            )
            continue
        words = N_("That is {unit} {value} {period} for key result {id}.")
        if not standing.counts_things:
            words = N_("It counts for key result {id}: {value} {period}.")
        yield t(
            words,
            unit=unit_for(standing.key_result.unit, 1, language),
            value=value_of_target(standing, language),
            period=in_period(standing, voice.today, language),
            id=standing.key_result.id,
        )
    if not counted:
        yield from _uncounted(facts, voice)


def _uncounted(facts: ReceiptFacts, voice: Voice) -> Iterator[str]:
    """What it would take, of the key results that it comes closest to."""
    report, names = facts.report, voice.names
    lacks = (lack(report, each.key_result, names.members) for each in facts.feeds)
    model = voice.masking.kinds[report.kind]
    yield from reasons(nearest(lacks), model, voice.audience.language, names)


def _shared(facts: ReceiptFacts, voice: Voice) -> tuple[Part, ...]:
    if not facts.shared_with:
        return ()
    language, names = voice.audience.language, voice.names
    by_name = sorted(facts.shared_with, key=names.position)
    others = language.listed(names.place(code) for code in by_name)
    return (
        note(
            language.t(
                "The same event has also been reported by {others}. It is counted once and "
                "credited to all who took part.",
                others=others,
            )
        ),
    )


def _joined(sentences: Iterable[str]) -> tuple[Span, ...]:
    return (" · ".join(sentences) or "–",)


def my_reports(reports: tuple[Recorded, ...], page: int, voice: Voice, waiting: int = 0) -> Page:
    """One's own and one's municipality's live reports, the latest first, a few at a time.

    `waiting` of one's own are kept until an admin has confirmed whom one speaks for.
    """
    t, n = voice.audience.language.t, voice.audience.language.n
    if waiting and not reports:
        return said(
            n(
                "{count} report waits for an admin to confirm your municipality.",
                "{count} reports wait for an admin to confirm your municipality.",
                waiting,
            )
        )
    if not reports:
        return said(t("You have no reports that count. Type /workshop to report."))
    leaf = Leaf(page, PAGE_LENGTH)
    parts: list[Part] = [Heading(t("My reports"))]
    for report in leaf.of(reports):
        told = _nothing(report, voice) if report.kind == NOTHING else _report(report, voice)
        parts += [*told, Divider()]
    parts += leaf.turning("mine", {}, len(reports), voice.audience.language)
    return Page(t("My reports"), tuple(parts))


def _report(report: Recorded, voice: Voice) -> tuple[Part, Part]:
    return _entry(report, voice), Buttons(own_buttons(report, voice))


def _nothing(report: Recorded, voice: Voice) -> tuple[Part, Part]:
    """An answer, too: it can be taken back where it was a slip."""
    undo = Button(voice.audience.language.t("Undo"), "something", {"report": str(report.id)})
    return text(nothing_words(report, voice)), Buttons((undo,))


def nothing_words(report: Recorded, voice: Voice) -> str:
    language, (kind, period) = voice.audience.language, said_nothing(report)
    what = language.t(voice.masking.kinds[kind].wording.many)
    when = period_words(period, language)
    return language.t("Nothing to report: {what}, {period}", what=what, period=when)


CHOICES = 10
LINE_LENGTH = 300
"""So much of a typed line goes along with a button: with every letter escaped as much as one
holds."""


def case_choice(found: tuple[Cover, ...], kind: str, typed: str, voice: Voice) -> Page:
    """Where what was typed may mean several cases that the reader may know of, or a new one."""
    t, alone = voice.audience.language.t, len(found) == 1
    one = t(voice.masking.kinds[kind].wording.one)
    words = t("Do you mean this one?") if alone else t("Which {one} do you mean?", one=one)
    none = t("No: report a new one") if alone else t("None of them: report a new one")
    rows = tuple(
        Button(f"{name} ({voice.names.place(cover.home)})", "case", {"case": cover.case})
        for cover in found[:CHOICES]
        if (name := voice.masking.case_name(cover, voice.audience))
    )
    new = Button(none, "report", {"kind": kind, "line": typed[:LINE_LENGTH]})
    return Page(words, (text(words), Buttons((*rows, new))))


def behind(
    standing: Standing, several: tuple[Case, ...], page: int, voice: Voice
) -> tuple[Part, ...]:
    """What was counted, a few at a time: one entry a case, however many have told of it."""
    language, leaf = voice.audience.language, Leaf(page, PAGE_LENGTH)
    if not several:
        return (note(language.t("No reports are counted here yet.")),)
    entries = tuple(_case(case, voice) for case in leaf.of(several))
    about = {"key_result": standing.key_result.id}
    return (*entries, *leaf.turning("okr", about, len(several), language))


def _case(case: Case, voice: Voice) -> Text:
    if len(case.reports) == 1:
        return _entry(case.reports[0], voice)
    language = voice.audience.language
    homes = dict.fromkeys(voice.names.place(report.home) for report in case.reports)
    places = language.listed(voice.names.places(sorted(case.members)))
    told = language.t("{places}. Reported by {homes}.", places=places, homes=language.listed(homes))
    words = voice.words(case.reports[0])
    if words.hidden:
        return text(Strong(words.headline))
    return Text((Strong(words.headline), ", ", language.day(case.day), "\n", told))


def _entry(report: Recorded, voice: Voice) -> Text:
    language, words = voice.audience.language, voice.words(report)
    if words.day is None or words.home is None:
        return text(Strong(words.headline))
    told = language.t(
        "reported by {home} {day}",
        home=voice.names.place(words.home),
        day=language.dated(local_day(report.recorded_at, voice.zone), words.day),
    )
    return Text(
        (
            Strong(words.headline),
            ", ",
            language.day(words.day),
            "\n",
            " · ".join((*words.sentences, told)),
        )
    )
