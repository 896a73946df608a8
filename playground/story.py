"""The story of a week and a half: from Maria's first report to the digest that says what changed.

Told in the stand-in Slack after the example half-year. It is a test as well: each scene raises
StoryError when somebody sees anything else than what the story has them see.
"""

from collections.abc import Callable

from bot.ledger.recorded import Recorded
from playground.seen import Seen
from playground.teller import StoryError, Teller, expect, expect_same, t
from playground.telling import ZONE, moment
from playground.town import AMIR, ANDERS, CHANNEL, JOHAN, KARIN, LARS, MARIA, NILS, ULLA, Town

EXPORT_DAY = "Exportdag för småföretag"
BREAKFAST = "Etableringsfrukost"


def tell(town: Town, write: Callable[[str], None]) -> None:
    """The whole story, in a town that has been seeded. Raises StoryError."""
    teller = Teller(town, ZONE, write)
    for scene in (
        maria_reports,
        slack_delivers_twice,
        johan_joins,
        maria_asks,
        maria_reports_again,
        amir_makes_a_reminder,
        ulla_is_held_and_let_in,
        the_digest_comes,
        the_reminder_comes,
        lars_hears_again,
        maria_changes_her_report,
        the_next_digest_says_so,
        the_earlier_digest_stands,
    ):
        scene(teller)


def _of(value: int, target: int) -> str:
    return t("{value} of {target}", value=value, target=target)


def _live(teller: Teller) -> tuple[Recorded, ...]:
    now = teller.town.clock()
    return teller.town.desk.setup.ledger.read(lambda books: books.reports.known_at(now))


def _digest(news: list[Seen]) -> Seen:
    """The digest itself among what came; beside it must be its thread, and a picture in it."""
    digest, *threads = news
    expect_same("the digest's thread", [each.thread for each in threads], [digest.ts])
    expect([block["type"] for block in digest.blocks], "image")
    return digest


# --- Friday 12 June


def maria_reports(teller: Teller) -> None:
    teller.chapter("1. Maria i Kumla rapporterar för första gången")
    teller.types(MARIA, f"/workshop {EXPORT_DAY} 12 mars Kumla, Hallsberg 24 deltagare")
    fields = teller.form(MARIA).fields
    understood = {name: fields[name].value for name in ("title", "held_on", "participants")}
    wanted = {"title": EXPORT_DAY, "held_on": "2026-03-12", "participants": "24"}
    expect_same("what was understood", understood, wanted)
    expect_same("the municipalities", fields["members"].value, ["Kumla", "Hallsberg"])
    expect_same("the municipality by her address", fields["home"].value, "Kumla")
    teller.fills(MARIA, theme=t("Business service"))
    (receipt,) = teller.submits(MARIA)
    expect(receipt.words, EXPORT_DAY, _of(2, 4), "S4")


def slack_delivers_twice(teller: Teller) -> None:
    teller.chapter("2. Slack levererar samma formulär en gång till")
    before = len(_live(teller))
    answers = teller.town.slack.redeliver_last(times=2)
    teller.town.settle()
    expect_same("the answers", {answer.status for answer in answers}, {200})
    expect_same("the reports after a repeated delivery", len(_live(teller)), before)
    teller.sees_nothing(MARIA)
    teller.remark("Slack upprepade inlämningen två gånger: ingen ny rapport, inget nytt kvitto.")


def johan_joins(teller: Teller) -> None:
    teller.chapter("3. Johan i Hallsberg rapporterar samma tillfälle")
    teller.types(JOHAN, "/workshop Exportdag småföretag 12 mars Hallsberg")
    teller.form(JOHAN)
    teller.fills(JOHAN, theme=t("Business service"))
    teller.submits(JOHAN)
    screen = teller.form(JOHAN)
    same = screen.fields["same_as"].options[0]
    expect(same, EXPORT_DAY, "Kumla")
    teller.fills(JOHAN, same_as=same)
    (receipt,) = teller.submits(JOHAN)
    expect(receipt.words, _of(2, 4), "S4", "Kumla")


def maria_asks(teller: Teller) -> None:
    teller.chapter("4. Maria frågar hur planen står")
    (overview,) = teller.types(MARIA, "/okr")
    expect(overview.words, "S4", _of(2, 4), "I2", _of(3, 6))
    (one,) = teller.types(MARIA, "/okr S4")
    expect(one.words, _of(2, 4), EXPORT_DAY, "Företagslots i bygglov (exempel)")


def maria_reports_again(teller: Teller) -> None:
    teller.chapter("5. Maria rapporterar en till")
    line = f"/workshop {BREAKFAST} 4 juni Kumla, Lekeberg 31 deltagare tema: investering"
    teller.types(MARIA, line)
    fields = teller.form(MARIA).fields
    if "home" in fields:
        raise StoryError("Maria is asked again which municipality she works for")
    (receipt,) = teller.submits(MARIA)
    expect(receipt.words, BREAKFAST, _of(4, 6), "I2")


def amir_makes_a_reminder(teller: Teller) -> None:
    teller.chapter("6. Amir lägger en påminnelse")
    teller.types(AMIR, "/paminnelse Kvartalet är snart slut: har ni haft någon workshop?")
    form = teller.form(AMIR)
    owing = next(each for each in form.fields["audience"].options if "workshoppar" in each)
    weekly = t("Every week, on that weekday")
    teller.fills(AMIR, audience=owing, when=weekly, start="2026-06-15", at="09:00")
    teller.submits(AMIR)
    preview = teller.form(AMIR)
    days = ("15 juni", "22 juni", "29 juni", "6 juli", "13 juli")
    expect(preview.words, *days, "Anders Exempel (Askersund)", "Johan Exempel (Hallsberg)")
    expect(preview.words, "Lars Exempel (Laxå)", "Nils Exempel (Nora)", "Örebro: ")
    (saved,) = teller.submits(AMIR)
    expect(saved.words, "15 juni")


def ulla_is_held_and_let_in(teller: Teller) -> None:
    teller.chapter("7. Ulla, konsult, har en adress som ingen känner")
    before = len(_live(teller))
    teller.types(ULLA, "/workshop Markanvisning steg för steg 27 maj Örebro 16 deltagare")
    teller.form(ULLA)
    training = {"form": t("Training"), "theme": t("Investment and establishment")}
    teller.fills(ULLA, home="Örebro", **training)
    (held,) = teller.submits(ULLA)
    expect_same("the reports while Ulla waits", len(_live(teller)), before)
    request = teller.sees_one(AMIR)
    expect(request.words, "Ulla", "Örebro")
    teller.presses(AMIR, t("Approve as contact"), request)
    decision, receipt = teller.sees(ULLA)
    expect(decision.words, "Örebro")
    expect(receipt.words, "Markanvisning steg för steg", _of(5, 6), "I2")
    expect_same("the reports after the approval", len(_live(teller)), before + 1)
    if held.ts == receipt.ts:
        raise StoryError("the receipt should be a message of its own")


# --- Monday 15 June


def the_digest_comes(teller: Teller) -> None:
    teller.chapter("8. Måndag klockan åtta: veckobrevet")
    teller.comes(moment("2026-06-15 07:59"))
    teller.sees_nothing(KARIN)
    teller.comes(moment("2026-06-15 08:00"))
    digest = _digest(teller.sees(KARIN))
    expect(digest.words, "S4", f"{_of(2, 4)} (+1)", f"{_of(5, 6)} (+2)", EXPORT_DAY, BREAKFAST)
    expect(digest.words, "Laxå", "Nora")


def the_reminder_comes(teller: Teller) -> None:
    teller.chapter("9. Klockan nio: påminnelsen, till dem som inte har svarat")
    teller.overlook(MARIA, NILS, LARS, ANDERS)
    teller.comes(moment("2026-06-15 09:00"))
    teller.sees_nothing(MARIA)
    asked = teller.sees_one(NILS)
    expect(asked.words, "Kvartalet är snart slut", "Nora")
    (noted,) = teller.presses(NILS, t("Nothing to report"), asked)
    expect(noted.words, "2026")
    asked = teller.sees_one(LARS)
    (later,) = teller.presses(LARS, t("Later: tomorrow"), asked)
    expect(later.words, "tisdag 16 juni")
    asked = teller.sees_one(ANDERS)
    teller.presses(ANDERS, t("Report"), asked)
    anders_reports(teller)


def anders_reports(teller: Teller) -> None:
    teller.form(ANDERS)
    teller.fills(
        ANDERS,
        title="Tillsyn som fungerar",
        held_on="2026-06-15",
        members=["Askersund", "Hallsberg"],
        theme=t("Business service"),
    )
    (receipt,) = teller.submits(ANDERS)
    expect(receipt.words, "Tillsyn som fungerar", _of(3, 4), "S4")


# --- The days after


def lars_hears_again(teller: Teller) -> None:
    teller.chapter("10. Lars ville bli påmind senare")
    teller.comes(moment("2026-06-16 08:59"))
    teller.sees_nothing(LARS)
    teller.comes(moment("2026-06-16 09:00"))
    again = teller.sees_one(LARS)
    expect(again.words, "Kvartalet är snart slut", "Laxå")
    teller.sees_nothing(NILS)


def maria_changes_her_report(teller: Teller) -> None:
    teller.chapter("11. Maria rättar sin rapport")
    teller.comes(moment("2026-06-17 10:30"))
    receipt = next(seen for seen in teller.town.person(MARIA).dm if BREAKFAST in seen.words)
    teller.presses(MARIA, t("Change"), receipt)
    teller.form(MARIA)
    teller.fills(MARIA, theme=t("Business service"))
    former, changed = teller.submits(MARIA)
    expect_same("the former receipt's buttons", former.buttons, ())
    expect(changed.words, BREAKFAST, _of(4, 4), "S4")


def the_next_digest_says_so(teller: Teller) -> None:
    teller.chapter("12. Nästa måndag säger veckobrevet vad som har ändrats")
    teller.comes(moment("2026-06-22 08:00"))
    digest = _digest(teller.sees(KARIN))
    expect(digest.words, f"{_of(4, 4)} (+2)", f"{_of(4, 6)} (−1)", "Tillsyn som fungerar")
    was_is = "as of {day}: {then} is now {now}"
    for key_result, then, now in (("S4", _of(2, 4), _of(3, 4)), ("I2", _of(5, 6), _of(4, 6))):
        expect(digest.words, f"*{key_result}* {t(was_is, day='14 juni', then=then, now=now)}")


def the_earlier_digest_stands(teller: Teller) -> None:
    teller.chapter("13. Och den förra veckans står som den stod")
    (shown,) = teller.types(KARIN, "/okr vecka 2026-v24")
    published = next(
        seen
        for seen in teller.town.person(KARIN).sees(CHANNEL)
        if not seen.ephemeral and f"{_of(5, 6)} (+2)" in seen.words
    )
    numbers = [line for line in published.words.splitlines() if line[:1] in "✔●▲▼○"]
    expect(shown.words, *numbers)
