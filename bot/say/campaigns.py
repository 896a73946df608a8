"""Campaigns in words: one with its stages and figures, and all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.campaigns import CAMPAIGN, RESULT, STAGE, STAGES, Campaign, Totals, by_channel, totals
from bot.language import N_, Language
from bot.ledger.recorded import Recorded
from bot.pages import Button, Buttons, Divider, Heading, Page, Part, Span, Strong, lines, said, text
from bot.reports.kampanj_resultat import CHANNELS
from bot.say.paging import Leaf
from bot.say.reports import LINE_LENGTH, Voice, own_buttons

RESULTS_SHOWN = 4
LIST_LENGTH = 6
CHOICE_LENGTH = 10
STAGE_WORDS = {
    "initiate": N_("Initiated"),
    "create": N_("Created"),
    "run": N_("Run"),
    "follow_up": N_("Followed up"),
}
WHICH = N_("Which campaign is it about?")
SEVERAL = N_("There are several campaigns by that name. Which one?")
NOT_FOUND = N_("I find no campaign by that name. Choose the one you mean.")


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """`changeable` are the ids of the results that the reader may change."""

    campaign: Campaign
    may_follow: bool
    may_change: bool
    changeable: frozenset[int]
    page: int


def page(facts: CampaignFacts, voice: Voice) -> Page:
    t, campaign = voice.audience.language.t, facts.campaign
    words = voice.words(campaign.opening)
    return Page(
        t("{name}: {stage}.", name=words.whisper, stage=_stage(campaign, voice)),
        (
            Heading(words.headline),
            text(" · ".join(words.sentences)),
            lines(((Strong(t("Stages")),), *_stages(campaign, voice.audience.language))),
            *_sums(campaign, voice.audience.language),
            *_results(facts, voice),
            *_ways(facts, voice),
        ),
    )


def _stage(campaign: Campaign, voice: Voice) -> str:
    last = [stage for stage in STAGES if stage in campaign.reached][-1]
    return voice.audience.language.t(STAGE_WORDS[last]).lower()


def _stages(campaign: Campaign, language: Language) -> Iterator[tuple[Span, ...]]:
    for stage in STAGES:
        day = campaign.reached.get(stage)
        sign, when = ("✔", language.day(day)) if day else ("○", language.t("not yet"))
        yield (f"{sign} {language.t(STAGE_WORDS[stage])}: {when}",)


def _sums(campaign: Campaign, language: Language) -> tuple[Part, ...]:
    """By year and channel, and the year in all: rates are pooled, never averaged."""
    parts: list[Part] = []
    for year in sorted({report.day.year for report in campaign.results}):
        results = [report for report in campaign.results if report.day.year == year]
        rows = [(Strong(language.t("Results {year}", year=year)),), *_channels(results, language)]
        whole = figures(totals(results), language)
        parts.append(lines([*rows, (Strong(language.t("In all")), f": {whole}")]))
    return tuple(parts)


def _channels(results: Iterable[Recorded], language: Language) -> Iterator[tuple[Span, ...]]:
    grouped = by_channel(results)
    for option in CHANNELS:
        if some := grouped.get(option.value):
            yield (f"{language.t(option.label)}: {figures(totals(some), language)}",)


def figures(told: Totals, language: Language) -> str:
    """`4,0 % konvertering (240 av 6 000) · kostnad 25 000 kr · 190 kr per lead`."""
    return " · ".join(_figures(told, language)) or "–"


def _figures(told: Totals, language: Language) -> Iterator[str]:
    t, n = language.t, language.number
    if told.rate is not None:
        of = t("{value} of {target}", value=n(told.converted), target=n(told.visited))
        yield t("conversion {rate} ({of})", rate=language.percent(told.rate, 2), of=of)
    counts = (
        (N_("visits {count}"), told.visits, told.visited if told.rate is not None else None),
        (N_("conversions {count}"), told.conversions, told.converted if told.visited else None),
        (N_("leads {count}"), told.leads, None),
        (N_("reach {count}"), told.reach, None),
        (N_("impressions {count}"), told.impressions, None),
    )
    # What stands in the rate already is not said again.
    yield from (t(words, count=n(c)) for words, c, said in counts if c is not None and c != said)
    if told.spend is not None:
        yield t("spend {amount}", amount=language.exact_money(told.spend))
    if told.cost_per_lead is not None:
        yield t("{amount} per lead", amount=language.exact_money(round(told.cost_per_lead)))


def _results(facts: CampaignFacts, voice: Voice) -> tuple[Part, ...]:
    language, results = voice.audience.language, facts.campaign.results
    if not results:
        return (text(language.t("No results yet.")),)
    leaf = Leaf(facts.page, RESULTS_SHOWN)
    parts: list[Part] = [Divider(), text(Strong(language.t("The figures reported")))]
    latest_first = sorted(results, key=lambda report: (report.day, report.id), reverse=True)
    for report in leaf.of(latest_first):
        parts.append(text(" · ".join(voice.words(report).sentences)))
        if report.id in facts.changeable:
            parts.append(Buttons(own_buttons(report, voice)))
    about = {"case": facts.campaign.case}
    return (*parts, *leaf.turning("case", about, len(results), language))


def _ways(facts: CampaignFacts, voice: Voice) -> tuple[Part, ...]:
    t, case = voice.audience.language.t, facts.campaign.case
    rows: list[Part] = [Divider()]
    if facts.may_follow:
        ways = [Button(t("Report results"), "step", {"case": case, "kind": RESULT}, "primary")]
        if facts.campaign.next_stage is not None:
            ways.append(Button(t("Next stage"), "step", {"case": case, "kind": STAGE}))
        rows.append(Buttons(tuple(ways)))
    if facts.may_change:
        rows.append(Buttons(own_buttons(facts.campaign.opening, voice)))
    return tuple(rows) if len(rows) > 1 else ()


def listing(several: tuple[Campaign, ...], number: int, voice: Voice) -> Page:
    t = voice.audience.language.t
    title, leaf = t("Campaigns"), Leaf(number, LIST_LENGTH)
    parts: list[Part] = [Heading(title)]
    if not several:
        parts.append(text(t("There are no campaigns yet.")))
    for campaign in leaf.of(several):
        sums = figures(totals(campaign.results), voice.audience.language)
        told = f"{_stage(campaign, voice)} · {sums}"
        parts.append(text(Strong(voice.headline(campaign.opening)), "\n", told))
        parts.append(Buttons((Button(t("Show"), "case", {"case": campaign.case}),)))
    parts += leaf.turning("cases", {"kind": CAMPAIGN}, len(several), voice.audience.language)
    return Page(title, tuple(parts))


def result_choice(question: str, several: tuple[Campaign, ...], typed: str, voice: Voice) -> Page:
    """Where it is not clear which campaign is meant: each with its form, to be filled in with what
    was typed beside the name."""
    t = voice.audience.language.t
    if not several:
        return said(t("There are no campaigns yet."))
    words = t(question)
    return Page(words, (text(words), Buttons(_result_buttons(several, typed, voice))))


def _result_buttons(several: tuple[Campaign, ...], typed: str, voice: Voice) -> tuple[Button, ...]:
    line = typed[:LINE_LENGTH]
    return tuple(
        Button(voice.headline(each.opening), "results", {"case": each.case, "line": line})
        for each in several[:CHOICE_LENGTH]
    )
