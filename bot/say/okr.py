"""The standing of the plan: all key results on one page, and each on a page of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from bot.adding import PREVIOUS_PERIOD, THIS_PERIOD
from bot.inquiries import Kept
from bot.language import N_, Language
from bot.measures import Case
from bot.measures import Part as MeasuredPart
from bot.names import PlanNames
from bot.pages import (
    Button,
    Buttons,
    Divider,
    Facts,
    Heading,
    Mono,
    Page,
    Part,
    Quiet,
    Span,
    Strong,
    lines,
    note,
    text,
)
from bot.plan.model import Objective, Plan, Ratio, Sum
from bot.say.figures import (
    amount,
    beside_words,
    between,
    have_of,
    is_told,
    period_words,
    status,
    value_of_target,
)
from bot.say.reports import Voice, behind
from bot.standing import Standing, Status

VALUES = (N_("national"), N_("international"))
"""Values of reports that plans demand one of each of, until a kind of report has words for them."""


@dataclass(frozen=True, slots=True)
class HomeClock:
    """How one municipality keeps the clock of inquiries."""

    home: str
    acknowledged: Kept
    answered: Kept


@dataclass(frozen=True, slots=True)
class KeyResultFacts:
    standing: Standing
    counted: tuple[Case, ...] | None
    """What is behind the value; None for a reader who may not see reports."""
    page: int
    clock: tuple[HomeClock, ...] = ()


def overview(
    plan: Plan, standings: tuple[Standing, ...], beside: tuple[Standing, ...], language: Language
) -> Page:
    """`/okr`: three objectives, each key result a line, and a way to each."""
    message = in_one_line(standings, language)
    objectives = (
        lines(_objective_lines(objective, standings, language)) for objective in plan.objectives
    )
    parts: tuple[Part, ...] = (
        Heading(language.pick(plan.name)),
        text(message),
        *objectives,
        *rows_beside((*standings, *beside), plan, language),
        Divider(),
        note(language.t("Choose a key result to see how it is counted and the reports behind it.")),
        Buttons(tuple(_way_to(standing) for standing in (*standings, *beside))),
    )
    return Page(message, parts)


def rows_beside(several: tuple[Standing, ...], plan: Plan, language: Language) -> tuple[Part, ...]:
    """The plan's rows beside the key results, and the numbers that are shown beside one of either:
    those are fed by other reports than its value."""
    own = {row.id for row in plan.beside}
    rows = [key_result_line(row, language) for row in several if row.key_result.id in own]
    rows += [
        (Strong(row.key_result.id), f" {words[:1].upper()}{words[1:]}")
        for row in several
        if (words := beside_words(row, language))
    ]
    heading = (Strong(language.t("Beside the key results")),)
    return (lines((heading, *rows)),) if rows else ()


def in_one_line(standings: tuple[Standing, ...], language: Language) -> str:
    """The message before the details: how many stand where."""
    n = language.n
    counts = {status: sum(s.status is status for s in standings) for status in Status}
    told = (
        n("{count} achieved", "{count} achieved", counts[Status.MET]),
        n("{count} on plan", "{count} on plan", counts[Status.ON_PLAN]),
        n("{count} at risk", "{count} at risk", counts[Status.AT_RISK]),
        n("{count} behind", "{count} behind", counts[Status.BEHIND]),
        n(
            "{count} without current reports",
            "{count} without current reports",
            counts[Status.SILENT],
        ),
    )
    some = [words for words, count in zip(told, counts.values(), strict=True) if count]
    return language.t(
        "Of {count} key results: {statuses}.", count=len(standings), statuses=language.listed(some)
    )


def _objective_lines(
    objective: Objective, standings: tuple[Standing, ...], language: Language
) -> Iterator[tuple[Span, ...]]:
    yield (Strong(language.pick(objective.name)),)
    for standing in standings:
        if standing.key_result.objective == objective.id:
            yield key_result_line(standing, language)


def key_result_line(standing: Standing, language: Language, gained: str = "") -> tuple[Span, ...]:
    """`● S4 Workshops: 2 av 4 (+1) – enligt plan`."""
    symbol, _, words = status(standing, language).partition(" ")
    label = language.pick(standing.key_result.label)
    value = f": {value_of_target(standing, language)}{gained}" if is_told(standing) else ""
    few = language.t("few cases")
    thin = f" ({few})" if standing.measured.thin else ""
    return (
        f"{symbol} ",
        Strong(standing.key_result.id),
        f" {label}{value} – {words}{thin}",
    )


def _way_to(standing: Standing) -> Button:
    id_ = standing.key_result.id
    return Button(id_, "okr", {"key_result": id_})


def key_result(facts: KeyResultFacts, voice: Voice) -> Page:
    """`/okr S4`: the plan's words, the reading, the figures, the reports."""
    language, standing = voice.audience.language, facts.standing
    found = standing.key_result
    title = f"{found.id} {language.pick(found.label)}"
    value = value_of_target(standing, language)
    parts: list[Part] = [
        Heading(title),
        text(Quiet(language.t("“{text}”", text=found.text))),
        text(Strong(language.t("How it is counted:")), " ", language.pick(found.counted)),
        Facts(tuple(_figures(standing, language))),
        *_parts(standing, language),
        *_clock(facts.clock, voice),
        Divider(),
    ]
    if facts.counted is None:
        parts.append(
            note(
                language.t(
                    "The reports are shown once it is confirmed which municipality you work for."
                )
            )
        )
    else:
        parts += [
            text(Strong(language.t("The reports behind it"))),
            *behind(standing, facts.counted, facts.page, voice),
        ]
    parts.append(Buttons((Button(language.t("The whole plan"), "okr"),)))
    return Page(f"{title}: {value}, {status(standing, language)}", tuple(parts))


def _figures(standing: Standing, language: Language) -> Iterator[tuple[str, str]]:
    t = language.t
    yield t("Value"), value_of_target(standing, language)
    yield t("Status"), status(standing, language)
    yield t("Counted over"), _counted_over(standing, language)
    if standing.expected is not None:
        yield t("Expected by now"), amount(standing.expected, standing, language)
    if standing.forecast is not None:
        yield t("Forecast"), forecast_words(standing, language)
    if standing.needed_per_month:
        yield t("Needed per month"), amount(standing.needed_per_month, standing, language)


def _counted_over(standing: Standing, language: Language) -> str:
    if standing.key_result.period == "year":
        return period_words(standing.period, language)
    return between(standing.period, language)


def forecast_words(standing: Standing, language: Language) -> str:
    """`5 (mellan 3 och 7)`: the range holds eight times out of ten."""
    forecast = standing.forecast
    assert forecast is not None
    number = language.number
    return language.t(
        "{mid} (between {low} and {high})",
        mid=number(forecast.mid, 0),
        low=number(forecast.low, 0),
        high=number(forecast.high, 0),
    )


def _parts(standing: Standing, language: Language) -> tuple[Part, ...]:
    """The numbers beside the value: numerator and denominator, each condition."""
    rows = [_part(part, standing, language) for part in standing.measured.parts]
    rows += [_part(part, standing, language) for part in standing.beside]
    if standing.measured.thin:
        rows.append((language.t("The numbers are too small for the change to say anything."),))
    return (lines(rows),) if rows else ()


def _part(part: MeasuredPart, standing: Standing, language: Language) -> tuple[Span, ...]:
    name = _part_name(part, standing, language)
    holds = {True: " ✔", False: " ✘", None: ""}[part.holds]
    match standing.key_result.measure:
        case Ratio() if part.of:
            rate = language.percent(Fraction(part.have) / Fraction(part.of), 2)
            return (f"{name}: {rate} ({have_of(part, language)})",)
        case Sum(money=True) if part.of is None:
            return (f"{name}: {language.money(part.have)}",)
    return (f"{name}: {have_of(part, language)}{holds}",)


def _part_name(part: MeasuredPart, standing: Standing, language: Language) -> str:
    """A period by its own name."""
    periods = {THIS_PERIOD: standing.period, PREVIOUS_PERIOD: standing.period.previous()}
    if part.name in periods:
        return period_words(periods[part.name], language)
    return language.pick(dict(part.words)) if part.words else language.t(part.name)


def _clock(clock: tuple[HomeClock, ...], voice: Voice) -> tuple[Part, ...]:
    """Each municipality that has been asked in open cases. The totals above hold all cases."""
    if not clock:
        return ()
    t = voice.audience.language.t
    rows: list[tuple[Span, ...]] = [
        (Strong(t("In time, by municipality (cases without confidentiality)")),)
    ]
    rows += [(f"{voice.names.place(each.home)}: {clock_words(each, voice)}",) for each in clock]
    return (lines(rows),)


def clock_words(each: HomeClock, voice: Voice) -> str:
    """`bekräftade 3 av 4, besvarade 2 av 4`."""
    t, of = voice.audience.language.t, N_("{value} of {target}")
    acknowledged = t(of, value=each.acknowledged.have, target=each.acknowledged.of)
    answered = t(of, value=each.answered.have, target=each.answered.of)
    return t("acknowledged {some}, answered {others}", some=acknowledged, others=answered)


def help_page(language: Language, names: PlanNames) -> Page:
    """`/okr hjälp`."""
    t = language.t
    rows = ((Mono(line), " – ", words) for line, words in examples(language, names))
    title = t("How to ask about the plan")
    return Page(
        title, (Heading(title), lines(rows), Buttons((Button(t("The whole plan"), "okr"),)))
    )


def examples(language: Language, names: PlanNames) -> tuple[tuple[str, str], ...]:
    """What can be asked, to copy; and what comes of it."""
    t, member = language.t, next(iter(names.members.values()), "")
    return (
        ("/okr", t("how the plan stands")),
        ("/okr S4", t("one key result and the reports behind it")),
        (t("/okr week 2026-v11"), t("the digest as it stood that week")),
        (t("/okr silent"), t("who owes what, whose answers are late, who is silent")),
        (f"/okr {member}", t("what a municipality has done, and what is waited for from it")),
    )
