"""A workshop's own rules: when two are asked about as one, whom it credits, how it is told."""

from datetime import date

import pytest

from bot.language import language
from bot.names import PlanNames
from bot.reports import kinds
from bot.reports.workshop import Workshop
from tests.bot.examples import BRO

ANSWERS = {
    "title": "Exportdag för småföretag",
    "held_on": "2026-03-12",
    "members": ["1881", "1861"],
    "theme": "service",
}
NORA = ["1884"]


def workshop(**changed: object) -> Workshop:
    return Workshop.model_validate(ANSWERS | changed)


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        ({}, True),
        ({"title": "Frukost"}, True),  # a municipality in common
        ({"title": "Frukost", "members": ["1861", *NORA]}, True),
        ({"members": NORA}, True),  # a title in common
        ({"members": NORA, "title": "EXPORTDAG FÖR SMÅ FÖRETAG"}, True),
        ({"members": NORA, "title": "Frukost"}, False),
        ({"held_on": "2026-03-11"}, True),
        ({"held_on": "2026-03-13"}, True),
        ({"held_on": "2026-03-10"}, False),
        ({"held_on": "2026-03-14"}, False),
        ({"theme": "investment"}, False),
        ({"form": "exchange", "participants": 24, "host": "Kumla", "notes": "–"}, True),
    ],
)
def test_near_days_and_the_same_people_or_title_may_be_the_same_event(other, asked):
    one, two = workshop(), workshop(**other)
    assert (one.like(two), two.like(one)) == (asked, asked)


def test_another_kind_of_report_is_never_the_same_event():
    nothing = kinds()["nothing"].model_validate(
        {"of": "workshop", "period": "2026-q1", "said_on": "2026-03-12"}
    )
    assert not workshop().like(nothing)


def test_each_municipality_is_credited_once_in_the_order_given():
    assert workshop(members=["1881", "1861", "1881"]).credited == ("1881", "1861")


def test_it_counts_on_the_day_it_was_held():
    assert workshop().day == date(2026, 3, 12)


TRAINING = {"form": "training", "theme": "investment", "members": ["1881"]}
EXCHANGE = {"form": "exchange", "members": ["1881"]}
FULL = EXCHANGE | {"participants": 24, "host": "X", "notes": "Bra"}
ALL = {"participants": 1, "members": BRO.member_codes}


@pytest.mark.parametrize(
    ("answers", "swedish", "english"),
    [
        (
            {},
            "Gemensam workshop · Näringslivsservice | Hallsberg och Kumla",
            "Joint workshop · Business service | Hallsberg and Kumla",
        ),
        (
            {"members": ["1881"]},
            "Workshop · Näringslivsservice | Kumla",
            "Workshop · Business service | Kumla",
        ),
        (
            TRAINING,
            "Utbildningsinsats · Investering och etablering | Kumla",
            "Training · Investment and establishment | Kumla",
        ),
        (
            FULL,
            "Erfarenhetsutbyte · Näringslivsservice | Kumla | 24 deltagare | Arrangör: X | Bra",
            "Exchange of experience · Business service | Kumla | 24 participants | Host: X | Bra",
        ),
        (
            ALL,
            "Gemensam workshop · Näringslivsservice | alla 12 kommuner | 1 deltagare",
            "Joint workshop · Business service | all 12 municipalities | 1 participant",
        ),
    ],
)
def test_it_is_told_in_the_readers_language(answers, swedish, english):
    report = workshop(**answers)
    told = [
        " | ".join(report.sentences(reader, PlanNames(BRO, reader)))
        for reader in (language("sv"), language("en"))
    ]
    assert told == [swedish, english]
