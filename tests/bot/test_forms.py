"""Whatever a door hands over is read, or answered with a sentence at the field it is about."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import (
    Amount,
    Choice,
    Day,
    Flag,
    Listed,
    Members,
    Money,
    PersonPicker,
    Supplied,
    TimeOfDay,
    Whole,
)
from bot.desk.people import PersonAnswers, SettingsAnswers
from bot.desk.report_forms import Withdrawal
from bot.forms import Form, Situation, form_fields, packed, read, unpacked
from bot.language import CODES, language
from bot.reminders import ReminderAnswers
from bot.reports import kinds

TODAY = date(2026, 6, 12)
MEMBERS = {"1881": "Kumla", "1861": "Hallsberg"}
LISTS = {
    "areas": (("industry", "Industri"),),
    "sources": (("direct", "Direkt"),),
    "programmes": (("own", "Egen"),),
}
SITUATIONS = {
    code: Situation(language(code), TODAY, date(2026, 1, 1), MEMBERS, LISTS) for code in CODES
}
SV = SITUATIONS["sv"]

MODELS = {
    **kinds(),
    "withdraw": Withdrawal,
    "reminder": ReminderAnswers,
    "person": PersonAnswers,
    "settings": SettingsAnswers,
}
SUPPLIED = {
    "home": (("1881", "Kumla"), ("1861", "Hallsberg")),
    "roles": (("contact", "kontakt"), ("admin", "admin")),
    "audience": (("channel", "Kanalen"), ("everyone", "Alla")),
}
PLAIN = {
    Day: "2026-03-12",
    TimeOfDay: "08:30",
    Members: list(MEMBERS),
    Flag: "true",
    Amount: "2.5",
    Money: "1,16 mkr",
}


def right(field):  # noqa: PLR0911 - one for each kind of input
    """What is right by the field's kind of input. What its own rules refuse stands in `RULED`."""
    match field.ask.input:
        case Whole(least=least):
            return str(least)
        case Choice(options=options, several=several):
            return [options[0].value] if several else options[0].value
        case Listed(name=name):
            return LISTS[name][0][0]
        case Members(one=True):
            return next(iter(MEMBERS))
        case PersonPicker(several=True):
            return ["slack:U1"]
        case Supplied(several=several):
            first = SUPPLIED[field.name][0][0]
            return [first] if several else first
    return PLAIN.get(type(field.ask.input), "Exportdag")


RULED = {
    "nothing": {"of": "workshop", "period": "2026-q1", "said_on": "2026-06-12"},
    "etablering": {"answer_due": None},
    "etablering_kvittens": {"acknowledged_on": "2026-06-12"},
    "kampanj_resultat": {"conversions": None, "first": "2026-01-01", "last": "2026-06-12"},
}
RIGHT = {
    name: {field.name: right(field) for field in model.fields()} | RULED.get(name, {})
    for name, model in MODELS.items()
}
FIELDS = [(name, field) for name, model in MODELS.items() for field in model.model_fields]

BESIDE = {"first": {"last"}}
"""Where a day is fine by itself but does not go with another: it is said at the later field."""

STRANGE = [
    *(None, True, False, 0, -1, 5, 86_400, 10**12, 10**400, 1.5, nan, inf, -inf, Decimal("1.5")),
    *("", " ", "\t\n", "x", "x" * 10_000, "-1", "1e5", "NaN", "9" * 5_000, "0", "\x00", "\ud800"),
    *("2026-13-45", "2026-03-12T10:00", "0000-00-00", "9999-12-31", "12 mars", "20260312"),
    *("25:61", "0830", "08:30Z", "08:30+02:00", "24:00", "06:59", "<!channel>", "{", "{x}"),
    *([], [None], [1], ["x"], ["1881", None], [[]], [{}], ["1881"] * 10_000, (), (1,), {"x"}),
    *({}, {"a": 1}, {"1881": 1}, b"x", b"\xff", object()),
    *(TODAY, datetime(2026, 3, 12, 5, tzinfo=UTC), time(8), time(8, tzinfo=UTC)),
]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.characters(categories=["Cs"])
    | st.binary()
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=5,
)


NO_WHOLE = "Skriv ett heltal med siffror, till exempel 1 200, utan punkt eller komma."


def faults(name, code="sv", /, **changed):
    answers = read(MODELS[name], RIGHT[name] | changed, SITUATIONS[code], SUPPLIED)
    return answers if isinstance(answers, dict) else {}


@pytest.mark.parametrize("name", MODELS)
def test_right_answers_are_read(name):
    assert faults(name) == {}


@pytest.mark.parametrize(("name", "field"), FIELDS)
@pytest.mark.parametrize("code", CODES)
def test_a_strange_answer_gives_a_sentence_at_its_own_field(name, field, code):
    for strange in STRANGE:
        found = faults(name, code, **{field: strange})
        assert set(found) <= {field} | BESIDE.get(field, set())
        assert all(sentence.endswith(".") and "{" not in sentence for sentence in found.values())


@given(st.sampled_from(FIELDS), ANYTHING)
def test_nothing_at_all_stops_the_reading(place, strange):
    name, field = place
    assert set(faults(name, **{field: strange})) <= {field} | BESIDE.get(field, set())


@pytest.mark.parametrize("name", MODELS)
def test_fields_that_nobody_asked_for_are_refused(name):
    assert faults(name, reporter="U1", id=7) == dict.fromkeys(
        ["reporter", "id"], "Välj från listan."
    )


@pytest.mark.parametrize(
    ("name", "field", "answer", "sentence"),
    [
        ("workshop", "title", None, "Fyll i det här."),
        ("workshop", "title", " \x00 ", "Fyll i det här."),
        ("workshop", "title", "x" * 121, "Korta texten till högst 120 tecken."),
        ("workshop", "held_on", "12 mars", "Det är inget datum. Skriv det som 2026-03-12."),
        (
            "workshop",
            "held_on",
            "2026-06-13",
            "Den dagen har inte varit än. Ändra datumet, eller rapportera efteråt.",
        ),
        ("workshop", "members", ["9999"], "Välj från listan."),
        ("workshop", "members", {"9999"}, "Välj från listan."),
        ("workshop", "theme", "sport", "Välj från listan."),
        ("workshop", "participants", "många", NO_WHOLE),
        ("workshop", "participants", "1.200", NO_WHOLE),
        ("workshop", "participants", "1,200", NO_WHOLE),
        ("workshop", "participants", "12 00", NO_WHOLE),
        ("workshop", "participants", "ca 25", NO_WHOLE),
        ("kampanj_resultat", "visits", "1.000", NO_WHOLE),
        ("workshop", "participants", "0", "Skriv 1 eller mer."),
        ("workshop", "participants", "5001", "Skriv 5~000 eller mindre."),
        ("workshop", "notes", "x" * 2001, "Korta texten till högst 2~000 tecken."),
        (
            "kampanj_resultat",
            "spend_sek",
            str(10**13 + 1),
            "Skriv 10~000~000~000~000~kr eller mindre.",
        ),
        ("etablering", "land_ha", "1000001", "Skriv 1~000~000 eller mindre."),
        ("workshop", "participants", "9" * 5000, "Skriv ett mindre tal."),
        ("reminder", "at", "halv nio", "Det är inget klockslag. Skriv det som 08:30."),
        ("reminder", "at", "08:30Z", "Det är inget klockslag. Skriv det som 08:30."),
        ("reminder", "audience", "member:9999", "Välj från listan."),
        ("person", "roles", ["contact", "leadership"], "Välj från listan."),
        ("settings", "language", "fi", "Välj från listan."),
    ],
)
def test_the_sentence_tells_what_to_do(name, field, answer, sentence):
    assert faults(name, **{field: answer}) == {field: sentence.replace("~", "\u00a0")}


WHOLE = [
    (n, f.name) for n, m in MODELS.items() for f in m.fields() if isinstance(f.ask.input, Whole)
]


@pytest.mark.parametrize(("name", "field"), WHOLE)
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_a_whole_number_is_taken_with_a_space_between_thousands(name, field, space):
    model = MODELS[name]
    few = RIGHT[name] | {"visits": None} if name == "kampanj_resultat" else RIGHT[name]
    taken = read(model, few | {field: f"1{space}200"}, SV, SUPPLIED)
    limited = {field: "Skriv 365 eller mindre."} if field == "days_before" else None
    assert (taken if limited else getattr(taken, field)) == (limited or 1200)


def test_every_fault_is_told_at_once():
    found = faults("workshop", title="", held_on="nej", participants="-1")
    assert set(found) == {"title", "held_on", "participants"}


def test_what_nobody_can_have_typed_is_left_out():
    report = read(MODELS["workshop"], RIGHT["workshop"] | {"title": "Export\x00\x1bdag\ud800"}, SV)
    assert report.title == "Exportdag"


def test_a_report_from_the_ledger_is_not_asked_again_when_it_happened():
    model = MODELS["workshop"]
    assert model.model_validate(RIGHT["workshop"] | {"held_on": "2027-01-01"}).held_on.year == 2027


@given(ANYTHING, st.sampled_from(FIELDS))
def test_a_form_can_be_drawn_again_with_whatever_was_answered(strange, place):
    name, field = place
    drawn = form_fields(MODELS[name].fields(), {field: strange}, SV)
    assert all(isinstance(each.value, str | tuple | None) for each in drawn)


@given(st.text(min_size=1), st.dictionaries(st.text().filter(lambda k: k != "form"), st.text()))
def test_a_form_comes_back_with_its_name_and_subject(name, about):
    assert unpacked(packed(Form(name, "", "", about=about))) == (name, about)


@pytest.mark.parametrize("text", ["", "null", "[]", "1", '"x"', "{}", '{"about": 1}'])
def test_what_is_not_one_of_our_forms_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        unpacked(text)
