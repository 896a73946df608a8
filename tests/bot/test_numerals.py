"""Numbers and amounts of money as people write them, and what is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.numerals import (
    MOST_KRONOR,
    MULTIPLES,
    NO_AMOUNT,
    NO_NUMBER,
    Kronor,
    Number,
    kronor,
    number,
    whole,
)

SPACES = [" ", "\u00a0", "\u2009", "\u202f"]


class Costs(BaseModel):
    sum: Kronor = 0
    size: Number = Decimal(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", "0"),
        ("2,5", "2.5"),
        ("2.5", "2.5"),
        (" 15 ", "15"),
        ("007", "7"),
        ("1160292", "1160292"),
        ("1 160 292", "1160292"),
        ("1\u00a0160\u202f292", "1160292"),
        ("1\u2009160,50", "1160.5"),
        ("1.160.292", "1160292"),
        ("1.160.292,5", "1160292.5"),
        ("1.250", "1.25"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, expected):
    assert number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-5", "+5", "1e5", "NaN", "Infinity", "2,", ",5", "2,5,1", "1.2.3", "1 16"),
        *("1  160", "1 1600", "1160 292", "1,160,292", "15 ha", "½", "١٥", "1\n160", "1_000"),
        "1" * 41,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is no number"):
        number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1160292", 1_160_292),
        ("1 160 292", 1_160_292),
        ("1 160 292 kr", 1_160_292),
        ("1.160.292,00 kr", 1_160_292),
        ("1160292:-", 1_160_292),
        ("25 000 SEK", 25_000),
        ("12,50 kr", 12),
        ("12,51 kr", 13),
        ("850.000 kr", 850_000),
        ("850,000 kr", 850_000),
        ("1 160.292", 1_160_292),
        ("0,125 kr", 0),
        ("850 tkr", 850_000),
        ("40 mkr", 40_000_000),
        ("40mkr", 40_000_000),
        ("40  MKR ", 40_000_000),
        ("1,16 mkr", 1_160_000),
        ("1.16 Mkr", 1_160_000),
        ("1,125 mkr", 1_125_000),
        ("40 m", 40_000_000),
        ("40 miljoner\u00a0kronor", 40_000_000),
        ("2 miljarder kr", 2_000_000_000),
        ("1,5 mdr", 1_500_000_000),
        ("1 billion SEK", 1_000_000_000),
    ],
)
def test_an_amount_is_read_in_whole_kronor(text, expected):
    assert kronor(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "kr", "mycket", "-40 mkr", "40 euro", "40 MEUR", "40 mkr/år", "40 mkkr", "40 - 50"),
        *("kr 40", "40 kr 50", "1,160,292 kr", "40\nmkr", "ca 40 mkr", "4O mkr"),
        "1" * 38 + " kr",
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="is no amount"):
        kronor(text)


def test_a_form_takes_text_and_what_is_stored_already():
    assert Costs.model_validate({"sum": "1,16 mkr", "size": "2,5"}).sum == 1_160_000
    stored = Costs(sum=1_160_000, size=Decimal("2.5"))
    assert Costs.model_validate(stored.model_dump(mode="json")) == stored
    assert Costs.model_validate({"size": 3}).size == Decimal(3)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("sum", "mycket", NO_AMOUNT),
        ("sum", True, NO_AMOUNT),
        ("sum", 1.5, NO_AMOUNT),
        ("sum", None, NO_AMOUNT),
        ("size", "stor", NO_NUMBER),
        ("size", True, NO_NUMBER),
        ("size", 1.5, NO_NUMBER),
    ],
)
def test_a_form_says_how_to_write_it(field, value, sentence):
    with pytest.raises(ValidationError) as refused:
        Costs.model_validate({field: value})
    assert refused.value.errors()[0]["msg"] == sentence


@pytest.mark.parametrize(
    "given", [{"sum": -1}, {"sum": MOST_KRONOR + 1}, {"size": Decimal(-1)}, {"size": "1000001"}]
)
def test_a_slip_of_the_finger_is_too_much(given):
    with pytest.raises(ValidationError):
        Costs.model_validate(given)


@given(st.text(max_size=60) | st.text("0123456789.,  \u00a0-kmr", max_size=45))
def test_whatever_is_written_it_is_a_whole_amount_or_refused(text):
    for read in (kronor, number):
        with suppress(ValueError):
            assert read(text) >= 0


@given(st.integers(0, MOST_KRONOR), st.sampled_from([*SPACES, ""]), st.sampled_from(["", "kr"]))
def test_whole_kronor_are_read_back_with_a_space_of_any_width(amount, space, unit):
    assert kronor(f"{amount:,}".replace(",", space) + space + unit) == amount


@given(st.integers(1_000_000, MOST_KRONOR), st.sampled_from(["kr", "kronor", ":-"]))
def test_whole_kronor_are_read_back_with_points(amount, unit):
    assert kronor(f"{amount:,} {unit}".replace(",", ".")) == amount


@given(st.integers(0, 999), st.sampled_from(sorted(MULTIPLES)), st.sampled_from([*SPACES, ""]))
def test_every_unit_multiplies(amount, unit, space):
    assert kronor(f"{amount}{space}{unit.upper()}") == amount * MULTIPLES[unit]


@given(st.decimals(0, 10**9, places=3), st.sampled_from(",."), st.sampled_from([*SPACES, ""]))
def test_a_number_is_read_back_with_either_mark(value, mark, space):
    assert number(f"{value:,.3f}".replace(",", space).replace(".", mark)) == value


@given(st.integers(0, 10**12), st.sampled_from(SPACES))
def test_a_whole_number_is_read_back_with_a_space_of_any_width(count, space):
    assert int(whole(f" {count:,} ".replace(",", space))) == count


@given(st.text(alphabet="0123456789 .,-\u00a0e_", max_size=12))
def test_whatever_is_written_it_is_a_whole_number_or_refused(text):
    with suppress(ValueError):
        assert str(int(whole(text))) == whole(text).lstrip("0") or int(whole(text)) <= 0
