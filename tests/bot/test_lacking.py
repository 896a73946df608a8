"""What a report lacks to count, and how it is said."""

from datetime import date

import pytest

from bot.lacking import lack, nearest
from bot.language import language
from bot.names import PlanNames
from bot.plan.model import KeyResult
from bot.reports import kinds
from bot.say.lacking import reasons
from tests.bot.examples import BRO, report

DAY = date(2026, 3, 12)
WORKSHOPS = tuple(each for each in BRO.key_results if "workshop" in each.fed_by)
RESULTS = tuple(each for each in BRO.key_results if "kampanj_resultat" in each.fed_by)
LANDED = tuple(each for each in BRO.key_results if "etablering_landad" in each.fed_by)


def said(kind: str, key_results: tuple[KeyResult, ...], *members: str, **answers: object) -> str:
    told = report(1, DAY, *members, kind=kind, **answers)
    lacks = (lack(told, each, BRO.member_codes) for each in key_results)
    reader = language("sv")
    return " ".join(reasons(nearest(lacks), kinds()[kind], reader, PlanNames(BRO, reader)))


@pytest.mark.parametrize(
    ("form", "theme", "sentence"),
    [
        (
            "workshop",
            "service",
            "Räknas inte för S4 än: det behövs minst två kommuner. Var en kommun till med?",
        ),
        (
            "exchange",
            "service",
            "Räknas inte för S4 än: det behövs minst två kommuner. Var en kommun till med?",
        ),
        (
            "training",
            "service",
            (
                "Räknas inte för S4, som gäller workshop eller erfarenhetsutbyte. "
                "Räknas inte för I2, som gäller investering och etablering."
            ),
        ),
    ],
)
def test_what_is_missing_is_said_of_the_key_result_that_it_comes_closest_to(form, theme, sentence):
    assert said("workshop", WORKSHOPS, "1881", form=form, theme=theme) == sentence


def test_a_municipality_outside_the_network_is_none_of_those_it_takes():
    two = said("workshop", WORKSHOPS, "1881", "0180", form="workshop", theme="service")
    assert "minst två kommuner" in two


def test_an_area_that_is_not_counted_is_held_against_those_that_are():
    assert said("etablering_landad", LANDED, "1881", area="food") == (
        "Räknas inte för I1, som gäller logistik eller industri."
    )


def test_what_must_be_filled_in_is_named_by_its_label():
    (s4,) = (each for each in WORKSHOPS if each.id == "S4")
    measure = s4.measure.model_copy(update={"filled": ("host", "notes"), "where": {}})
    demanding = s4.model_copy(update={"measure": measure})
    assert said("workshop", (demanding,), "1881", "1861", notes="Bra") == (
        "Räknas inte för S4 än. Fyll i: Arrangör."
    )


def test_what_no_reason_is_known_for_is_explained_by_what_counts():
    told = said("kampanj_resultat", RESULTS, channel="web")
    assert told.startswith("Räknas inte för M2 än. Så här räknas det: Alla konverteringar")
    other = WORKSHOPS[0].model_copy(
        update={"measure": WORKSHOPS[0].measure.model_copy(update={"where": {"host": ("BRO",)}})}
    )
    assert "Så här räknas det" in said("workshop", (other,), "1881", "1861")


def test_a_kind_that_feeds_nothing_lacks_nothing():
    assert said("workshop", (), "1881") == ""
