"""The plan files hold together, quote the plan, and faulty ones are explained line by line."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Span
from bot.plan.lines import line_of, lines_of
from bot.plan.loader import PlanError, load_plan
from bot.reports import kinds
from tests.bot.examples import BRO, KINDS, PLANS, ROOT, plan_called

SMALL = ROOT / "tests/plans/small.toml"


# --- The decided plan


def test_the_plan_has_twelve_municipalities_three_objectives_and_eleven_key_results():
    assert len(BRO.members) == 12
    assert [objective.id for objective in BRO.objectives] == ["S", "I", "M"]
    ids = [key_result.id for key_result in BRO.key_results]
    assert ids == ["S1", "S2", "S3", "S4", "I1", "I2", "I3", "I4", "M1", "M2", "M3"]


def test_the_members_have_together_the_county_s_population():
    assert sum(member.population.people for member in BRO.members) == 308_116


def test_the_targets_are_those_of_the_plan():
    targets = {each.id: BRO.target_of(each) for each in BRO.key_results}
    assert targets == {
        "S1": 80, "S2": 3, "S3": 12, "S4": 4,
        "I1": None, "I2": 6, "I3": 15, "I4": 12,
        "M1": 4, "M2": Decimal("0.20"), "M3": 12,
    }  # fmt: skip


QUOTED = """
Höja NKI för myndighetsservice till minst 80 i genomsnitt för regionens
kommuner och att alla myndighetsområden visar godkänt = 70.

Genomföra minst 3 konkreta samverkansprojekt mellan två och fler kommuner
kopplade till näringslivsservice före årets slut.

Alla medlemskommunerna använder de gemensamt upphandlade verktygen
(Insikt, Syna, Objektvision) och arbetar med förbättringsåtgärder baserade
på användandet.

Genomföra minst 4 gemensamma workshops/erfarenhetsutbyten per år där
kommunerna delar bästa praxis för näringslivsservice.

Öka investeringar i länet inom prioriterade målområden, mätt i totalt
investeringsvärde.

Stärka kunskapsnivån hos länets kommuner om investeringar och etableringar
genom behovsanpassade insatser och genomföra minst 6 utbildningsinsatser
eller workshops per år.

Stärka samarbetet med minst 15 strategiskt viktiga företag i regionen.

Alla medlemskommuner ska ha beredskap för att ta emot och svara på
etableringsförfrågningar.

Öka synligheten för Örebroregionen genom att delta i minst fyra nationella och
internationella arenor med tydliga mål och uppföljning.

Öka effektiviteten och leadsgenereringen i våra marknadsinsatser genom att
förbättra konverteringsgraden med minst 20 % jämfört med föregående år.

Stödja alla medlemskommunerna i frågor gällande det
proaktiva investeringsarbetet med marknadsföringsmaterial men också vid
behov i pågående projekt.
"""
"""Copied from the decision, its line breaks kept."""


def test_every_key_result_is_quoted_word_for_word():
    paragraphs = [" ".join(part.split()) for part in QUOTED.strip().split("\n\n")]
    assert [key_result.text for key_result in BRO.key_results] == paragraphs


def test_every_text_is_there_in_both_languages():
    for each in BRO.rows:
        for words in (each.label, each.counted, each.unit.one, each.unit.many):
            assert words.keys() == {"sv", "en"}
    for entries in BRO.lists.values():
        for entry in entries:
            assert entry.name.keys() == {"sv", "en"}


def test_smart_moves_campaigns_are_a_row_beside_the_key_results():
    (row,) = BRO.beside
    assert (row.id, BRO.target_of(row), row.measure.values) == (
        "SM1",
        5,
        ("create", "run", "follow_up"),
    )
    assert BRO.rows == (*BRO.key_results, row)
    with pytest.raises(KeyError):
        BRO.key_result("SM1")


def test_what_the_plan_counts_can_be_chosen_in_the_forms():
    chosen = {
        (list_name, value)
        for row in BRO.rows
        for field, list_name in (("area", "areas"), ("programme", "programmes"))
        for value in getattr(row.measure, "where", {}).get(field, ())
    }
    offered = {(name, entry.code) for name, entries in BRO.lists.items() for entry in entries}
    assert chosen == {
        ("areas", "logistics"),
        ("areas", "industry"),
        ("programmes", "smart_move"),
    }
    assert chosen <= offered


def test_the_stages_that_count_are_those_that_can_be_reported():
    (row,) = BRO.beside
    asked = {field.name: field.ask.input for field in kinds()[row.fed_by[-1]].fields()}
    assert {option.value for option in asked[row.measure.field].options} == {*row.measure.values}


def test_the_clock_of_inquiries_is_a_day_and_five_and_admins_know_no_secrets():
    rules = BRO.inquiries
    assert (rules.acknowledge_working_days, rules.answer_working_days) == (1, 5)
    assert rules.admins_may_know is False
    assert BRO.key_result("I4").beside == ("inquiries",)


def test_a_kind_that_can_be_reported_is_no_longer_only_planned():
    assert not {*BRO.planned_kinds} & {*KINDS}


@pytest.mark.parametrize(
    ("kinds_", "first"),
    [
        (["workshop"], date(2026, 1, 1)),
        (["etablering_landad"], date(2025, 1, 1)),
        (["kampanj_resultat"], date(2025, 1, 1)),
        (["kampanj", "kampanj_steg"], date(2026, 1, 1)),
        # What opens a case may be as old as its steps.
        (["kampanj", "kampanj_steg", "kampanj_resultat"], date(2025, 1, 1)),
        ([], date(2026, 1, 1)),
    ],
)
def test_what_is_compared_with_last_year_is_taken_from_last_year_on(kinds_, first):
    assert BRO.earliest_for(*kinds_) == first


def test_a_plan_that_begins_on_a_leap_day_compares_from_the_28th():
    plan = BRO.model_copy(update={"starts": date(2028, 2, 29)})
    assert plan.earliest_for("kampanj_resultat") == date(2027, 2, 28)
    assert plan.earliest_for("workshop") == date(2028, 2, 29)


def test_an_e_mail_domain_leads_to_its_municipality():
    assert BRO.email_domains["kumla.se"] == "1881"
    assert BRO.member(BRO.email_domains["hallefors.se"]).name == "Hällefors"


def test_another_network_needs_another_file_and_nothing_else():
    goteborg = plan_called("goteborg")
    assert len(goteborg.members) == 13
    assert goteborg.duties[0].span is Span.MONTH
    assert goteborg.those(goteborg.duties[1]) == ("brg",)


MODULES = "measures standing pace duties inquiries campaigns cover"


def test_no_code_knows_a_network_a_municipality_or_a_target():
    names = [member.name for name in PLANS for member in plan_called(name).members]
    files = [*(ROOT / "bot/plan").glob("*.py"), *_modules(MODULES)]
    for path in files:
        code = re.sub(r'""".*?"""|#[^\n]*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        # Example addresses in the loader's own sentences are the one place where a name is said.
        code = code.replace('"kumla.se"', "")
        assert not [name for name in names if re.search(rf"\b{name}\b", code, re.IGNORECASE)], path


def _modules(names: str) -> list[Path]:
    return [ROOT / f"bot/{name}.py" for name in names.split()]


# --- Faulty files


def problems(text: str, tmp_path: Path, kinds=KINDS) -> list[str]:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError) as error:
        load_plan(path, kinds)
    return [problem.removeprefix(f"{path}:") for problem in error.value.problems]


FAULTS = [
    # what stands in the file, what is put there instead, the one problem
    ('language = "sv"', 'language = "no"', "5: language: must be 'sv' or 'en'."),
    ('language = "sv"', "", "1: language: is missing."),
    (
        'zone = "Europe/Stockholm"',
        'zone = "Europe/Orebro"',
        '4: zone: must be a time zone, such as "Europe/Stockholm".',
    ),
    (
        "starts = 2026-01-01",
        'starts = "soon"',
        "6: starts: must be a date, such as 2026-01-31.",
    ),
    (
        "ends = 2026-12-31",
        "ends = 2025-12-31",
        "7: ends: the plan ends 2025-12-31, before it has begun 2026-01-01.",
    ),
    (
        '"monday"',
        '"mon"',
        (
            "11: digest.weekday: must be 'monday', 'tuesday', 'wednesday', "
            "'thursday', 'friday', 'saturday' or 'sunday'."
        ),
    ),
    (
        'time = "08:00"',
        'time = "eight"',
        '12: digest.time: must be a time of day, such as "08:00".',
    ),
    (
        'end = "17:00"',
        'end = "07:00"',
        "16: working_hours.end: working hours end before they start.",
    ),
    ('code = "net"', 'code = "1"', '24: network.office.code: "1" is also a member\'s code.'),
    ('code = "2"', 'code = "1"', '36: members[1].code: "1" is there more than once.'),
    ('["Deux"]', '["one"]', '39: members[2].aliases: "one" is there more than once.'),
    (
        '["one.example"]',
        '["@one.example"]',
        '32: members[1].email_domains[1]: must be a domain in small letters, such as "kumla.se".',
    ),
    (
        '["one.example"]',
        '["net.example"]',
        '32: members[1].email_domains: "net.example" is there more than once.',
    ),
    ("people = 10", "people = 0", "33: members[1].population.people: must be more than 0."),
    ("people = 10", "people = 1.5", "33: members[1].population.people: must be a whole number."),
    (
        'genitive = "Two\'s"',
        'genetive = "x"\ngenitive = "y"',
        '38: members[2].genetive: is not a key here. Did you mean "genitive"?',
    ),
    (
        'objective = "O"\nlabel = { sv = "Etta"',
        'objective = "OO"\nlabel = { sv = "Etta"',
        '52: key_results[K1].objective: no objective is called "OO". Did you mean "O"?',
    ),
    ('id = "K2"', 'id = "K1"', '70: key_results[K1].id: "K1" is there more than once.'),
    (
        'fed_by = ["workshop"]',
        'fed_by = ["workshp"]',
        '56: key_results[K1].fed_by: no report is called "workshp". Did you mean "workshop"?',
    ),
    ("target = 4", "target = 0", "57: key_results[K1].target: must be more than 0."),
    ("target = 4", 'target = "four"', '57: key_results[K1].target: must be a number or "all".'),
    (
        "target = 4",
        'target = "all"',
        '57: key_results[K1].target: "all" means every member and fits "coverage" only.',
    ),
    (
        "target = 4",
        "",
        "50: key_results[K1].target: is missing: only a sum with growth can do without one.",
    ),
    (
        "target = 4",
        "target = 4\nbaseline = 5",
        "57: key_results[K1].target: 4 cannot be reached rising from 5.",
    ),
    ('target = "all"', "target = 3", "76: key_results[K2].target: 3 is more than the 2 members."),
    (
        'period = "year"',
        'period = "yearly"',
        (
            '58: key_results[K1].period: must be "year", "half_year", "quarter", "plan" or '
            '"rolling 12 months".'
        ),
    ),
    (
        "share = 1 }",
        "share = 0.9 }",
        "59: key_results[K1].steps: the last share must be 1, not 0.9.",
    ),
    ("share = 1 }", "share = 1.2 }", "59: key_results[K1].steps[2].share: must be at most 1."),
    (
        '"12-31", share = 1 },',
        '"12-30", share = 0.4 }, { by = "12-31", share = 1 },',
        "59: key_results[K1].steps: a share must not be lower than the one before it.",
    ),
    ('"12-31"', '"05-31"', "59: key_results[K1].steps: the days must follow on each other."),
    ('"06-30"', '"06-31"', "59: key_results[K1].steps: there is no such day in every year."),
    (
        '"06-30"',
        '"13-01"',
        '59: key_results[K1].steps[1].by: must be a date, or month and day such as "06-30".',
    ),
    (
        '"06-30"',
        "2026-06-30",
        (
            "59: key_results[K1].steps: with the period year a step is by month and day, such as "
            '"06-30".'
        ),
    ),
    (
        'measure = "count"',
        'measure = "counting"',
        (
            "64: key_results[K1].measure: must be one of 'count', 'coverage', 'mean_floor', 'sum', "
            "'ratio', 'distinct', 'stages'."
        ),
    ),
    (
        "min_members = 2",
        "min_member = 2",
        '67: key_results[K1].measure.min_member: is not a key here. Did you mean "min_members"?',
    ),
    (
        'where = { form = ["workshop"] }',
        'where = { from = ["workshop"] }',
        (
            '66: key_results[K1].measure.where.from: the report "workshop" has no field "from". '
            'Did you mean "form"?'
        ),
    ),
    (
        'where = { form = ["workshop"] }',
        'where = { form = "workshop" }',
        "66: key_results[K1].measure.where.form: must be a list in square brackets.",
    ),
    (
        'kind = "arena"',
        'kind = "workshop"',
        '82: key_results[K2].measure.requirements[1].kind: "workshop" is not among fed_by.',
    ),
    (
        'kind = "arena"',
        'kind = "arena"\nfeild = "x"',
        (
            "83: key_results[K2].measure.requirements[1].feild: is not a key here. "
            'Did you mean "field"?'
        ),
    ),
    (
        'kind = "arena"',
        'kind = "arena"\nfield = "tool"',
        ("81: key_results[K2].measure.requirements[1]: give both field and values, or neither."),
    ),
    (
        'period = "year"',
        'period = "year"\ndirection = "falling"\nbaseline = 9',
        ("59: key_results[K1].direction: what adds up cannot fall: it would be met at once."),
    ),
    (
        'kind = "workshop"',
        'kind = "shop"',
        '87: duties[D].kind: no report is called "shop". Did you mean "workshop"?',
    ),
    (
        'whom = "members"',
        'whom = "everybody"',
        '89: duties[D].whom: must be "members", "office" or a list of codes.',
    ),
    ('whom = "members"', 'whom = ["3"]', '89: duties[D].whom: no member has the code "3".'),
    (
        "due_working_days = 5",
        "due_working_days = 0",
        "91: duties[D].due_working_days: must be more than 0.",
    ),
    ("[digest]", "[digest", "10: not valid TOML: Expected ']' at the end of a table declaration."),
    ('document = "Invented', "document = Invented", "3: not valid TOML: Invalid value."),
]


def test_the_file_that_the_faults_are_put_into_has_none():
    assert load_plan(SMALL, KINDS).key_result("K1").steps[0].share == Decimal("0.5")


@pytest.mark.parametrize(("good", "bad", "problem"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_a_fault_is_told_by_line_key_and_sentence(good, bad, problem, tmp_path):
    text = SMALL.read_text(encoding="utf-8")
    assert good in text
    assert problems(text.replace(good, bad, 1), tmp_path) == [problem]


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = SMALL.read_text(encoding="utf-8")
    for good, bad in [("people = 10", "people = 0"), ('"sv"\n', '"no"\n'), ("target = 4", "")]:
        text = text.replace(good, bad, 1)
    text = text.replace('text = "Second"', "")
    found = problems(text, tmp_path)
    assert [problem.split(": ")[1] for problem in found] == [
        "language",
        "members[1].population.people",
        "key_results[K2].text",
    ]


def test_a_kind_that_is_only_planned_may_feed_a_key_result_and_its_fields_are_not_asked(tmp_path):
    text = SMALL.read_text(encoding="utf-8")
    with_field = text.replace('kind = "arena"', 'kind = "arena"\nwhere = { any = [1] }')
    path = tmp_path / "plan.toml"
    path.write_text(with_field, encoding="utf-8")
    assert load_plan(path, KINDS)
    built = KINDS | {"arena": frozenset({"scope"})}
    (problem,) = problems(with_field, tmp_path, built)
    assert problem.endswith('requirements[1].where.any: the report "arena" has no field "any".')


def test_without_known_kinds_neither_kinds_nor_fields_are_checked():
    assert load_plan(SMALL, None)
    with pytest.raises(PlanError):
        load_plan(SMALL, {})


def test_a_file_that_is_cut_off_is_told_at_its_end(tmp_path):
    (problem,) = problems('id = "x"\nname = """cut', tmp_path)
    assert problem.startswith("2: not valid TOML: ")


# --- Rows beside the key results, and lists


BESIDE = """
[[beside]]
id = "B1"
objective = "O"
label = { sv = "Bredvid", en = "Beside" }
text = "Beside"
counted = { sv = "Så", en = "So" }
fed_by = ["kampanj", "kampanj_steg"]
target = 5
period = "plan"
unit = { one = { sv = "en", en = "one" }, many = { sv = "flera", en = "many" } }
[beside.measure]
measure = "stages"
field = "stage"
values = ["create", "run"]
where = { programme = ["own"] }

[inquiries]
answer_working_days = 3

[[lists.areas]]
code = "food"
name = { sv = "Mat", en = "Food" }

[[lists.areas]]
code = "wood"
name = { sv = "Trä", en = "Wood" }
"""


def test_a_row_beside_is_measured_and_not_a_key_result(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(SMALL.read_text(encoding="utf-8") + BESIDE, encoding="utf-8")
    plan = load_plan(path, KINDS)
    assert [row.id for row in plan.rows] == ["K1", "K2", "B1"]
    assert (plan.inquiries.acknowledge_working_days, plan.inquiries.answer_working_days) == (1, 3)
    assert [entry.code for entry in plan.lists["areas"]] == ["food", "wood"]


def test_a_plan_needs_neither_lists_nor_rows_beside_nor_a_clock_of_its_own():
    plan = load_plan(SMALL, KINDS)
    assert (plan.lists, plan.beside) == ({}, ())
    assert (plan.inquiries.acknowledge_working_days, plan.inquiries.answer_working_days) == (1, 5)


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ('id = "B1"', 'id = "K1"', 'beside[K1].id: "K1" is there more than once.'),
        (
            'objective = "O"',
            'objective = "P"',
            'beside[B1].objective: no objective is called "P".',
        ),
        ("target = 5", "target = 0", "beside[B1].target: must be more than 0."),
        (
            "target = 5",
            'target = "all"',
            'beside[B1].target: "all" means every member and fits "coverage" only.',
        ),
        (
            'period = "plan"',
            'period = "plan"\ndirection = "falling"\nbaseline = 9',
            "beside[B1].direction: what adds up cannot fall: it would be met at once.",
        ),
        (
            '"kampanj", "kampanj_steg"',
            '"kampanj", "kampanj_stag"',
            'beside[B1].fed_by: no report is called "kampanj_stag". Did you mean "kampanj_steg"?',
        ),
        # The opening is asked `where`, its steps the field.
        (
            'field = "stage"',
            'field = "stge"',
            (
                'beside[B1].measure.field: the report "kampanj_steg" has no field "stge". '
                'Did you mean "stage"?'
            ),
        ),
        (
            "where = { programme =",
            "where = { program =",
            (
                'beside[B1].measure.where.program: the report "kampanj" has no field "program". '
                'Did you mean "programme"?'
            ),
        ),
        (
            "where = { programme =",
            "where = { stage =",
            'beside[B1].measure.where.stage: the report "kampanj" has no field "stage".',
        ),
        (
            "answer_working_days = 3",
            "answer_working_days = 0",
            "inquiries.answer_working_days: must be more than 0.",
        ),
        (
            "answer_working_days = 3",
            "answer_days = 3",
            ('inquiries.answer_days: is not a key here. Did you mean "answer_working_days"?'),
        ),
        (
            'code = "wood"',
            'code = "food"',
            'lists.areas[food].code: "food" is there more than once.',
        ),
    ],
)
def test_a_fault_in_a_row_beside_a_clock_or_a_list_is_told_too(good, bad, problem, tmp_path):
    assert good in BESIDE
    faulty = SMALL.read_text(encoding="utf-8") + BESIDE.replace(good, bad, 1)
    (found,) = problems(faulty, tmp_path)
    line, _, told = found.partition(": ")
    assert told == problem
    key = problem.split(": ")[0].split(".")[-1]
    assert key in faulty.split("\n")[int(line) - 1]


# --- Lines


def test_what_stands_inside_a_long_text_or_a_list_is_not_taken_for_a_key():
    lines = lines_of(SMALL.read_text(encoding="utf-8"))
    assert ("not_a_table", 0) not in lines
    assert lines["key_results", 0, "steps"] == 59
    assert line_of(("key_results", 0, "steps", 1, "share"), lines) == 59
    assert line_of(("key_results", 1, "measure", "requirements", 0, "kind"), lines) == 82


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_keys_are_found_on_their_lines_whatever_stands_between(gaps):
    text = "".join("# [x] = {\n" * gap + "[[t]]\nk = '''\n[a]\n''' # ]\n" for gap in gaps)
    lines = lines_of(text)
    found = [lines["t", n, "k"] for n in range(len(gaps))]
    assert all(text.split("\n")[line - 1].startswith("k =") for line in found)
    assert all(later > earlier for earlier, later in pairwise(found))


@pytest.mark.parametrize("content", [None, b"\xab"])
def test_a_plan_file_that_is_no_text_or_not_there_is_said_to_be_so(tmp_path, content):
    file = tmp_path / "plan.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PlanError, match="is no text that can be read"):
        load_plan(file)
