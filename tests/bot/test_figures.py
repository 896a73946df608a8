"""The small phrases: what is owed and by whom, the periods of a rate, what a report is."""

from datetime import date

import pytest

from bot.calendar import Period
from bot.duties import Owed
from bot.language import language
from bot.masking import ReportWords
from bot.names import PlanNames
from bot.pages import Note, Text
from bot.reminders import Reach
from bot.say.figures import owed_words
from bot.say.okr import KeyResultFacts, key_result, overview
from bot.say.reminders import Desk, reach_words
from bot.say.reports import ReceiptFacts, receipt
from bot.standing import standing, standing_of
from tests.bot.examples import BRO, report
from tests.handlers.slack.scenes import person, voice_of

SV = language("sv")
OWED = Owed(BRO.duties[0], "1882", Period.parse("2026-q2"), date(2026, 7, 7), False, True)

IN_JULY = date(2026, 7, 1)


def written(part: Text | Note) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in part.spans)


def test_what_is_owed_names_the_municipality_after_the_period():
    assert owed_words(OWED, IN_JULY, SV, "Askersund").endswith("kvartal 2 2026: Askersund.")
    assert owed_words(OWED, IN_JULY, SV).endswith("kvartal 2 2026.")


def test_what_is_owed_in_another_year_names_the_year():
    assert owed_words(OWED, date(2025, 12, 1), SV).startswith("Senast tisdag 7 juli 2026: ")


LEKEBERG, LAXA, ASKERSUND, OFFICE = "1814", "1860", "1882", BRO.network.office.code


def test_those_without_a_contact_come_in_the_order_of_the_swedish_alphabet():
    desk = Desk(BRO, SV, PlanNames(BRO, SV), IN_JULY)
    words = reach_words(Reach(unreachable=(OFFICE, LEKEBERG, LAXA, ASKERSUND)), desk)
    homes = ("Askersund", "Laxå", "Lekeberg", BRO.network.office.name)
    assert words.splitlines() == [f"• {home}: ingen kontakt än" for home in homes]


def test_a_receipt_names_the_others_in_the_order_of_the_swedish_alphabet():
    facts = ReceiptFacts(report(1, IN_JULY), (LEKEBERG, LAXA, ASKERSUND), ())
    notes = [part for part in receipt(facts, voice_of(None, "sv")).parts if isinstance(part, Note)]
    assert any("Askersund, Laxå och Lekeberg" in written(part) for part in notes)


@pytest.mark.parametrize(
    ("kind", "headline", "title"),
    [
        ("kampanj", "Bo i Kumla", "Kampanj Bo i Kumla"),
        ("kampanj", "Sommarkampanjen", "Sommarkampanjen"),
        ("", "Projekt Falk: Besök", "Projekt Falk: Besök"),
    ],
)
def test_what_a_report_is_stands_before_its_name_unless_that_says_so(kind, headline, title):
    assert ReportWords(headline, headline, kind=kind).title == title


def test_a_rate_is_told_with_the_years_that_it_compares():
    told = [
        report(1, date(2025, 4, 30), kind="kampanj_resultat", conversions=200, visits=5000),
        report(2, date(2026, 4, 30), kind="kampanj_resultat", conversions=300, visits=6000),
    ]
    rate = next(row for row in BRO.key_results if row.id == "M2")
    facts = KeyResultFacts(standing_of(BRO, rate, told, date(2026, 6, 1)), None, 0)
    page = key_result(facts, voice_of(person("Karin", "sv"), "sv"))
    said = "\n".join(written(part) for part in page.parts if isinstance(part, Text))
    assert "2026: 5" in said
    assert "2025: 4" in said


def test_the_shares_of_inquiries_in_time_do_not_stand_beside_the_words_that_nothing_is_reported():
    asked = report(1, date(2026, 3, 2), kind="etablering", asked_since={"1881": "2026-03-02"})
    page = overview(BRO, standing(BRO, [asked], date(2026, 6, 1)), (), SV)
    told = [written(part) for part in page.parts if isinstance(part, Text)]
    own, shares = (row for part in told for row in part.splitlines() if "I4" in row)
    assert "inga rapporter än" in own
    assert "i tid" not in own
    assert "i tid: 0 av 1" in shares
    assert "inga rapporter än" not in shares
