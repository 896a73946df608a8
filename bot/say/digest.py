"""The week's digest: one screen for the channel, the detail for its thread, the picture."""

from collections.abc import Iterator
from dataclasses import replace

from bot.chart import Bar, Chart
from bot.corrections import Correction
from bot.digest import DigestFacts, Moved
from bot.language import Language
from bot.ledger.recorded import Recorded
from bot.measures import Case
from bot.pages import (
    Button,
    Buttons,
    Heading,
    Page,
    Part,
    Picture,
    Span,
    Strong,
    lines,
    note,
    text,
)
from bot.plan.model import Plan
from bot.say.awaited import awaited_rows
from bot.say.figures import (
    amount,
    change,
    is_told,
    status,
    status_words,
    value_of_target,
    week_words,
)
from bot.say.okr import forecast_words, in_one_line, key_result_line, rows_beside
from bot.say.reports import Voice
from bot.standing import Standing, Status

NEWS_SHOWN = 5
NAMED_WEEKS = 4


def digest(plan: Plan, facts: DigestFacts, voice: Voice) -> Page:
    """The one screen. Its first line carries the message."""
    language = voice.audience.language
    t = language.t
    week = week_words(facts.published.week, language)
    message = in_one_line(facts.standings, language)
    parts: list[Part] = [
        Heading(t("The plan, {week}", week=week)),
        text(Strong(message)),
        *_skipped(facts, language),
        *_closed(facts, language),
        *_objectives(plan, facts, language),
        *rows_beside((*facts.standings, *facts.beside), plan, language),
        *_news(facts, voice),
        *_corrections(facts, voice),
        *_absent(facts, voice),
        picture(facts, language),
        Buttons(
            (
                Button(t("Behind the numbers"), "okr", style="primary"),
                Button(t("Report"), "help"),
            )
        ),
        note(
            t("✔ achieved · ● on plan · ▲ at risk · ▼ behind · ○ no reports. More in the thread.")
        ),
    ]
    return Page(f"{t('The plan, {week}', week=week)}. {message}", tuple(parts))


def _objectives(plan: Plan, facts: DigestFacts, language: Language) -> Iterator[Part]:
    for objective in plan.objectives:
        name = (Strong(language.pick(objective.name)),)
        rows = (
            key_result_line(standing, language, _gained(facts, standing, language))
            for standing in facts.standings
            if standing.key_result.objective == objective.id
        )
        yield lines((name, *rows))


def _gained(facts: DigestFacts, standing: Standing, language: Language) -> str:
    difference = facts.gained(standing)
    if difference is None or standing.status is Status.SILENT:
        return ""
    return f" ({change(difference, standing, language)})"


def _skipped(facts: DigestFacts, language: Language) -> tuple[Part, ...]:
    weeks = facts.published.skipped
    if not weeks:
        return ()
    named = language.listed(week_words(week, language) for week in weeks)
    if len(weeks) > NAMED_WEEKS:
        named = f"{week_words(weeks[0], language)}–{week_words(weeks[-1], language)}"
    return (
        note(
            language.t(
                "No digest went out for {weeks}. What came in then is included here.", weeks=named
            )
        ),
    )


def _closed(facts: DigestFacts, language: Language) -> tuple[Part, ...]:
    """How a year ended: said once, in the first digest after it."""
    if not facts.closed:
        return ()
    ended = facts.closed[0].day
    told = [s for s in facts.closed if s.status is not Status.SILENT]
    silent = [s.key_result.id for s in facts.closed if s.status is Status.SILENT]
    rows: list[tuple[Span, ...]] = [
        (Strong(language.t("How it ended, {day}", day=language.day(ended))),)
    ]
    rows += [key_result_line(standing, language) for standing in told]
    if silent:
        rows.append((language.t("Without reports: {ids}", ids=language.listed(silent)),))
    return (lines(rows),)


def _news(facts: DigestFacts, voice: Voice) -> tuple[Part, ...]:
    language = voice.audience.language
    rows: list[tuple[Span, ...]] = [(Strong(language.t("New reports")),)]
    if not facts.news:
        rows.append((language.t("No new reports."),))
    open_to_all = [c for c in facts.news if not voice.hides(c.reports[0])]
    rows += [_case_line(case, facts, voice) for case in open_to_all[-NEWS_SHOWN:]]
    if hidden := len(facts.news) - len(open_to_all):
        rows.append((_hidden_line(hidden, language),))
    rest = len(open_to_all) - NEWS_SHOWN
    if rest > 0:
        rows.append((language.n("and {count} more", "and {count} more", rest),))
    return (lines(rows),)


def _hidden_line(count: int, language: Language) -> str:
    """That there are such reports, and nothing that would tell one from another."""
    words = language.n("{count} confidential report", "{count} confidential reports", count)
    return f"• {words}"


def _case_line(case: Case, facts: DigestFacts, voice: Voice) -> tuple[Span, ...]:
    language = voice.audience.language
    places = language.listed(voice.names.places(sorted(case.members)))
    where = f" ({places})" if places else ""
    counted = [s.key_result.id for s in facts.standings if set(case.ids) & set(s.measured.behind)]
    towards = f" → {', '.join(counted)}" if counted else ""
    title, day = voice.title(case.reports[0]), language.dated(case.day, facts.published.day)
    return ("• ", title, f", {day}{where}{towards}")


def _corrections(facts: DigestFacts, voice: Voice) -> tuple[Part, ...]:
    if not facts.corrections:
        return ()
    t = voice.audience.language.t
    rows: list[tuple[Span, ...]] = [(Strong(t("Changed since the last digest")),)]
    rows += [_correction_line(each, facts, voice) for each in facts.corrections]
    return (lines(rows),)


def _correction_line(each: Correction, facts: DigestFacts, voice: Voice) -> tuple[Span, ...]:
    language = voice.audience.language
    changed = language.t(
        "as of {day}: {then} is now {now}",
        day=language.dated(each.then.day, facts.published.day),
        then=value_of_target(each.then, language),
        now=value_of_target(each.now, language),
    )
    culprits = (facts.reports[id_] for id_ in each.by if id_ in facts.reports)
    why = "; ".join(dict.fromkeys(_culprit(report, facts, voice) for report in culprits))
    return ("• ", Strong(each.key_result.id), f" {changed}", f" – {why}" if why else "")


def _culprit(report: Recorded, facts: DigestFacts, voice: Voice) -> str:
    """Which report did it, and why as far as somebody has said so. What ended later than this
    digest has not ended here: it reads the same for ever."""
    t, words = voice.audience.language.t, voice.words(report)
    title = words.headline
    match facts.moved(report):
        case Moved.WITHDRAWN if words.why:
            return t("withdrawn: {title} (“{why}”)", title=title, why=words.why)
        case Moved.WITHDRAWN:
            return t("withdrawn: {title}", title=title)
        case Moved.CORRECTED:
            return t("corrected: {title}", title=title)
        case Moved.TOLD:
            return t("told late: {title}", title=title)


def _absent(facts: DigestFacts, voice: Voice) -> tuple[Part, ...]:
    """Who is named as overdue is not named as silent besides."""
    waited = facts.awaited
    overdue = {member for each in waited.missing if each.overdue for member in each.members}
    unnamed = tuple(member for member in waited.silent if member not in overdue)
    rows = awaited_rows(replace(waited, silent=unnamed), facts.published.day, voice)
    if not rows:
        return ()
    heading = (Strong(voice.audience.language.t("Waiting for")),)
    return (lines((heading, *rows)),)


def picture(facts: DigestFacts, language: Language) -> Picture:
    t = language.t
    title = t("The plan, {week}", week=week_words(facts.published.week, language))
    legend = t("The line across a bar: where we should be by now.")
    bars = tuple(_bar(standing, language) for standing in facts.standings)
    spoken = "; ".join(
        f"{s.key_result.id} {value_of_target(s, language)} {status_words(s, language)}"
        for s in facts.standings
    )
    return Picture(Chart(title, legend, bars), f"{title}. {spoken}.")


def _bar(standing: Standing, language: Language) -> Bar:
    expected = None
    if standing.expected is not None and standing.target:
        expected = float(standing.expected / standing.target)
    return Bar(
        label=f"{standing.key_result.id}  {language.pick(standing.key_result.label)}",
        share=float(standing.share or 0),
        expected=expected,
        value=value_of_target(standing, language),
        status=standing.status.value,
        status_words=status_words(standing, language),
    )


def detail(plan: Plan, facts: DigestFacts, voice: Voice) -> Page:
    """For the thread: each key result that says anything, with pace and forecast."""
    language = voice.audience.language
    t = language.t
    told = [s for s in facts.standings if is_told(s) and s.status is not Status.SILENT]
    rows: list[tuple[Span, ...]] = [
        (Strong(s.key_result.id), f" {'; '.join(_told(s, language))}") for s in told
    ]
    rows.append(_not_fed(facts, language))
    title = t("In detail, {week}", week=week_words(facts.published.week, language))
    return Page(title, (text(Strong(title)), lines(rows), _known_at(facts, plan, language)))


def _told(standing: Standing, language: Language) -> Iterator[str]:
    t = language.t
    yield f"{value_of_target(standing, language)}, {status(standing, language)}"
    if standing.expected is not None:
        yield t("expected by now {value}", value=amount(standing.expected, standing, language))
    if standing.forecast is not None:
        yield t("forecast {forecast}", forecast=forecast_words(standing, language))
    if standing.needed_per_month:
        yield t(
            "needed per month {value}", value=amount(standing.needed_per_month, standing, language)
        )


def _not_fed(facts: DigestFacts, language: Language) -> tuple[Span, ...]:
    silent = [s.key_result.id for s in facts.standings if s.status is Status.SILENT]
    if not silent:
        return (language.t("All key results have reports."),)
    return (language.t("Without reports: {ids}", ids=language.listed(silent)),)


def _known_at(facts: DigestFacts, plan: Plan, language: Language) -> Part:
    published = facts.published
    return note(
        language.t(
            "As it stood on {day}, by what was known on {moment}. /okr week {week} shows it again.",
            day=language.weekday(published.day, published.day),
            moment=language.moment(published.as_of, plan.zone, published.day),
            week=str(published.week),
        )
    )
