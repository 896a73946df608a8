"""The catalogue says everything, and dates and numbers are written as they are in each language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from string import Formatter

import pytest

from bot.calendar import Period
from bot.language import language
from bot.say.figures import period_words
from tests.bot.examples import BRO
from tests.catalogue import SWEDISH, extracted, translated

SENTENCES = [message for message in translated() if message.id]
SV, EN = language("sv"), language("en")


def forms(text):
    return text if isinstance(text, tuple) else (text,)


def first(message):
    return forms(message.id)[0]


def placeholders(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def no_breaks(text):
    return text.replace("~", "\N{NO-BREAK SPACE}")


# --- The catalogue


def test_the_catalogue_has_every_sentence_that_the_code_says_and_no_other():
    said = {first(message) for message in extracted() if message.id}
    assert {first(message) for message in SENTENCES} == said
    assert "#~" not in SWEDISH.read_text()


def test_names_in_the_code_are_not_taken_for_sentences():
    assert not {"sentence", "type", "values"} & {first(message) for message in SENTENCES}


@pytest.mark.parametrize("message", SENTENCES, ids=first)
def test_a_sentence_is_said_in_swedish_with_the_same_values(message):
    assert not message.fuzzy
    assert len(forms(message.string)) == len(forms(message.id))
    for english, swedish in zip(forms(message.id), forms(message.string), strict=True):
        assert swedish.strip() == swedish != ""
        assert placeholders(swedish) == placeholders(english)


@pytest.mark.parametrize("message", SENTENCES, ids=first)
def test_swedish_is_written_as_swedish_is(message):
    for swedish in forms(message.string):
        assert not re.search(r"[!“‘\"]|\d%|[0-9]:[0-9]", swedish.replace("08:30", ""))
        ends = [text[-1] in ".?:" for text in (first(message), swedish)]
        assert ends[0] == ends[1], "both are sentences, or neither is"


# --- Counts


@pytest.mark.parametrize(
    ("count", "swedish", "english"),
    [
        (0, "0 uppnådda", "0 achieved"),
        (1, "1 uppnått", "1 achieved"),
        (Decimal("1.5"), "1,5 uppnådda", "1.5 achieved"),
        (Fraction(1, 3), "0,3 uppnådda", "0.3 achieved"),
        (2, "2 uppnådda", "2 achieved"),
        (21, "21 uppnådda", "21 achieved"),
    ],
)
def test_only_exactly_one_takes_the_singular(count, swedish, english):
    assert SV.n("{count} achieved", "{count} achieved", count) == swedish
    assert EN.n("{count} achieved", "{count} achieved", count) == english


def test_english_takes_the_plural_too():
    said = [EN.n("{count} participant", "{count} participants", n) for n in (0, 1, 2)]
    assert said == ["0 participants", "1 participant", "2 participants"]


# --- Dates and numbers

DAY = date(2026, 3, 12)
IN_2025 = date(2025, 12, 31)
LATE = datetime(2026, 3, 12, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "swedish", "english"),
    [
        (lambda each: each.day(DAY), "12 mars 2026", "12 March 2026"),
        (lambda each: each.dated(DAY, DAY), "12 mars", "12 Mar"),
        (lambda each: each.dated(DAY, IN_2025), "12 mars 2026", "12 March 2026"),
        (lambda each: each.weekday(DAY, DAY), "torsdag 12 mars", "Thursday 12 March"),
        (
            lambda each: each.weekday(DAY, IN_2025),
            "torsdag 12 mars 2026",
            "Thursday 12 March 2026",
        ),
        (lambda each: each.time(LATE), "07.00", "07:00"),
        (
            lambda each: each.moment(LATE, BRO.zone, DAY),
            "torsdag 12 mars kl. 08.00",
            "Thursday 12 March at 08:00",
        ),
        (
            lambda each: each.moment(LATE, BRO.zone, IN_2025),
            "torsdag 12 mars 2026 kl. 08.00",
            "Thursday 12 March 2026 at 08:00",
        ),
        (lambda each: each.number(1160292), "1~160~292", "1,160,292"),
        (lambda each: each.number(Decimal("1.5")), "1,5", "1.5"),
        (lambda each: each.number(Fraction(2, 3)), "0,7", "0.7"),
        (lambda each: each.number(Decimal("1.5"), 0), "2", "2"),
        (lambda each: each.number(-3), "−3", "−3"),
        (lambda each: each.percent(Decimal("0.2")), "20~%", "20%"),
        (lambda each: each.percent(Decimal("0.205"), 1), "20,5~%", "20.5%"),
        (lambda each: each.money(0), "0~kr", "SEK 0"),
        (lambda each: each.money(1), "1~kr", "SEK 1"),
        (lambda each: each.money(850_000), "850~000~kr", "SEK 850,000"),
        (lambda each: each.money(999_999), "999~999~kr", "SEK 999,999"),
        (lambda each: each.money(10**6), "1~mkr", "SEK 1 million"),
        (lambda each: each.money(1_160_000), "1,16~mkr", "SEK 1.16 million"),
        (lambda each: each.money(1_160_292), "1,16~mkr", "SEK 1.16 million"),
        (lambda each: each.money(40_000_000), "40~mkr", "SEK 40 million"),
        (lambda each: each.money(Decimal(2_500_000)), "2,5~mkr", "SEK 2.5 million"),
        (lambda each: each.money(2_500 * 10**6), "2~500~mkr", "SEK 2,500 million"),
        (lambda each: each.money(-5_000_000), "−5~mkr", "SEK −5 million"),
        (lambda each: each.money(-850_000), "−850~000~kr", "SEK −850,000"),
        (lambda each: each.exact_money(40_000_000), "40~000~000~kr", "SEK 40,000,000"),
        (lambda each: each.exact_money(1_160_292), "1~160~292~kr", "SEK 1,160,292"),
        (lambda each: each.listed([]), "", ""),
        (lambda each: each.listed(["Kumla"]), "Kumla", "Kumla"),
        (lambda each: each.listed(["Kumla", "Nora"]), "Kumla och Nora", "Kumla and Nora"),
        (lambda each: each.listed("abc"), "a, b och c", "a, b and c"),
        (lambda each: each.pick({"sv": "mål", "en": "goal"}), "mål", "goal"),
        (lambda each: each.pick({"sv": "mål"}), "mål", "mål"),
        (lambda each: each.t(""), "", ""),
    ],
)
def test_each_language_writes_it_in_its_own_way(said, swedish, english):
    assert said(SV) == no_breaks(swedish)
    assert said(EN) == no_breaks(english)


@pytest.mark.parametrize(
    ("key", "swedish", "english"),
    [
        ("2026", "2026", "2026"),
        ("2026-h2", "halvår 2 2026", "half-year 2 2026"),
        ("2026-q2", "kvartal 2 2026", "quarter 2 2026"),
        ("2026-06", "juni 2026", "June 2026"),
        ("2026-v24", "vecka 24 2026", "week 24 2026"),
        # 1 January 2027 is a Friday of the week that began in 2026.
        ("2026-v53", "vecka 53 2026", "week 53 2026"),
        ("2026-01-01--2027-12-31", "1 januari 2026–31 december 2027", None),
    ],
)
def test_periods_are_called_as_people_call_them(key, swedish, english):
    assert period_words(Period.parse(key), SV) == swedish
    assert english in (None, period_words(Period.parse(key), EN))


@pytest.mark.parametrize(
    ("first", "last", "swedish"),
    [
        ("2026-04-01", "2026-04-30", "1–30 april 2026"),
        ("2026-03-28", "2026-04-03", "28 mars–3 april 2026"),
        ("2025-12-28", "2026-01-03", "28 december 2025–3 januari 2026"),
        ("2026-04-01", "2026-04-01", "1 april 2026"),
    ],
)
def test_days_are_told_without_saying_anything_twice(first, last, swedish):
    assert SV.days(date.fromisoformat(first), date.fromisoformat(last)) == swedish


def test_a_day_has_its_year_only_near_another_one():
    assert SV.dated(date(2026, 1, 14), date(2026, 2, 10)) == "14 januari"
    assert SV.dated(date(2026, 1, 14), date(2025, 2, 10)) == "14 januari 2026"


def test_what_people_wrote_is_never_taken_for_a_placeholder():
    assert SV.t("Withdraw “{title}”", title="{day} {0} {") == "Ta tillbaka ”{day} {0} {”"
