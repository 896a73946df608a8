"""CONTRIBUTING's kind of report in one file: taken from the page, added and used as it says."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from subprocess import run

import pytest

from bot import reports
from bot.forms import Situation, read
from bot.language import CODES, language
from bot.measures import agrees
from bot.names import PlanNames
from bot.plan.loader import load_plan
from bot.plan.model import Count
from bot.reports import Report, kinds
from bot.typed_line import LineContext, Place, read_line
from handlers.slack.forms import view_of
from handlers.slack.manifest import slack_manifest
from playground.limits import view_problems
from playground.town import JOHAN, MARIA, Town
from tests.bot.examples import BRO, PLANS, ROOT
from tests.conftest import FRIDAY
from tests.talk import known, sv

PAGE = (ROOT / "CONTRIBUTING.md").read_text()
(CODE,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
KIND = "samverkansprojekt"
LINE = f"/{KIND} Gemensam bygglovsguide 30 maj Kumla, Laxå"
NAMES = {member.code: member.name for member in BRO.members}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Iterator[type[Report]]:
    """The page's file lies in the folder of reports."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "from_the_page.py").write_text(CODE)
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(folder)])
    yield kinds()[KIND]
    del reports.from_the_page, sys.modules["bot.reports.from_the_page"]


@pytest.fixture
def town(project, tmp_path, clock) -> Iterator[Town]:
    with Town(f"sqlite:///{tmp_path}/brobot.db", clock) as running:
        yield running


@pytest.mark.parametrize("rule", [["check"], ["format", "--check"]])
def test_its_code_is_as_the_house_wants_it(rule):
    command = [sys.executable, "-m", "ruff", *rule, "--stdin-filename", f"bot/reports/{KIND}.py"]
    done = run([*command, "-"], input=CODE, text=True, cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == 0, done.stdout


def test_the_plan_agrees_with_it_when_it_is_planned_no_longer(project, tmp_path):
    before, planned, after = re.split(r"(planned_kinds = \[[^]]*])", PLANS["bro"].read_text())
    text = before + planned.replace(f'"{KIND}",', "") + after
    (tmp_path / "plan.toml").write_text(text)
    fields = {name: frozenset(kind.model_fields) for name, kind in kinds().items()}
    plan = load_plan(tmp_path / "plan.toml", fields)
    assert KIND not in plan.planned_kinds
    assert plan.key_result("S2").fed_by == (KIND,)


@pytest.mark.parametrize("code", CODES)
def test_the_example_to_copy_fills_in_its_form(project, code):
    reader = language(code)
    places = tuple(Place(member.code, member.name) for member in BRO.members)
    context = LineContext(FRIDAY.date(), places, BRO.starts)
    example = reader.t(project.wording.example)
    answers = read_line(example, project.fields(), context, reader.t)
    report = read(project, answers, Situation(reader, FRIDAY.date(), BRO.starts, NAMES))
    assert isinstance(report, project), report
    assert f"{report.headline()} 30 " in example
    assert (f"{report.day}", report.credited) == ("2026-05-30", ("1881", "1860"))
    told = report.sentences(reader, PlanNames(BRO, reader))
    assert told == (reader.t("Carried out"), reader.listed(["Kumla", "Laxå"]))


def test_only_what_is_carried_out_is_counted(project):
    measure = BRO.key_result("S2").measure
    assert isinstance(measure, Count)
    done = {"title": "Guide", "as_of": "2026-05-30", "members": ["1881", "1860", "1881"]}
    for more, counts in (({}, True), ({"status": "ongoing"}, False)):
        report = project.model_validate(done | more)
        assert report.credited == ("1881", "1860")
        assert agrees(report.model_dump(mode="json"), measure.where) is counts


@pytest.mark.parametrize("code", CODES)
def test_its_command_and_its_form_are_there_by_themselves(town, project, code):
    assert f"- command: /{KIND}\n" in slack_manifest(kinds(), "")
    maria = town.person(MARIA)
    maria.types("/bro settings")
    maria.submits()
    person = replace(known(town, MARIA), language=code)
    form = town.desk.reporting.begin(person, KIND, "").form
    assert view_problems(view_of(form, language(code)), "modal", lambda _file: True) == []


@pytest.mark.parametrize("line", [LINE, f"/bro {LINE.removeprefix('/')}"])
def test_a_project_that_two_municipalities_report_counts_once(town, line):
    maria, johan = town.person(MARIA), town.person(JOHAN)
    maria.types(line)
    maria.submits()
    johan.types(f"{line}, Hallsberg")
    johan.submits()
    same = johan.modal.fields["same_as"]
    johan.fills(same_as=same.options[0])
    johan.submits()
    town.settle()
    assert "S2" in maria.dm[-1].words
    johan.types("/okr S2")
    assert sv("{value} of {target}", value=1, target=3) in johan.dm[-1].words
    assert johan.dm[-1].words.count("Gemensam bygglovsguide") == 1
