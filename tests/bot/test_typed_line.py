"""What municipal people type on a phone, and what the form has understood of it."""

import re
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.asking import (
    Amount,
    Answers,
    Ask,
    Choice,
    Day,
    Field,
    Flag,
    Line,
    Listed,
    Members,
    Money,
    Option,
    PersonPicker,
    Prose,
    Supplied,
    TimeOfDay,
    Whole,
)
from bot.numerals import kronor, number
from bot.typed_line import LineContext, Place, parts_of, read_line
from bot.typed_line.number_words import IN_WORDS

KINDS = (
    Option("workshop", "Workshop"),
    Option("training", "Training", ("kurs",)),
    Option("exchange", "Exchange of experience", ("utbyte",)),
)
THEMES = (
    Option("service", "Business service", ("service",)),
    Option("establishment", "Investment and establishment", ("etablering", "investering")),
)
HEADS = ("deltagare", "delt", "delt.", "personer", "pers", "participants")
GUESTS = ("företagare",)


class Event(Answers):
    asks_as = "Workshop"

    title: Annotated[str, Ask("Title", Line(), names=("titel",), titles=True)]
    held_on: Annotated[date, Ask("Held on", Day(past=True), names=("dag", "när"))]
    members: Annotated[tuple[str, ...], Ask("Municipalities", Members(), names=("kommun",))]
    participants: Annotated[
        int, Ask("Participants", Whole(units=HEADS, only_after=GUESTS), names=("antal",))
    ] = 0
    kind: Annotated[str, Ask("Kind", Choice(KINDS))] = "workshop"
    theme: Annotated[str, Ask("Theme", Choice(THEMES))] = "service"
    host: Annotated[str, Ask("Host", Line())] = ""
    notes: Annotated[str, Ask("Notes", Prose())] = ""


class Inquiry(Answers):
    """A form with what the workshop lacks: several days, a time, a flag, two kinds of numbers."""

    asks_as = "Inquiry"

    received: Annotated[date, Ask("Received", Day(past=True))]
    answer_by: Annotated[date, Ask("Answer by", Day())]
    at: Annotated[str, Ask("Time", TimeOfDay())] = ""
    secret: Annotated[bool, Ask("Confidential", Flag("The inquiry is confidential"))] = False
    jobs: Annotated[int, Ask("Jobs", Whole(units=("jobb",)))] = 0
    amount: Annotated[int, Ask("Amount", Whole(units=("kr", "kronor")))] = 0
    asked_by: Annotated[str, Ask("Asked by", PersonPicker())] = ""
    sites: Annotated[tuple[str, ...], Ask("Sites", Supplied(several=True))] = ()


NEEDS = (
    Option("land", "Land", ("mark", "tomt")),
    Option("power", "Electric power", ("el",)),
    Option("rail", "Railway", ("järnväg",)),
)
AUDIENCES = (
    Option("students", "Students", ("studenter",)),
    Option("companies", "Companies", ("företag",)),
    Option("talent", "International talent", ("internationella talanger",)),
)
CONSIDERED = (Option("yes", "Yes, considered", ("ja",)), Option("no", "No", ("nej",)))
DUE = ("svar senast", "senast", "svar till", "svar", "svarsdatum", "deadline", "answer by")


class Establishment(Answers):
    """Amounts, money, a day that is led to, several of a list, and a list that the plan keeps."""

    asks_as = "Establishment"

    received_on: Annotated[
        date, Ask("Received", Day(past=True, today=True, told_by=("inkom", "kom in")))
    ]
    code_name: Annotated[str, Ask("Code name", Line(80), titles=True)]
    asked: Annotated[
        tuple[str, ...], Ask("Municipalities", Members(everyone=("till alla", "fråga alla")))
    ]
    answer_due: Annotated[date | None, Ask("Answer due", Day(leads=DUE))] = None
    source: Annotated[str | None, Ask("Source", Listed("sources"), names=("källa",))] = None
    received_at: Annotated[str, Ask("Time", TimeOfDay())] = ""
    land_ha: Annotated[
        Decimal | None,
        Ask("Land (ha)", Amount(("ha", "hektar", "hectares")), names=("markyta",)),
    ] = None
    building_m2: Annotated[
        Decimal | None, Ask("Building", Amount(("m2", "kvm")), names=("lokalyta",))
    ] = None
    power_mw: Annotated[Decimal | None, Ask("Power", Amount(("MW",)), names=("effekt",))] = None
    needs: Annotated[
        tuple[str, ...], Ask("Needs", Choice(NEEDS, several=True), names=("behov",))
    ] = ()
    investment: Annotated[int | None, Ask("Investment", Money(50_000_000), names=("investering",))]
    jobs: Annotated[int, Ask("Jobs", Whole(units=("jobb",)))] = 0
    confidential: Annotated[
        bool,
        Ask(
            "Confidentiality",
            Flag("Named only to those in the case"),
            names=("sekretess", "konfidentiell", "konfidentiellt", "hemlig", "hemligt"),
        ),
    ] = False
    company: Annotated[str | None, Ask("Company", Line(120), names=("företag", "bolag"))] = None
    leaders: Annotated[
        tuple[str, ...], Ask("Leaders", PersonPicker(several=True), names=("ledare",))
    ] = ()


class Campaign(Answers):
    asks_as = "Campaign"

    name: Annotated[str, Ask("Name", Line(), titles=True)]
    programme: Annotated[str | None, Ask("Part of", Listed("programmes"), names=("del av",))]
    audience: Annotated[
        tuple[str, ...],
        Ask("Target group", Choice(AUDIENCES, several=True), names=("målgrupp",)),
    ]
    started: Annotated[date, Ask("Started", Day(past=True, today=True))]
    gender: Annotated[str, Ask("Gender", Choice(CONSIDERED), names=("genus",))] = ""
    cost: Annotated[int, Ask("Cost", Money(50_000, leads=("kostnad", "spend")))] = 0
    income: Annotated[int, Ask("Income", Money(50_000))] = 0
    place: Annotated[str, Ask("Place", Members(one=True), names=("plats",))] = ""


SWEDISH = {
    "Title": "Rubrik",
    "Held on": "Datum",
    "Municipalities": "Kommuner",
    "Participants": "Antal deltagare",
    "Kind": "Typ",
    "Theme": "Tema",
    "Host": "Värd",
    "Notes": "Anteckningar",
    "Training": "Utbildning",
    "Exchange of experience": "Erfarenhetsutbyte",
    "Business service": "Näringslivsservice",
    "Investment and establishment": "Investering och etablering",
    "Received": "Inkom",
    "Answer by": "Svara senast",
    "Time": "Tid",
    "Confidential": "Konfidentiell",
}
PLACES = (
    Place("1814", "Lekeberg"),
    Place("1860", "Laxå"),
    Place("1861", "Hallsberg"),
    Place("1862", "Degerfors"),
    Place("1863", "Hällefors"),
    Place("1864", "Ljusnarsberg", ("Kopparberg",)),
    Place("1880", "Örebro"),
    Place("1881", "Kumla"),
    Place("1882", "Askersund"),
    Place("1883", "Karlskoga"),
    Place("1884", "Nora"),
    Place("1885", "Lindesberg"),
)
ALL = [place.code for place in PLACES]
KUMLA, HALLSBERG, ASKERSUND, OREBRO, NORA = "1881", "1861", "1882", "1880", "1884"
MONDAY = date(2026, 3, 16)
LISTS = {
    "sources": (Option("bso", "Business Sweden", ("bs",)), Option("direct", "Direktkontakt")),
    "programmes": (Option("smart", "Smart flytt"), Option("hub", "Lagerhub")),
}
CONTEXT = LineContext(MONDAY, PLACES, earliest=date(2026, 1, 1), lists=LISTS)


def swedish(text: str) -> str:
    return SWEDISH.get(text, text)


def understood(line: str, form: type[Answers] = Event, context: LineContext = CONTEXT) -> Any:
    return read_line(line, form.fields(), context, swedish)


def answers(title: str = "", held_on: str = "", **others: Any) -> dict[str, Any]:
    named = {"title": title, "held_on": held_on} | others
    return {name: value for name, value in named.items() if value}


WHOLE_LINES = [
    (
        "Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare",
        answers(
            "Exportdag för småföretag",
            "2026-03-12",
            members=[KUMLA, HALLSBERG],
            participants="24",
        ),
    ),
    (
        "24 deltagare kumla hallsberg 12 mars exportdag för småföretag",
        answers(
            "exportdag för småföretag",
            "2026-03-12",
            members=[KUMLA, HALLSBERG],
            participants="24",
        ),
    ),
    (
        "frukostmöte igår kumla 15 pers",
        answers("frukostmöte", "2026-03-15", members=[KUMLA], participants="15"),
    ),
    (
        "Frukostmöte i Kumla kommun den 12 mars med 24 deltagare",
        answers("Frukostmöte", "2026-03-12", members=[KUMLA], participants="24"),
    ),
    (
        "exportdag 12/3 tillsammans med kumla och askersund ca 40 pers",
        answers("exportdag", "2026-03-12", members=[KUMLA, ASKERSUND], participants="40"),
    ),
    (
        "Exportdag\n12 mars\nKumla\nHallsberg\n24 deltagare",
        answers("Exportdag", "2026-03-12", members=[KUMLA, HALLSBERG], participants="24"),
    ),
    (
        "Exportdag - 12 mars - Kumla - 24 deltagare",
        answers("Exportdag", "2026-03-12", members=[KUMLA], participants="24"),
    ),
    ("Exportdag (Kumla, 12 mars)", answers("Exportdag", "2026-03-12", members=[KUMLA])),
    ("Exportdag (Kumla) 12/3", answers("Exportdag", "2026-03-12", members=[KUMLA])),
    (
        "Exportdag, 12 mars, med lunch, Kumla",
        answers("Exportdag, med lunch", "2026-03-12", members=[KUMLA]),
    ),
    ("  Exportdag   för  alla , , 12 mars ;", answers("Exportdag för alla", "2026-03-12")),
    (":tada: Exportdag: 12 mars", answers(":tada: Exportdag", "2026-03-12")),
    ("C++ för nybörjare! 12 mars", answers("C++ för nybörjare!", "2026-03-12")),
    (
        "Workshop om etablering 12 mars Kumla",
        answers(
            "Workshop om etablering",
            "2026-03-12",
            members=[KUMLA],
            kind="workshop",
            theme="establishment",
        ),
    ),
    (
        "Träff för nya företag, investering och etablering, utbildning, igår",
        answers("Träff för nya företag", "2026-03-15", kind="training", theme="establishment"),
    ),
    ("Exportdag 12 mars kurs", answers("Exportdag", "2026-03-12", kind="training")),
    ("Workshop, Grön kurs, utbyte", answers("Grön kurs, utbyte", kind="workshop")),
    ("Grön kurs, workshop", answers("Grön kurs", kind="workshop")),
    ("Exportdag, 12 mars med lunch", answers("Exportdag, med lunch", "2026-03-12")),
    (
        "Exportdag 12 mars 2000 personer",
        answers("Exportdag", "2026-03-12", participants="2000"),
    ),
    ("Kursdag i workshopform", answers("Kursdag i workshopform")),
    (
        "Kursdag 12 mars Örebro 9 st tema näringslivsservice",
        answers("Kursdag", "2026-03-12", members=["1880"], participants="9", theme="service"),
    ),
    ("Tema service 12 mars", answers("Tema service", "2026-03-12", theme="service")),
    ("Kursdag 12 mars, typ utbyte", answers("Kursdag", "2026-03-12", kind="exchange")),
    (
        "Kurs på tema service, 12 mars",
        answers("Kurs på tema service", "2026-03-12", kind="training", theme="service"),
    ),
    (
        "Näringslivsdag 12 mars. Tema: investering. Allt gick bra.",
        answers("Näringslivsdag, Allt gick bra.", "2026-03-12", theme="establishment"),
    ),
    (
        "Näringslivsdag 12 mars Kumla. 24 deltagare. Med lunch",
        answers("Näringslivsdag, Med lunch", "2026-03-12", members=[KUMLA], participants="24"),
    ),
    (".NET för nybörjare 12 mars", answers(".NET för nybörjare", "2026-03-12")),
    ("", {}),
    (" , ; ", {}),
]


@pytest.mark.parametrize(("said", "expected"), WHOLE_LINES)
def test_a_line_becomes_the_answers_of_the_form(said, expected):
    assert understood(said) == expected


DATES = [
    ("2026-03-12", "2026-03-12"),
    ("20260312", "2026-03-12"),
    ("2026/03/12", "2026-03-12"),
    ("12 mars", "2026-03-12"),
    ("12 MARS 2026", "2026-03-12"),
    ("12 mars 2025", "2025-03-12"),
    ("den 12 mars", "2026-03-12"),
    ("12:e mars", "2026-03-12"),
    ("12 mar", "2026-03-12"),
    ("5 feb.", "2026-02-05"),
    ("torsdag 12 mars", "2026-03-12"),
    ("torsdagen den 12 mars", "2026-03-12"),
    ("Thursday, 12 March", "2026-03-12"),
    ("på tors 12/3", "2026-03-12"),
    ("i torsdags 12 mars", "2026-03-12"),
    ("12/3", "2026-03-12"),
    ("12/3-26", "2026-03-12"),
    ("12/3 2026", "2026-03-12"),
    ("12/3-2025", "2025-03-12"),
    ("12.3.2026", "2026-03-12"),
    ("12-3-2026", "2026-03-12"),
    ("idag", "2026-03-16"),
    ("i dag", "2026-03-16"),
    ("Igår", "2026-03-15"),
    ("i går", "2026-03-15"),
    ("i förrgår", "2026-03-14"),
    ("i morgon", "2026-03-17"),
    ("i fredags", "2026-03-13"),
    ("i tisdags", "2026-03-10"),
    ("i måndags", "2026-03-09"),
    ("förra fredagen", "2026-03-13"),
    ("yesterday", "2026-03-15"),
    ("today", "2026-03-16"),
    ("12 March", "2026-03-12"),
    ("on Thursday 12th March", "2026-03-12"),
    ("last Friday", "2026-03-13"),
    ("March 12", "2026-03-12"),
    ("on Thursday, March 12th", "2026-03-12"),
    ("Mar. 12", "2026-03-12"),
    ("March 12, 2025", "2025-03-12"),
    ("the January 1st 2026", "2026-01-01"),
    ("20 mars", "2025-03-20"),
    ("16 mars", "2026-03-16"),
    ("29 februari 2024", "2024-02-29"),
    ("ifredags", "2026-03-13"),
    ("Imåndags", "2026-03-09"),
    ("imandags", "2026-03-09"),
    ("itorsdags 12 mars", "2026-03-12"),
    ("itorsdags förra veckan", "2026-03-12"),
    ("260312", "2026-03-12"),
    ("den 251212", "2025-12-12"),
    ("torsdag 260312", "2026-03-12"),
    ("24/7-25", "2025-07-24"),
    ("torsdag förra veckan", "2026-03-12"),
    ("i torsdags förra veckan", "2026-03-12"),
    ("förra veckan på torsdagen", "2026-03-12"),
    ("Thursday last week", "2026-03-12"),
    ("den 24/7", "2025-07-24"),
]


@pytest.mark.parametrize(("said", "day"), DATES)
def test_a_day_is_understood_as_swedes_and_the_english_write_it(said, day):
    assert understood(f"Exportdag {said}") == answers("Exportdag", day)
    assert understood(f"{said}, exportdag") == answers("exportdag", day)


@pytest.mark.parametrize(
    "said",
    [
        "24/7 support",
        "Forum 2026",
        "3/4 av företagen",
        "1/2 dag export",
        "Rum 31/2",
        "Rum 12/13",
        "30 februari",
        "29 februari",
        "Rum 29/2",
        "Export 260231",
        "Export 360312",
        "Export nr 260312",
        "Dnr. 260312",
        "Export 260312 - 260314",
        "tre hundra deltagare",
        "hundra tjugo deltagare",
        "2 hundra deltagare",
        "tio, tolv deltagare",
        "en till två deltagare",
        "två tusen deltagare",
        "deltagare två dagar",
        "en deltagare",
        "Forum för företagare 2026",
        "ett tjugotal deltagare",
        "Hela länets företagare",
        "v. 11",
        "vecka 11",
        "Träff på fredag",
        "Frukost förra veckan",
        "Veckan före midsommar",
        "Export 12–14 mars",
        "Export 12 - 14 mars",
        "Export 12 mars - 14 mars",
        "Export tors 12 mars – fre den 13 mars",
        "Handbok 1.2.3",
        "Samtal kl 13:00 och 15.30",
        "Läs https://kumla.se/12/3?a=24,5",
        "Mejla anna@kumla.se",
        "Fråga: varför export",
        "Export March 12 - 14",
        "Export March 12 – March 14",
        "Export 12 - 14 March 20 företag",
        "Export mars 12",
        "Feb 30 export",
        "20,5 deltagare",
        "Handbok 1.200",
        "0.500 deltagare",
        "1.20 deltagare",
        "1.200.30 deltagare",
        "Export 50 st broschyrer",
        "Export 40 - 50st",
        "Export the 21st",
        "ett 24-tal deltagare",
        "Norra Länken",
        "Norrköping och Hallstahammar",
        "Karlskrona",
        "Humla och honung",
        "Export 12/3-14",
        "Lindberg och Nordin",
        "Grön el, humla, lax, hall, dag, kommun",
        "Region Örebro län",
        "Business Region Örebro",
        "Örebro universitet",
        "Värmlands kumlor",
        "Export för alla",
        "kumal",
        "sagt av Anna Hallberg",
    ],
)
def test_what_only_looks_like_an_answer_stays_in_the_title(said):
    assert understood(said) == {"title": said}


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("kumla", [KUMLA]),
        ("KUMLA, HALLSBERG", [KUMLA, HALLSBERG]),
        ("Kumla, Hallsberg och Askersund", [KUMLA, HALLSBERG, ASKERSUND]),
        ("Kumla, Kumla & Hallsberg", [KUMLA, HALLSBERG]),
        ("Kumla/Hallsberg", [KUMLA, HALLSBERG]),
        ("m kumla o hallsberg", [KUMLA, HALLSBERG]),
        ("kumla hallsberg askersund", [KUMLA, HALLSBERG, ASKERSUND]),
        ("i Kumla och i Hallsberg", [KUMLA, HALLSBERG]),
        ("med Hallsberg", [HALLSBERG]),
        ("i samarbete med Hallsberg", [HALLSBERG]),
        ("Örebro kommun", [OREBRO]),
        ("Kumla och Hallsbergs kommuner", [KUMLA, HALLSBERG]),
        ("orebro", [OREBRO]),
        ("O\u0308rebro", [OREBRO]),
        ("laxa", ["1860"]),
        ("Kopparberg", ["1864"]),
        ("Kumal", [KUMLA]),
        ("Halsberg", [HALLSBERG]),
        ("kumla, halsberg, askersun", [KUMLA, HALLSBERG, ASKERSUND]),
        ("halsberg och kumla", [HALLSBERG, KUMLA]),
        ("Ljusnasbergs kommun", ["1864"]),
        ("alla", ALL),
        ("alla kommuner", ALL),
        ("alla 12 kommuner", ALL),
        ("alla tolv kommuner", ALL),
        ("Samtliga kommuner", ALL),
        ("hela länet", ALL),
        ("i hela lanet", ALL),
        ("the whole county", ALL),
        ("hela länet utom Laxå och Nora", [code for code in ALL if code not in {"1860", NORA}]),
        ("alla utom Laxå och Nora", [code for code in ALL if code not in {"1860", NORA}]),
    ],
)
def test_municipalities_are_understood_with_slips_and_together(said, codes):
    assert understood(f"Exportdag {said} 12 mars") == answers(
        "Exportdag", "2026-03-12", members=codes
    )


@pytest.mark.parametrize(
    ("said", "title", "codes"),
    [
        ("Kumla marknad 12 mars Hallsberg", "Kumla marknad", [HALLSBERG]),
        ("Kumla marknad 12 mars", "Kumla marknad", [KUMLA]),
        ("Kumlas näringslivsdag 12 mars", "Kumlas näringslivsdag", [KUMLA]),
        ("12 mars Kumlas näringslivsdag", "Kumlas näringslivsdag", [KUMLA]),
        ("Frukost på Kumla folkets hus 12 mars", "Frukost på Kumla folkets hus", [KUMLA]),
        ("Samtal om Kumla och Nora 12 mars", "Samtal om Kumla och Nora", [KUMLA, NORA]),
        ("Kumla, marknad 12 mars", "marknad", [KUMLA]),
        ("12 mars Kumla marknad", "marknad", [KUMLA]),
        ("Kumla och företagare därifrån 12 mars", "Kumla och företagare därifrån", [KUMLA]),
        ("Kumla, Nora och företagare 12 mars", "företagare", [KUMLA, NORA]),
        ("Frukost i Kumla om export 12 mars", "Frukost om export", [KUMLA]),
    ],
)
def test_a_name_among_the_titles_own_words_stays_there(said, title, codes):
    assert understood(said) == answers(title, "2026-03-12", members=codes)


HERS = replace(CONTEXT, home=KUMLA)


@pytest.mark.parametrize(
    "said",
    [
        "med Hallsberg",
        "m Hallsberg",
        "tillsammans med Hallsberg",
        "ihop m Hallsberg",
        "i samarbete med Hallsbergs kommun",
        "& Hallsberg",
        "together with Hallsberg",
    ],
)
def test_whom_one_was_together_with_comes_after_ones_own_municipality(said):
    expected = answers("Exportdag", "2026-03-15", members=[KUMLA, HALLSBERG], participants="25")
    assert understood(f"Exportdag igår {said} 25 deltagare", context=HERS) == expected
    assert understood(f"Exportdag {said} igår, 25 deltagare", context=HERS) == expected


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Hallsberg, Nora", [HALLSBERG, NORA]),
        ("i Hallsberg", [HALLSBERG]),
        ("Hallsberg och Nora", [HALLSBERG, NORA]),
        ("med Hallsberg och Nora", [KUMLA, HALLSBERG, NORA]),
        ("vi och Hallsberg", [KUMLA, HALLSBERG]),
        ("med Hallsberg och Kumla", [HALLSBERG, KUMLA]),
        ("Nora tillsammans med Hallsberg", [NORA, HALLSBERG]),
        ("i Nora med Hallsberg", [NORA, KUMLA, HALLSBERG]),
        ("med Hallsberg i Nora", [KUMLA, HALLSBERG, NORA]),
        ("med alla utom Kumla", [code for code in ALL if code != KUMLA]),
    ],
)
def test_ones_own_municipality_is_added_only_where_somebody_was_with_it(said, codes):
    read = understood(f"Exportdag {said} igår", context=HERS)
    assert read == answers("Exportdag", "2026-03-15", members=codes)


def test_whoever_works_at_the_office_was_with_nobody_of_their_own():
    assert understood("Exportdag igår med Hallsberg")["members"] == [HALLSBERG]


def test_with_a_municipality_whose_name_belongs_to_the_title_one_was_there_oneself():
    said = "Träff med Hallsbergs företagare igår"
    title = "Träff med Hallsbergs företagare"
    assert understood(said, context=HERS) == answers(
        title, "2026-03-15", members=[KUMLA, HALLSBERG]
    )


def test_where_one_municipality_is_asked_for_ones_own_is_not_added():
    assert understood("Höst igår med Nora", Campaign, HERS)["place"] == NORA


def test_names_that_differ_only_in_accents_are_told_apart_or_left():
    context = LineContext(MONDAY, (Place("0643", "Habo"), Place("0305", "Håbo")))
    assert understood("Träff, Håbo", context=context)["members"] == ["0305"]
    assert understood("Träff, habo", context=context)["members"] == ["0643"]
    twins = LineContext(MONDAY, (Place("1", "Hällby"), Place("2", "Hallbö")))
    assert understood("Träff, Hallbyn", context=twins)["members"] == ["1"]
    assert understood("Träff, Hallb", context=twins) == {"title": "Träff, Hallb"}


def test_a_name_of_several_words_is_one_place():
    context = LineContext(MONDAY, (Place("1462", "Lilla Edet"), Place("1440", "Ale")))
    assert understood("Träff i Lila Edet och Ale igår", context=context) == answers(
        "Träff", "2026-03-15", members=["1462", "1440"]
    )


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("24 deltagare", "24"),
        ("24 st deltagare", "24"),
        ("24st deltagare", "24"),
        ("24pers", "24"),
        ("deltagare 24", "24"),
        ("ca. 24 personer", "24"),
        ("med cirka 24 Deltagare", "24"),
        ("1 200 personer", "1200"),
        ("1\u00a0200 personer", "1200"),
        ("1\u202f200 personer", "1200"),
        ("1200 participants", "1200"),
        ("0 deltagare", "0"),
        ("024 deltagare", "24"),
        ("1.200 personer", "1200"),
        ("1.200pers", "1200"),
        ("ca 1.200 st deltagare", "1200"),
        ("12.000.000 deltagare", "12000000"),
        ("50st", "50"),
        ("ca 50 st", "50"),
        ("25 företagare", "25"),
        ("för ca 25 företagare", "25"),
        ("tolv deltagare", "12"),
        ("med ungefär Tjugofem personer", "25"),
        ("attio st deltagare", "80"),
        ("trettioen företagare", "31"),
        ("hundra pers", "100"),
        ("twenty-five participants", "25"),
    ],
)
def test_a_number_is_known_by_its_unit(said, number):
    expected = answers("Exportdag", "2026-03-12", participants=number)
    assert understood(f"Exportdag 12 mars 2026 {said}") == expected
    assert understood(f"Exportdag {said} 12 mars") == expected


def test_every_number_from_two_to_a_hundred_can_be_written_in_words():
    assert set(IN_WORDS.values()) == set(range(2, 101))
    assert all(
        understood(f"{word} pers") == {"participants": str(n)} for word, n in IN_WORDS.items()
    )


def test_six_digits_with_a_unit_are_a_number_and_no_day():
    expected = answers("Exportdag", participants="260331")
    assert understood("Exportdag 260331 deltagare") == expected
    assert understood("Exportdag deltagare 260331") == expected


@pytest.mark.parametrize(
    "said",
    ["48 delt", "48 delt.", "48 pers", "48 st deltagare", "48 st. delt.", "48delt"],
)
def test_participants_are_counted_in_short_too(said):
    expected = answers("Exportdag", "2026-03-12", members=[KUMLA], participants="48")
    assert understood(f"Exportdag 12 mars {said} Kumla") == expected
    assert understood(f"Exportdag 12 mars Kumla {said}") == expected


@pytest.mark.parametrize(
    "said",
    [
        "20-25 deltagare",
        "20–25 delt",
        "20 - 25 deltagare",
        "20 till 25 deltagare",
        "ca 20-25 pers",
        "10 - 1 200 deltagare",
        "tio till tolv deltagare",
        "tio - 12 deltagare",
    ],
)
def test_a_number_between_two_is_noted_and_not_guessed(said):
    expected = answers("Exportdag", "2026-03-12", members=[KUMLA], notes=said)
    assert understood(f"Exportdag 12 mars Kumla {said}") == expected
    assert understood(f"Exportdag {said}, 12 mars Kumla") == expected


def test_between_two_numbers_is_noted_without_its_preposition():
    read = understood("Exportdag igår mellan 20 och 25 deltagare")
    assert read == answers("Exportdag", "2026-03-15", notes="20 och 25 deltagare")


def test_a_number_between_two_stays_in_the_title_where_there_are_no_notes():
    assert understood("Projekt Falk 20 - 25 jobb", Establishment) == {
        "code_name": "Projekt Falk 20 - 25 jobb"
    }


@pytest.mark.parametrize("month", ["april", "March", "Apr."])
def test_a_number_after_a_month_counts_what_follows_it(month):
    assert understood(f"Export {month} 12 deltagare")["participants"] == "12"
    assert understood(f"Export {month} 1 200 deltagare")["participants"] == "1200"


def test_a_day_belongs_to_the_month_after_it_before_a_name_like_a_month():
    assert understood("Möte med Jan 12 mars") == answers("Möte med Jan", "2026-03-12")


def test_a_count_without_a_unit_is_not_guessed_between_two_numbers():
    assert understood("50st", Inquiry) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("datum: igår rubrik: Exportdag", answers("Exportdag", "2026-03-15")),
        ("Exportdag Held on: 2026-03-12", answers("Exportdag", "2026-03-12")),
        ("Exportdag held_on:12/3", answers("Exportdag", "2026-03-12")),
        ("Exportdag när: 24/7", answers("Exportdag", "2025-07-24")),
        ("datum: nyss, exportdag", answers("exportdag", "nyss")),
        ("datum: på fredag; exportdag", answers("exportdag", "på fredag")),
        ("datum: 12 - 14 mars; exportdag", answers("exportdag", "12 - 14 mars")),
        (
            "Exportdag antal deltagare: ca 24 st, kumla",
            answers("Exportdag", members=[KUMLA], participants="24"),
        ),
        ("Exportdag deltagare: många", answers("Exportdag deltagare: många")),
        ("Exportdag antal: många", answers("Exportdag", participants="många")),
        ("Exportdag antal: tolv", answers("Exportdag", participants="12")),
        ("Exportdag antal: tre hundra", answers("Exportdag", participants="tre hundra")),
        ("Exportdag antal: 25 företagare", answers("Exportdag", participants="25")),
        ("Exportdag antal: -5", answers("Exportdag", participants="-5")),
        (
            "Exportdag kommuner: kumla, halsberg, 24 deltagare",
            answers("Exportdag", members=[KUMLA, HALLSBERG], participants="24"),
        ),
        ("Exportdag kommun: kumal", answers("Exportdag", members=[KUMLA])),
        ("Exportdag kommuner: Borås", answers("Exportdag", members=["Borås"])),
        (
            "Kumla marknad kommuner: alla utom nora",
            answers("Kumla marknad", members=[code for code in ALL if code != NORA]),
        ),
        (
            "Exportdag tema: etablering typ: kurs",
            answers("Exportdag", kind="training", theme="establishment"),
        ),
        ("Exportdag tema: establishment", answers("Exportdag", theme="establishment")),
        ("Exportdag tema: rymden, igår", answers("Exportdag", "2026-03-15", theme="rymden")),
        (
            "Exportdag värd: Kumla kommun, Örebro universitet; 12 mars",
            answers("Exportdag", "2026-03-12", host="Kumla kommun, Örebro universitet"),
        ),
        ("värd: BRO, Örebro\nExportdag", answers("Exportdag", host="BRO, Örebro")),
        (
            'Exportdag värd: "Nora; tema: x" 12 mars',
            answers("Exportdag", "2026-03-12", host="Nora; tema: x"),
        ),
        (
            "titel: Exportdag i Kumla, 12 mars; 11 mars; med lunch",
            answers("Exportdag i Kumla, 12 mars", "2026-03-11", notes="med lunch"),
        ),
        (
            "titel: Exportdag; med lunch; anteckningar: bra",
            answers("Exportdag, med lunch", notes="bra"),
        ),
        ("Exportdag datum: igår datum: idag", answers("Exportdag datum: idag", "2026-03-15")),
        ("Exportdag plats: Folkets hus", answers("Exportdag plats: Folkets hus")),
        ("Exportdag datum:", answers("Exportdag datum")),
    ],
)
def test_a_field_can_be_named_to_be_exact(said, expected):
    assert understood(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('"Kumla 12 mars" igår Nora', answers("Kumla 12 mars", "2026-03-15", members=[NORA])),
        ("”Workshop: datum: nyss”, Nora", answers("Workshop: datum: nyss", members=[NORA])),
        ("“Export”, med lunch", answers("Export", notes="med lunch")),
        ('Export 19" skärm igår', answers('Export 19" skärm', "2026-03-15")),
        ('"" igår', answers("", "2026-03-15")),
    ],
)
def test_a_quotation_is_the_title_to_the_letter(said, expected):
    assert understood(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("igår 20 mars", {"received": "2025-03-20", "answer_by": "2026-03-15"}),
        ("12 mars svara senast: 12 mars", {"received": "2026-03-12", "answer_by": "2027-03-12"}),
        ("svara senast: på fredag", {"answer_by": "2026-03-20"}),
        ("svara senast: 29/2", {"answer_by": "29/2"}),
        ("1 500 000 kr 24 jobb", {"amount": "1500000", "jobs": "24"}),
        ("kl 13", {"at": "13:00"}),
        ("kl. 9.30", {"at": "09:30"}),
        ("tid: 13:05", {"at": "13:05"}),
        ("tid: 25:00", {"at": "25:00"}),
        ("konfidentiell, 24 jobb", {"secret": "true", "jobs": "24"}),
        ("konfidentiell: ja", {"secret": "true"}),
        ("konfidentiell: nej", {"secret": "false"}),
        ("en konfidentiell fråga", {}),
        ("asked_by: <@U012AB>", {"asked_by": "<@U012AB>"}),
        ("sites: Norra hamnen", {"sites": ["Norra hamnen"]}),
    ],
)
def test_every_kind_of_field_can_be_typed(said, expected):
    assert understood(said, Inquiry) == expected


FALK = {
    "code_name": "Projekt Falk",
    "land_ha": "15",
    "investment": "40000000",
    "answer_due": "2026-12-03",
    "asked": [KUMLA, HALLSBERG, ASKERSUND],
    "confidential": "true",
}
FALK_PARTS = (
    *("Projekt Falk", "15 ha", "40 mkr", "svar senast 3 december"),
    *("Kumla, Hallsberg, Askersund", "sekretess"),
)


@pytest.mark.parametrize(
    ("said", "more"),
    [
        (" ".join(FALK_PARTS), {}),
        (" ".join(FALK_PARTS).replace(",", ""), {}),
        (" ".join(FALK_PARTS).lower(), {"code_name": "projekt falk"}),
        (", ".join(FALK_PARTS).replace("3 december", "2026-12-03"), {}),
        (" - ".join(FALK_PARTS), {}),
        ("\n".join(FALK_PARTS), {}),
        (f"10 februari {' '.join(FALK_PARTS)}", {"received_on": "2026-02-10"}),
        (f"{' '.join(FALK_PARTS)} 10 februari", {"received_on": "2026-02-10"}),
        (f"{' '.join(FALK_PARTS)} igår kl 13 från Business Sweden", {
            "received_on": "2026-03-15", "received_at": "13:00", "source": "bso",
            "code_name": "Projekt Falk från Business Sweden",
        }),
        (f"{' '.join(FALK_PARTS)}, Business Sweden", {"source": "bso"}),
        (f"{' '.join(FALK_PARTS)} mark, el, 20 MW, 5 000 m2 och 50 jobb", {
            "needs": ["land", "power"], "power_mw": "20", "building_m2": "5000", "jobs": "50",
        }),
    ],
)  # fmt: skip
def test_an_inquiry_is_typed_in_one_line(said, more):
    assert understood(said, Establishment) == FALK | more


@settings(deadline=None)
@given(
    st.permutations([*FALK_PARTS, "10 februari"]),
    st.sampled_from([" ", ", ", "; ", "\n"]),
    st.booleans(),
)
def test_the_parts_of_an_inquiry_can_come_in_any_order(parts, between, commas):
    said = [part if commas else part.replace(",", "") for part in parts]
    expected = FALK | {"received_on": "2026-02-10"}
    assert understood(between.join(said), Establishment) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2,5 hektar", {"land_ha": "2.5"}),
        ("2.5 ha", {"land_ha": "2.5"}),
        ("2,50 hectares", {"land_ha": "2.5"}),
        ("0,125 ha", {"land_ha": "0.125"}),
        ("15ha", {"land_ha": "15"}),
        ("(ca 15 ha)", {"land_ha": "15"}),
        ("5 000 m2", {"building_m2": "5000"}),
        ("5\u00a0000\u00a0m²", {"building_m2": "5000"}),
        ("5000kvm", {"building_m2": "5000"}),
        ("1 250,5 KVM", {"building_m2": "1250.5"}),
        ("20 mw", {"power_mw": "20"}),
        ("15 ha/40 mkr", {"land_ha": "15", "investment": "40000000"}),
        ("15 ha och 40 mkr", {"land_ha": "15", "investment": "40000000"}),
        ("15 ha, 12 mars 2030 m2", {
            "land_ha": "15", "received_on": "2026-03-12", "building_m2": "2030",
        }),
        ("1,16 mkr", {"investment": "1160000"}),
        ("1 160 292 kr", {"investment": "1160292"}),
        ("1\u202f160\u202f292 SEK", {"investment": "1160292"}),
        ("1.160.292 kronor", {"investment": "1160292"}),
        ("1 160 292:-", {"investment": "1160292"}),
        ("850.000 kr", {"investment": "850000"}),
        ("20260312 kr", {"investment": "20260312"}),
        ("40mkr", {"investment": "40000000"}),
        ("ca 40 MSEK", {"investment": "40000000"}),
        ("på ungefär 40 miljoner kr", {"investment": "40000000"}),
        ("2 miljarder SEK", {"investment": "2000000000"}),
        ("850 tkr", {"investment": "850000"}),
        ("40 miljoner", {"investment": "40000000"}),
        ("40 milj.", {"investment": "40000000"}),
        ("40 miljoner, i Kumla,", {"investment": "40000000", "asked": [KUMLA]}),
        ("1,2 miljarder", {"investment": "1200000000"}),
        ("1 miljard, ", {"investment": "1000000000"}),
    ],
)  # fmt: skip
def test_an_amount_is_known_by_its_unit(said, expected):
    expected = expected | {"code_name": "Projekt Falk"}
    assert understood(f"Projekt Falk {said}", Establishment) == expected
    assert understood(f"{said} Projekt Falk", Establishment) == expected


@pytest.mark.parametrize(
    "said",
    [
        "Projekt 40",
        "Projekt 15 ha-parken",
        "Projekt Ha 15",
        "Projekt 15 - 20 ha",
        "Projekt 15 ha - 20 ha",
        "Projekt 15 ha - 20",
        "Projekt 15–20 ha",
        "Projekt mellan 15 och 20 ha",
        "Projekt 40 mkr till 50 mkr",
        "Projekt -15 ha",
        "Projekt 1/2 ha",
        "Projekt 1.250 ha",
        "Projekt 1,250 ha",
        "Projekt 1.160 mkr",
        "Projekt 1,160,292 kr",
        "Projekt 1,2 160 292 kr",
        "Projekt 500 kr/m2",
        "Projekt 500 kr per kvadrat",
        "Projekt 20 MWh",
        "Projekt 40 m",
        "Projekt 40 miljoner euro",
        "Projekt 2 miljoner invånare",
        "Projekt 2 miljarder användare",
        "Projekt 2 miljarder i omsättning",
        "Projekt 40 MEUR",
        "Projekt kr 40",
        "Projekt " + "9" * 41 + " kr",
        "Projekt mark och el",
        "Ny mark för el",
        "Samtal om mark, el, järnväg",
        "Projekt Falk senast",
        "Projekt Falk senast 30 februari",
    ],
)
def test_what_only_looks_like_an_amount_stays_in_the_title(said):
    assert understood(said, Establishment) == {"code_name": said}


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("svar senast 3 december", "2026-12-03"),
        ("Svar Senast den 3/12", "2026-12-03"),
        ("senast torsdag 3 december", "2026-12-03"),
        ("svarsdatum 2026-12-03", "2026-12-03"),
        ("deadline: 3 dec", "2026-12-03"),
        ("answer by December 3", "2026-12-03"),
        ("answer by the 3rd December", "2026-12-03"),
        ("(svar senast 3 december)", "2026-12-03"),
        ("svar senast till den 3 december", "2026-12-03"),
        ("och med svar senast 3 december", "2026-12-03"),
        ("svar senast 3 december kl 12", "2026-12-03"),
        ("senast kl. 12.00 den 3 december", "2026-12-03"),
        ("senast 24/7", "2026-07-24"),
        ("senast på fredag", "2026-03-20"),
        ("svar senast fredag", "2026-03-20"),
        ("senast måndag", "2026-03-23"),
        ("senast i morgon", "2026-03-17"),
        ("svar v 27", "2026-07-03"),
        ("svar v. 27", "2026-07-03"),
        ("svar senast v27", "2026-07-03"),
        ("svar senast vecka 27", "2026-07-03"),
        ("senast v 11", "2027-03-19"),
        ("senast v 12", "2026-03-20"),
        ("senast v 53", "2027-01-01"),
        ("svar till midsommar", "2026-06-19"),
        ("svar senast jul", "2026-12-24"),
        ("deadline: v 27", "2026-07-03"),
        ("svar senast torsdag nästa vecka", "2026-03-26"),
    ],
)
def test_a_day_after_its_lead_belongs_to_the_field_that_it_leads_to(said, due):
    expected = {"code_name": "Projekt Falk", "answer_due": due}
    assert understood(f"Projekt Falk {said}", Establishment) == expected
    assert understood(f"{said}, Projekt Falk", Establishment) == expected
    received = expected | {"received_on": "2026-02-10"}
    assert understood(f"Projekt Falk {said}, 10 februari", Establishment) == received
    assert understood(f"10 februari Projekt Falk {said}", Establishment) == received


@pytest.mark.parametrize("said", ["senast v 54", "senast v 27 - 28", "v 27", "svar till våren"])
def test_what_is_no_week_to_answer_by_stays_in_the_title(said):
    assert understood(f"Projekt Falk {said}", Establishment) == {
        "code_name": f"Projekt Falk {said}"
    }


@pytest.mark.parametrize(
    "said",
    ["inkom 10 februari", "inkom den 10/2", "kom in 2026-02-10", "inkom tisdag 10 februari"],
)
def test_the_word_that_tells_of_a_day_goes_with_it(said):
    received = {"code_name": "Projekt Falk", "received_on": "2026-02-10"}
    assert understood(f"Projekt Falk {said}", Establishment) == received
    assert understood(f"{said} Projekt Falk", Establishment) == received
    due = received | {"answer_due": "2026-06-30"}
    assert understood(f"Projekt Falk svar senast 30 juni {said}", Establishment) == due
    first = received | {"code_name": "Projekt Falk 9 februari"}
    assert understood(f"Projekt Falk 9 februari {said}", Establishment) == first


def test_when_something_came_in_has_a_time_as_well():
    assert understood("Projekt Falk inkom igår kl 13", Establishment) == {
        "code_name": "Projekt Falk",
        "received_on": "2026-03-15",
        "received_at": "13:00",
    }


@pytest.mark.parametrize(
    "said",
    [
        *("sekretess", "hemligt", "hemlig", "konfidentiellt", "med sekretess", "under sekretess"),
        *("OBS hemligt", "(sekretess)", "hemligt!"),
    ],
)
def test_what_is_to_be_kept_secret_is_ticked_and_leaves_the_name(said):
    expected = {"code_name": "Projekt Falk", "asked": [KUMLA], "confidential": "true"}
    for line in (
        f"Projekt Falk {said} Kumla",
        f"Projekt Falk Kumla {said}",
        f"Projekt Falk, {said}, Kumla",
    ):
        assert understood(line, Establishment) == expected


@pytest.mark.parametrize(
    "said",
    ["ej sekretess", "inte hemlig", "ej konfidentiellt", "utan sekretess", "inte under sekretess",
     "sekretess nej"],
)  # fmt: skip
def test_what_is_not_secret_is_left_unticked_and_leaves_the_name(said):
    expected = {"code_name": "Projekt Falk", "asked": [KUMLA], "confidential": "false"}
    for line in (
        f"Projekt Falk {said}, Kumla",
        f"Projekt Falk Kumla {said}",
        f"Projekt Falk, {said}, Kumla",
    ):
        assert understood(line, Establishment) == expected


@pytest.mark.parametrize("said", ["Möte om sekretess", "En hemlig trädgård"])
def test_a_secret_among_the_titles_words_is_ticked_to_be_safe(said):
    assert understood(said, Establishment) == {"code_name": said, "confidential": "true"}


def test_what_is_said_to_be_secret_and_not_secret_is_secret():
    read = understood("Projekt Falk ej konfidentiellt, hemligt", Establishment)
    assert read["confidential"] == "true"


@pytest.mark.parametrize(
    ("said", "company"),
    [
        ("företag Exempelbolaget", "Exempelbolaget"),
        ("företag Exempelbolaget AB", "Exempelbolaget AB"),
        ("bolag Exempel & Co AB", "Exempel & Co AB"),
    ],
)
def test_a_company_is_named_without_a_colon(said, company):
    expected = {"code_name": "Projekt Falk", "land_ha": "15", "asked": [KUMLA], "company": company}
    assert understood(f"Projekt Falk 15 ha Kumla {said}", Establishment) == expected
    assert understood(f"Projekt Falk {said}, 15 ha Kumla", Establishment) == expected
    secret = expected | {"confidential": "true"}
    assert understood(f"Projekt Falk {said} sekretess 15 ha Kumla", Establishment) == secret


@pytest.mark.parametrize(
    "said", ["Mark för företag Norr", "Nytt företag söker mark", "Projekt företag", "Tre bolag"]
)
def test_companies_that_are_not_named_stay_in_the_title(said):
    assert understood(said, Establishment) == {"code_name": said}


@pytest.mark.parametrize("said", ["till alla", "fråga alla", "till alla kommuner", "alla"])
def test_an_inquiry_can_be_put_to_all(said):
    assert understood(f"Projekt Falk 15 ha {said}, sekretess", Establishment)["asked"] == ALL
    assert understood(f"Projekt Falk {said}", Establishment)["code_name"] == "Projekt Falk"


def test_where_nobody_is_asked_till_alla_is_the_titles_own():
    assert understood("Inbjudan till alla igår") == answers("Inbjudan till alla", "2026-03-15")


def test_a_day_that_leads_elsewhere_is_no_other_fields_day():
    said = "Projekt Falk, answer due: 2 december, svar senast 3 december"
    assert understood(said, Establishment) == {
        "code_name": "Projekt Falk, svar senast 3 december",
        "answer_due": "2026-12-02",
    }


def test_the_longest_lead_decides_whose_day_it_is():
    class Stages(Answers):
        asks_as = "Stages"
        last: Annotated[date, Ask("Last", Day(leads=("senast",)))]
        due: Annotated[date, Ask("Due", Day(leads=("svar senast",)))]

    said = "svar senast 3 december, senast 4 december"
    assert understood(said, Stages) == {"last": "2026-12-04", "due": "2026-12-03"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Höst 10 februari", {"name": "Höst", "started": "2026-02-10"}),
        (
            "Höst, Smart flytt, studenter 10 februari",
            {"programme": "smart", "audience": ["students"], "started": "2026-02-10"},
        ),
        ("Höst för Lagerhub igår", {
            "name": "Höst för Lagerhub", "programme": "hub", "started": "2026-03-15",
        }),
        ("Höst studenter, företag, internationella talanger", {
            "audience": ["students", "companies", "talent"],
        }),
        ("Höst, studenter; företag", {"audience": ["students", "companies"]}),
        ("Höst för studenter, företag", {"name": "Höst för studenter, företag"}),
        ("Säg ja till hösten, Kumla", {"name": "Säg ja till hösten", "place": KUMLA}),
        ("Höst Kumla, Nora", {"name": "Höst Kumla, Nora"}),
        ("Höst genus: ja", {"gender": "yes"}),
        ("Höst kostnad 25 000 kr", {"cost": "25000"}),
        ("Höst spend: ca 25 tkr", {"cost": "25000"}),
        ("Höst, 30 000 kr, med kostnad på 25 000 kr", {"cost": "25000", "income": "30000"}),
        ("Höst 30 000 kr", {"income": "30000"}),
        ("Höst kostnad 25 000", {"name": "Höst kostnad 25 000"}),
        ("Höst del av: hub, målgrupp: students och företag", {
            "programme": "hub", "audience": ["students", "companies"],
        }),
        ("Höst del av: rymden, målgrupp: alla, igår", {
            "programme": "rymden", "audience": ["alla"], "started": "2026-03-15",
        }),
        ("Höst plats: kumal", {"place": KUMLA}),
        ("Höst plats: Kumla, Nora", {"place": "Kumla, Nora"}),
    ],
)  # fmt: skip
def test_a_campaign_is_typed_in_one_line(said, expected):
    assert understood(said, Campaign) == {"name": "Höst"} | expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("investering: 40 mkr", {"investment": "40000000"}),
        ("investering: 1160292, Kumla", {"investment": "1160292", "asked": [KUMLA]}),
        ("investering: ca 1 160 292 Kumla", {"investment": "1160292", "asked": [KUMLA]}),
        ("investering: 40 m", {"investment": "40000000"}),
        ("investering: mycket, Kumla", {"investment": "mycket", "asked": [KUMLA]}),
        ("investering: 40 miljoner euro", {"investment": "40 miljoner euro"}),
        ("investering: 40 000 EUR", {"investment": "40 000 EUR"}),
        ("investering: 40 till 50 mkr", {"investment": "40 till 50 mkr"}),
        ("investering: 1,16", {"investment": "1,16"}),
        ("markyta: 15", {"land_ha": "15"}),
        ("markyta: ca 15,5 ha", {"land_ha": "15.5"}),
        ("markyta: 15 - 20 ha", {"land_ha": "15 - 20 ha"}),
        ("markyta: 1.250 ha", {"land_ha": "1.250 ha"}),
        ("effekt: 500 kW, 15 ha", {"power_mw": "500 kW", "land_ha": "15"}),
        ("behov: mark el och järnväg", {"needs": ["land", "power", "rail"]}),
        ("behov: rail, Kumla", {"needs": ["rail"], "asked": [KUMLA]}),
        ("behov: rymden, Kumla", {"needs": ["rymden"], "asked": [KUMLA]}),
        ("källa: bs, sekretess: nej", {"source": "bso", "confidential": "false"}),
    ],
)
def test_an_amount_or_several_of_a_list_can_be_named(said, expected):
    assert understood(f"Falk, {said}", Establishment) == {"code_name": "Falk"} | expected


def test_several_people_are_not_read_from_a_line():
    said = "Falk, ledare: <@U1> <@U2>"
    assert understood(said, Establishment) == {"code_name": said}


def test_a_list_that_the_plan_lacks_offers_nothing():
    bare = LineContext(MONDAY, PLACES)
    assert hash(bare) == hash(LineContext(MONDAY, PLACES, lists=LISTS))
    assert understood("Höst, Smart flytt", Campaign, bare) == {"name": "Höst, Smart flytt"}


@pytest.mark.parametrize(
    ("today", "past", "coming"),
    [
        (date(2026, 3, 16), None, None),
        (date(2024, 2, 29), "2024-02-29", "2024-02-29"),
        (date(2024, 3, 1), "2024-02-29", None),
        (date(2025, 2, 1), "2024-02-29", None),
        (date(2026, 2, 1), None, None),
        (date(2027, 3, 1), None, "2028-02-29"),
    ],
)
def test_a_leap_day_is_one_where_the_nearest_year_has_it(today, past, coming):
    context = LineContext(today, PLACES)
    assert understood("Export 29 feb", context=context).get("held_on") == past
    assert understood("Falk svar senast 29 feb", Establishment, context).get("answer_due") == coming


@pytest.mark.parametrize("said", ["2 miljarder", "1,2 miljarder", "1 miljard", "40 miljoner"])
@pytest.mark.parametrize("more", ["från Business Sweden", "300 arbetsplatser", "till Kumla"])
def test_millions_need_no_unit_where_something_else_follows(said, more):
    read = understood(f"Falk {said} {more}", Establishment)
    assert read["investment"] == str(kronor(said))


def test_a_coming_day_without_a_year_is_not_before_the_plan_begins():
    before = LineContext(date(2025, 12, 1), PLACES, earliest=date(2026, 1, 1))
    assert understood("svara senast: 15 december", Inquiry, before) == {"answer_by": "2026-12-15"}


def test_the_parts_say_which_words_were_read():
    line = "Exportdag för småföretag den 12 mars i Kumla, Hallsberg med ca 24 deltagare"
    said = {line[part.start : part.end] for part in parts_of(line, Event.fields(), CONTEXT)}
    assert said == {"den 12 mars", "i Kumla, Hallsberg", "med ca 24 deltagare"}


def test_a_title_longer_than_its_field_is_kept_whole():
    assert understood("mycket " * 100)["title"] == ("mycket " * 100).strip()


# ---- properties --------------------------------------------------------------------------------

DAYS = st.dates(date(2017, 1, 1), date(2035, 12, 31))
MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"
MONTH_NAMES = MONTHS.split()
SMALL = 'alla utom och , ; / - ( ) " ” kommun kl av 24 1 200 deltagare st ca i med : om export'
LABELS = "datum: titel: värd: kommuner: antal: tema: workshop etablering"
AMOUNTS = "15 2,5 1.250 000 ha ha-parken 40mkr kr miljoner m2 kr/m2 :- till euro per"
LED = ["svar senast", "senast", "kostnad", "sekretess", "ej", "mark, el", "Smart flytt", "kl 12"]
NAMED = "investering: markyta: behov: källa: del av: plats: deadline: sekretess:"
PIECES = st.sampled_from(
    [said for said, _ in DATES]
    + [place.name for place in PLACES]
    + [*SMALL.split(), *LABELS.split(), "\n"]
    + [*AMOUNTS.split(), *LED, *NAMED.split()]
)
LINES = st.lists(PIECES, max_size=12).map(" ".join) | st.text()

WORD = re.compile(r"\w*[^\W_]\w*")
PATTERNS = {
    Whole: "0|[1-9][0-9]*",
    Money: "0|[1-9][0-9]*",
    Amount: r"[0-9]+(\.[0-9]*[1-9])?",
    TimeOfDay: "([01][0-9]|2[0-3]):[0-5][0-9]",
    Flag: "true|false",
    Line: "(?s).+",
    Prose: "(?s).+",
}


def is_valid(field: Field, value: Any) -> bool:
    match field.ask.input:
        case Choice(options=options, several=several):
            chosen = value if several else [value]
            return {*chosen} <= {option.value for option in options} and len(chosen) > 0
        case Listed(name=name):
            return value in {option.value for option in LISTS[name]}
        case Day():
            return date.fromisoformat(value).isoformat() == value
        case Members(one=True):
            return value in ALL
        case Members():
            return set(value) <= set(ALL) and len(set(value)) == len(value) > 0
        case kind:
            return re.fullmatch(PATTERNS[type(kind)], value) is not None


@settings(max_examples=300, deadline=None)
@given(LINES.map(lambda line: line.replace(":", "")))
def test_whatever_is_typed_every_answer_fits_its_field(line):
    for form in (Event, Inquiry, Establishment, Campaign):
        read = understood(line, form)
        assert all(
            is_valid(field, read[field.name]) for field in form.fields() if field.name in read
        )


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from([Event, Establishment, Campaign]))
def test_no_word_is_lost(line, form):
    text = unicodedata.normalize("NFC", line)
    taken = [p for p in parts_of(line, form.fields(), CONTEXT, swedish) if not p.in_title]
    left = [
        word[0]
        for word in WORD.finditer(text)
        if not any(part.start <= word.start() and word.end() <= part.end for part in taken)
    ]
    read = understood(line, form)
    kept = [WORD.findall(read.get(name, "")) for name in ("title", "code_name", "name", "notes")]
    assert any(words[len(words) - len(left) :] == left for words in kept)


def test_of_a_line_without_end_the_beginning_is_understood_and_the_rest_is_kept():
    tail = " ".join(f"ord{number} 24 deltagare" for number in range(5_000))
    read = understood(f"Exportdag 12 mars {tail}")
    assert read["held_on"] == "2026-03-12"
    assert read["title"].endswith("ord4999 24 deltagare")
    assert read["title"].count("ord") == 5_000


SPACES = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])


@settings(deadline=None)
@given(st.integers(0, 10**13), SPACES, st.sampled_from(["kr", "SEK", "kronor", ":-"]))
def test_an_amount_is_read_as_the_form_reads_it(amount, space, unit):
    said = f"{amount:,} {unit}".replace(",", space)
    assert kronor(said) == amount
    assert understood(f"Falk, {said}", Establishment)["investment"] == str(amount)
    assert understood(f"Falk investering: {said}", Establishment)["investment"] == str(amount)


@settings(deadline=None)
@given(st.decimals(0, 10**6, places=2), st.sampled_from(",."), SPACES)
def test_a_measure_is_read_as_the_form_reads_it(measure, mark, space):
    said = f"{measure:,.2f}".replace(",", space).replace(".", mark)
    read = understood(f"Falk, {said} ha", Establishment)
    assert number(said) == number(read["land_ha"]) == measure


PARTS = st.tuples(
    st.sampled_from(["Exportdag för småföretag", "frukost", "Träff om export", "Forum 2026"]),
    st.sampled_from(["12 mars", "igår", "2026-03-12", "torsdag 12/3"]),
    st.sampled_from(["Kumla", "kumla, hallsberg och nora", "alla utom Laxå", "i Örebro kommun"]),
    st.sampled_from(["24 deltagare", "ca 1 200 pers"]),
    st.sampled_from(["utbildning", "tema: service"]),
)


@settings(deadline=None)
@given(PARTS, st.permutations(range(5)))
def test_the_parts_can_come_in_any_order(parts, order):
    in_order = understood(", ".join(parts))
    assert len(in_order) == 5
    assert understood(", ".join(parts[index] for index in order)) == in_order


@settings(deadline=None)
@given(
    DAYS,
    st.sampled_from(
        [
            "{d:%Y-%m-%d}",
            "{d:%Y%m%d}",
            "{d.day}/{d.month}-{d.year}",
            "{d.day} {m} {d.year}",
            "{d.day}.{d.month}.{d.year}",
            "{d:%B} {d.day}, {d.year}",
        ]
    ),
)
def test_a_written_day_is_read_back(day, pattern):
    said = pattern.format(d=day, m=MONTH_NAMES[day.month - 1])
    assert understood(f"Export {said}") == answers("Export", day.isoformat())


@settings(deadline=None)
@given(DAYS, st.integers(0, 364))
def test_a_day_of_the_last_year_needs_no_year(today, days):
    day = today - timedelta(days=days)
    said = f"Export {day.day} {MONTH_NAMES[day.month - 1]}"
    assert understood(said, context=LineContext(today, PLACES))["held_on"] == day.isoformat()


@settings(deadline=None)
@given(DAYS, st.integers(0, 364))
def test_a_day_of_the_coming_year_needs_no_year(today, days):
    day = today + timedelta(days=days)
    said = f"svara senast: {day.day}/{day.month}"
    assert understood(said, Inquiry, LineContext(today, PLACES))["answer_by"] == day.isoformat()


@settings(deadline=None)
@given(st.sampled_from([place for place in PLACES if len(place.name) > 5]), st.data())
def test_one_slip_in_a_name_is_forgiven(place, data):
    at = data.draw(st.integers(1, len(place.name) - 2))
    head, letter, after, tail = (
        place.name[:at],
        place.name[at],
        place.name[at + 1],
        place.name[at + 2 :],
    )
    slip = data.draw(
        st.sampled_from([after + tail, letter + letter + after + tail, after + letter + tail])
    )
    assert understood(f"Export, {head}{slip}")["members"] == [place.code]


@settings(deadline=None)
@given(st.integers(0, 999_999_999), st.sampled_from(["", ".", " ", "\u00a0", "\u202f"]))
def test_a_number_is_read_with_a_point_or_any_space_between_thousands(number, mark):
    said = f"{number:,}".replace(",", mark)
    assert understood(f"Export, {said} deltagare") == answers("Export", participants=str(number))
