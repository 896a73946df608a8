"""The second story: an inquiry from registration to landed, told by five people in turn; and a
campaign year against the year before.

Told after the first story, in the same town. It is a test as well.
"""

import re
from collections.abc import Callable
from fractions import Fraction

from playground.seed_cases import SIGNED_UP
from playground.seen import Seen
from playground.teller import SWEDISH, StoryError, Teller, expect, expect_same, t
from playground.telling import ZONE, moment
from playground.town import ANDERS, JOHAN, KARIN, MARIA, SARA, Somebody, Town

FALK = "Projekt Falk"
LINE = f"/etablering {FALK} 15 ha 40 mkr svar senast 30 juni Kumla, Hallsberg, Askersund sekretess"


_FORTY = SWEDISH.money(40_000_000)


def tell_of_cases(town: Town, write: Callable[[str], None]) -> None:
    """Raises StoryError when somebody sees anything else than the story has them see."""
    teller = Teller(town, ZONE, write)
    for scene in (
        karin_registers,
        maria_answers_at_once,
        johan_says_no_and_anders_nothing,
        the_clock_runs,
        anders_answers_late,
        sara_sees_nothing,
        a_visit_and_landed,
        the_numbers_have_moved,
        a_campaign_year,
    ):
        scene(teller)


def _of(value: int, target: int) -> str:
    return t("{value} of {target}", value=value, target=target)


def _rate(conversions: int, visits: int) -> str:
    """`5 % (300 av 6 000)`."""
    rate = SWEDISH.percent(Fraction(conversions, visits), 2)
    of = t("{value} of {target}", value=conversions, target=SWEDISH.number(visits))
    return f"{rate} ({of})"


def _in_case(teller: Teller, somebody: Somebody) -> Seen:
    """The message that somebody who follows the case has about it."""
    following = [s for s in teller.town.person(somebody).dm if t("New stage") in s.buttons]
    return next(seen for seen in following if FALK in seen.words)


def _about_the_ask(teller: Teller, somebody: Somebody) -> Seen:
    asked = t("An inquiry to {home}: {name}", home="", name=FALK).partition(" :")[0]
    own = [seen for seen in teller.town.person(somebody).dm if asked in seen.words]
    return next(seen for seen in own if FALK in seen.words)


# --- Tuesday 23 June


def karin_registers(teller: Teller) -> None:
    teller.chapter("14. Karin på BRO registrerar en konfidentiell förfrågan")
    teller.comes(moment("2026-06-23 10:00"))
    teller.overlook(*teller.town.cast)
    teller.types(KARIN, LINE)
    fields = teller.form(KARIN).fields
    understood = [fields[name].value for name in ("code_name", "land_ha", "answer_due")]
    expect_same("what was understood", understood, [FALK, "15", "2026-06-30"])
    expect_same("who is asked", fields["asked"].value, ["Kumla", "Hallsberg", "Askersund"])
    teller.fills(KARIN, source="Business Sweden", area="Industri")
    (receipt,) = teller.submits(KARIN)
    expect(receipt.words, FALK, "ska bekräfta senast 24 juni", "ska svara senast 30 juni")
    if FALK in receipt.text:
        raise StoryError("a notification names a confidential case")


def maria_answers_at_once(teller: Teller) -> None:
    teller.chapter("15. Maria i Kumla bekräftar och svarar ja")
    asked = teller.sees_one(MARIA)
    expect(asked.words, FALK, t("Acknowledge"))
    if FALK in asked.text:
        raise StoryError("a notification names a confidential case")
    teller.presses(MARIA, t("Acknowledge"), asked)
    teller.comes(moment("2026-06-25 09:30"))
    teller.overlook(MARIA, KARIN)
    teller.presses(MARIA, t("Answer"), _about_the_ask(teller, MARIA))
    teller.form(MARIA)
    yes = t("Yes, with one to three proposals")
    teller.fills(MARIA, verdict=yes, proposal="Norra Mos 20 ha, kommunens mark (exempel)")
    teller.submits(MARIA)
    current = next(seen for seen in teller.sees(KARIN) if FALK in seen.words)
    expect_same("the receipt keeps itself current", current.edited, True)
    expect(current.words, "*Kumla* – bekräftade 23 juni; svarade ja 25 juni")


def johan_says_no_and_anders_nothing(teller: Teller) -> None:
    teller.chapter("16. Johan i Hallsberg svarar nej, med skäl")
    teller.comes(moment("2026-06-26 14:00"))
    teller.overlook(JOHAN, KARIN)
    teller.presses(JOHAN, t("Answer"), _about_the_ask(teller, JOHAN))
    teller.form(JOHAN)
    reason = "Ingen ledig mark över 5 hektar (exempel)"
    teller.fills(JOHAN, verdict=t("No, with the reason"), reason=reason)
    teller.submits(JOHAN)


def the_clock_runs(teller: Teller) -> None:
    teller.chapter("17. Klockan går: Anders i Askersund påminns, sedan får Karin veta")
    teller.overlook(ANDERS, KARIN)
    teller.comes(moment("2026-06-29 07:59"))
    teller.sees_nothing(ANDERS)
    teller.comes(moment("2026-06-29 08:00"))
    (nudge,) = [seen for seen in teller.sees(ANDERS) if FALK in seen.words]
    expect(nudge.words, "Askersund behöver svara senast tisdag 30 juni")
    teller.overlook(KARIN)
    teller.comes(moment("2026-07-01 08:00"))
    late = [seen for seen in teller.sees(KARIN) if FALK in seen.words]
    expect(
        late[-1].words, "Askersund – inte bekräftat (senast 24 juni); inte svarat (senast 30 juni)"
    )


def anders_answers_late(teller: Teller) -> None:
    teller.chapter("18. Anders svarar till sist, för sent")
    teller.comes(moment("2026-07-02 11:00"))
    teller.overlook(ANDERS, KARIN)
    teller.presses(ANDERS, t("Answer"), _about_the_ask(teller, ANDERS))
    teller.form(ANDERS)
    yes = t("Yes, with one to three proposals")
    teller.fills(ANDERS, verdict=yes, proposal="Västra industrin 16 ha (exempel)")
    teller.submits(ANDERS)
    current = next(seen for seen in teller.sees(KARIN) if "*Askersund*" in seen.words)
    expect(current.words, "svarade ja 2 juli, för sent")


def sara_sees_nothing(teller: Teller) -> None:
    teller.chapter("19. Sara i Örebro är inte tillfrågad: för henne finns ärendet inte")
    teller.overlook(SARA)
    # She has not used the bot yet, and is asked which municipality she works for.
    teller.types(SARA, "/bro inställningar")
    teller.submits(SARA)
    teller.overlook(SARA)
    (listed,) = teller.types(SARA, "/etablering lista")
    (standing,) = teller.types(SARA, "/okr I4")
    teller.types(SARA, f"/etablering {FALK}")
    begun = teller.form(SARA)
    expect_same("a new registration is begun", begun.fields["code_name"].value, FALK)
    teller.town.person(SARA).closes()
    for seen in (listed, standing):
        if "Falk" in seen.words or _FORTY in seen.words:
            raise StoryError(f"Sara was told of a confidential case:\n{seen.words}")


def a_visit_and_landed(teller: Teller) -> None:
    teller.chapter("20. Företaget kommer på besök, och etablerar sig i Kumla")
    teller.comes(moment("2026-08-18 15:00"))
    teller.overlook(KARIN)
    teller.presses(KARIN, t("New stage"), _in_case(teller, KARIN))
    teller.form(KARIN)
    teller.fills(KARIN, stage=t("Visit"), members=["Kumla"])
    teller.submits(KARIN)
    teller.comes(moment("2026-08-28 10:00"))
    teller.overlook(KARIN)
    teller.types(KARIN, f"/etablering {FALK}")
    teller.presses(KARIN, t("Landed"))
    area = teller.form(KARIN).fields["area"].value
    expect_same("the area is known from the inquiry", area, "Industri")
    teller.fills(KARIN, municipality="Kumla", investment_sek="40 mkr", jobs="60")
    receipt = teller.submits(KARIN)[-1]
    expect(receipt.words, f"Landad i Kumla: {_FORTY}", "I1")


def the_numbers_have_moved(teller: Teller) -> None:
    teller.chapter("21. Talen har rört sig, utan att ärendet nämns för andra")
    teller.overlook(SARA)
    (investment,) = teller.types(SARA, "/okr I1")
    expect(investment.words, _FORTY, SWEDISH.money(30_000_000), t("A confidential case"))
    if "Falk" in investment.words:
        raise StoryError("the reports behind I1 name a confidential case")
    (readiness,) = teller.types(SARA, "/okr I4")
    # Gran was answered in time by two of three, Falk as well.
    expect(readiness.words, f"{t('inquiries answered in time')}: {_of(4, 6)}")
    teller.types(KARIN, f"/etablering {FALK}")
    teller.overlook(KARIN)


# --- The campaign year


def a_campaign_year(teller: Teller) -> None:
    teller.chapter("22. Ett kampanjår mot det förra")
    (before,) = teller.types(KARIN, "/okr M2")
    # 300 of 6 000 is 5 %; 200 of 5 000 was 4 %: a quarter more.
    expect(before.words, _rate(300, 6000), _rate(200, 5000), SWEDISH.percent(Fraction(1, 4)))
    teller.types(KARIN, "/kampanj Hitta hem (exempel)")
    teller.presses(KARIN, t("Report results"))
    teller.form(KARIN)
    teller.fills(
        KARIN,
        channel="LinkedIn",
        first="2026-05-01",
        last="2026-07-31",
        visits="1500",
        conversions="45",
        leads="30",
        spend_sek="18 000",
    )
    expect_same("what a conversion is", teller.form(KARIN).fields["counts_as"].value, SIGNED_UP)
    teller.submits(KARIN)
    (after,) = teller.types(KARIN, "/okr M2")
    # 345 of 7 500 is 4.6 %, which is 15 % more than 4 %.
    expect(after.words, _rate(345, 7500), SWEDISH.percent(Fraction(15, 100)))
    teller.types(KARIN, "/kampanj Hitta hem (exempel)")
    teller.presses(KARIN, t("Next stage"))
    expect_same("the stage", teller.form(KARIN).fields["stage"].value, t("Followed up"))
    teller.submits(KARIN)
    (overview,) = teller.types(KARIN, "/okr")
    row = re.search(r"SM1.*", overview.words)
    expect(row and row[0], _of(1, 5))
