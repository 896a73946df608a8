"""The small phrases that figures are spoken with: values, targets, periods, statuses."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from bot.calendar import Period, Span, Week
from bot.duties import Owed
from bot.inquiries import KINDS as INQUIRY_KINDS
from bot.language import N_, Language
from bot.measures import Amount, Part
from bot.plan.model import Ratio, Sum, Unit
from bot.standing import Standing, Status

SYMBOLS: Mapping[Status, str] = {
    Status.MET: "✔",
    Status.ON_PLAN: "●",
    Status.AT_RISK: "▲",
    Status.BEHIND: "▼",
    Status.SILENT: "○",
}
WORDS: Mapping[Status, str] = {
    Status.MET: N_("achieved"),
    Status.ON_PLAN: N_("on plan"),
    Status.AT_RISK: N_("at risk"),
    Status.BEHIND: N_("behind"),
    Status.SILENT: N_("no reports yet"),
}


def status_words(standing: Standing, language: Language) -> str:
    """Word only; the symbol stands before it. Silence says since when, if there ever was sound."""
    latest = standing.measured.latest
    if standing.status is not Status.SILENT or latest is None:
        return language.t(WORDS[standing.status])
    if standing.lacks_comparison:
        return language.t("nothing to compare with yet")
    if {*standing.key_result.fed_by} & {*INQUIRY_KINDS}:
        # The day of the last one may be that of a confidential case.
        return language.t("silent for a long time")
    return language.t("silent since {day}", day=language.dated(latest, standing.day))


def status(standing: Standing, language: Language) -> str:
    return f"{SYMBOLS[standing.status]} {status_words(standing, language)}"


def is_told(standing: Standing) -> bool:
    """Whether there is a value to say: 0 of 4 says something, a sum of nothing or a change on
    nothing does not."""
    measure = standing.key_result.measure
    compared = isinstance(measure, Ratio) or (isinstance(measure, Sum) and measure.growth)
    unfed = standing.measured.latest is None
    return standing.value is not None and not (unfed and compared)


def amount(value: Amount, standing: Standing, language: Language) -> str:
    """A change on something earlier in per cent, money as money, anything else as a number."""
    match standing.key_result.measure:
        case Ratio():
            return language.percent(value, 1)
        case Sum(money=True):
            return language.money(value)
    return language.number(value)


def value_of_target(standing: Standing, language: Language) -> str:
    """`2 av 4`, or what there is of it."""
    found = standing.value if is_told(standing) else None
    value = "–" if found is None else amount(found, standing, language)
    if standing.target is None:
        return value
    target = amount(standing.target, standing, language)
    if isinstance(standing.key_result.measure, Ratio):
        return language.t("{value} (target {target})", value=_signed(value), target=_signed(target))
    return language.t("{value} of {target}", value=value, target=target)


def beside_words(standing: Standing, language: Language) -> str:
    """`förfrågningar besvarade i tid: 2 av 3`; nothing where there are none."""
    return ", ".join(
        f"{language.t(part.name)}: {have_of(part, language)}" for part in standing.beside
    )


def have_of(part: Part, language: Language) -> str:
    have = language.number(part.have)
    if part.of is None:
        return have
    return language.t("{value} of {target}", value=have, target=language.number(part.of))


def unit_for(unit: Unit, value: Amount, language: Language) -> str:
    return language.pick(unit.one if value == 1 else unit.many)


def change(difference: Amount | None, standing: Standing, language: Language) -> str:
    """`+1`, `−2` or `±0` since last week."""
    if not difference:
        return "±0"
    sign, size = ("−", -difference) if difference < 0 else ("+", difference)
    if isinstance(standing.key_result.measure, Ratio):
        points = language.number(size * 100)
        return language.t("{points} percentage points", points=f"{sign}{points}")
    return sign + amount(size, standing, language)


def _signed(value: str) -> str:
    """A change upwards is marked as one, as a change downwards is."""
    return f"+{value}" if value[:1].isdigit() else value


def period_words(period: Period, language: Language) -> str:
    """`2026`, `kvartal 2 2026`, `juni 2026`, `vecka 11 2026`."""
    year = period.start.year
    match period.span:
        case Span.YEAR:
            return str(year)
        case Span.HALF_YEAR:
            return language.t(
                "half-year {number} {year}", number=1 + period.start.month // 7, year=year
            )
        case Span.QUARTER:
            number = 1 + (period.start.month - 1) // 3
            return language.t("quarter {number} {year}", number=number, year=year)
        case Span.MONTH:
            return format_date(period.start, "LLLL y", language.code)
        case Span.WEEK:
            return week_words(Week.of(period.start), language)
    return between(period, language)


def owed_words(owed: Owed, today: date, language: Language, place: str = "") -> str:
    """`Senast tisdag 7 juli: kvartalets workshoppar, kvartal 2 2026.` With the `place` that owes
    it, where that is not plain: `… kvartal 2 2026: Askersund.`"""
    period = period_words(owed.period, language)
    values = {
        "what": language.pick(owed.duty.label),
        "period": f"{period}: {place}" if place else period,
        "due": language.weekday(owed.due, today),
    }
    if owed.overdue:
        return language.t("Was due {due}: {what}, {period}.", **values)
    return language.t("Due {due}: {what}, {period}.", **values)


def between(period: Period, language: Language) -> str:
    """`1 januari 2026–31 december 2027`."""
    return language.days(period.start, period.end)


def week_words(week: Week, language: Language) -> str:
    return language.t("week {number} {year}", number=week.number, year=week.year)


def in_period(standing: Standing, today: date, language: Language) -> str:
    """`i år`, `under 2025`, or what else the value is measured over."""
    period = standing.period
    if period.span is Span.YEAR and period.contains(today):
        return language.t("this year")
    if period.span is Span.YEAR:
        return language.t("in {year}", year=period.start.year)
    return language.t("in {period}", period=period_words(period, language))
