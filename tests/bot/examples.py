"""What the tests of the plan share: the two plan files, and reports written in one line."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import count
from pathlib import Path

from bot.ledger.recorded import Recorded
from bot.plan.loader import load_plan
from bot.plan.model import Plan
from bot.reports import kinds

ROOT = Path(__file__).parents[2]
PLANS = {
    "bro": ROOT / "bot/plan/bro-2026-2027.toml",
    "goteborg": ROOT / "tests/plans/goteborg.toml",
}
KINDS = {name: frozenset(kind.model_fields) for name, kind in kinds().items()}
_LINE = re.compile(r"(?:(?P<times>\d+)× )?(?P<day>\S+) (?P<members>\S+)(?P<answers>.*)")


@cache
def plan_called(name: str) -> Plan:
    return load_plan(PLANS[name], KINDS)


BRO = plan_called("bro")


def report(
    id_: int, day: date, *members: str, kind: str = "workshop", case: str = "", **answers: object
) -> Recorded:
    return Recorded(
        id=id_,
        case=case or f"case-{id_}",
        kind=kind,
        day=day,
        members=members,
        answers=answers,
        reporter="U1",
        home=members[0] if members else "bro",
        recorded_at=datetime.combine(day, time(12), UTC) + timedelta(seconds=id_),
    )


def reports_in(text: str, plan: Plan, kind: str, every: str = "") -> list[Recorded]:
    """`3× 2026-05-05 Kumla+Nora form=workshop; 2026-06-01 - case=a`, as the golden page has it."""
    codes = {member.name.replace(" ", "_"): member.code for member in plan.members}
    ids, found = count(1), []
    for line in filter(None, map(str.strip, text.split(";"))):
        match = _LINE.fullmatch(line)
        assert match, line
        names = [] if match["members"] == "-" else match["members"].split("+")
        answers = dict(_answers(every) | _answers(match["answers"]))
        case = str(answers.pop("case", ""))
        for _ in range(int(match["times"] or 1)):
            members = [codes[name] for name in names]
            day = date.fromisoformat(match["day"])
            found.append(report(next(ids), day, *members, kind=kind, case=case, **answers))
    return found


def _answers(text: str) -> dict[str, object]:
    pairs = (pair.split("=") for pair in text.split())
    return {name: _value(value) for name, value in pairs}


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    if "/" in text:
        return text.split("/")
    try:
        return int(Decimal(text))
    except InvalidOperation:
        return text
