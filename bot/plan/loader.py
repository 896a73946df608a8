"""From a plan file to a plan, or to every problem in it: file, line, key, sentence."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.plan import model as parts
from bot.plan.checks import Fault, Kinds, did_you_mean, faults_of
from bot.plan.lines import Path, line_of, lines_of
from bot.plan.model import Plan
from bot.undone import UndoneError

_AT_LINE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)

_SENTENCES = {
    "missing": "is missing.",
    "extra_forbidden": "is not a key here.",
    "string_type": "must be text in quotation marks.",
    "string_too_short": "must not be empty.",
    "string_pattern_mismatch": "must be letters, digits, hyphens and underscores only.",
    "int_type": "must be a whole number.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "bool_type": "must be true or false.",
    "bool_parsing": "must be true or false.",
    "decimal_type": "must be a number.",
    "decimal_parsing": "must be a number.",
    "greater_than": "must be more than {gt}.",
    "greater_than_equal": "must be at least {ge}.",
    "less_than_equal": "must be at most {le}.",
    "date_type": "must be a date, such as 2026-01-31.",
    "date_parsing": "must be a date, such as 2026-01-31.",
    "date_from_datetime_parsing": "must be a date, such as 2026-01-31.",
    "date_from_datetime_inexact": "must be a date without a time of day.",
    "time_type": 'must be a time of day, such as "08:00".',
    "time_parsing": 'must be a time of day, such as "08:00".',
    "zoneinfo_str": 'must be a time zone, such as "Europe/Stockholm".',
    "enum": "must be {expected}.",
    "literal_error": "must be {expected}.",
    "union_tag_invalid": "must be one of {expected_tags}.",
    "union_tag_not_found": "must say which: {discriminator} is missing.",
    "tuple_type": "must be a list in square brackets.",
    "too_short": "must not be empty.",
    "dict_type": "must be a table.",
    "mapping_type": "must be a table.",
    "model_type": "must be a table.",
    "model_attributes_type": "must be a table.",
}
"""Pydantic's error type → our sentence (https://docs.pydantic.dev/latest/errors/validation_errors/)."""

_SENTENCES_FOR_KEY = {
    "email_domains": 'must be a domain in small letters, such as "kumla.se".',
    "by": 'must be a date, or month and day such as "06-30".',
    "target": 'must be a number or "all".',
    "period": 'must be "year", "half_year", "quarter", "plan" or "rolling 12 months".',
    "whom": 'must be "members", "office" or a list of codes.',
}
"""Where a key takes more than one type, its own sentence says it better."""


class PlanError(UndoneError):
    """A plan file that cannot be used. `problems` says why, each `file:line: key: sentence`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def load_plan(path: FilePath, kinds: Kinds | None = None) -> Plan:
    """The plan in the file.

    `kinds` are the report kinds that exist, with their fields; the file may also name those it
    lists as `planned_kinds`. None: kinds and fields are not checked. Raises PlanError with all
    problems.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PlanError([_syntax(path, text, error)]) from None
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        raise PlanError(_said(path, text, data, _faults(error, data))) from None
    if faults := faults_of(plan, kinds):
        raise PlanError(_said(path, text, data, faults))
    return plan


def _text(path: FilePath) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(
            [f"{path}: is no text that can be read ({type(error).__name__})."]
        ) from None


def _syntax(path: FilePath, text: str, error: tomllib.TOMLDecodeError) -> str:
    found = _AT_LINE.match(str(error))
    line = (found and found[2]) or text.count("\n") + 1
    return f"{path}:{line}: not valid TOML: {found[1] if found else error}."


def _said(path: FilePath, text: str, data: Any, faults: Iterable[Fault]) -> list[str]:
    lines = lines_of(text)
    placed = sorted({(line_of(f.path, lines), _key(f.path, data), f.sentence) for f in faults})
    return [f"{path}:{line}: {key}: {sentence}" for line, key, sentence in placed]


def _key(path: Path, data: Any) -> str:
    """`key_results[S4].target`: an entry is called by its id or code, else by its number."""
    said = ""
    for part in path:
        data = _inside(data, part)
        if isinstance(part, int):
            entry = data if isinstance(data, Mapping) else {}
            said += f"[{entry.get('id') or entry.get('code') or part + 1}]"
        else:
            said += f".{part}" if said else part
    return said


def _inside(data: Any, part: str | int) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _inside_all(data: Any, path: Path) -> Any:
    for part in path:
        data = _inside(data, part)
    return data


# --- What pydantic found


def _faults(error: ValidationError, data: Any) -> list[Fault]:
    # A value that fits none of several types is reported once for each: the first is enough.
    first: dict[Path, Fault] = {}
    for details in error.errors(include_url=False):
        path = _path(details["loc"], data, missing=details["type"] == "missing")
        # A list whose only entry is faulty is also reported as too short.
        if details["type"] != "too_short" or not _inside_all(data, path):
            first.setdefault(path, Fault(path, _sentence(details, path)))
    return list(first.values())


def _path(loc: Path, data: Any, *, missing: bool) -> Path:
    """The place in the file: pydantic's, without the tags it adds for a choice of types."""
    path: Path = ()
    for position, part in enumerate(loc):
        there = _inside(data, part)
        if there is not None or (missing and position == len(loc) - 1):
            path, data = (*path, part), there
    return path


def _sentence(details: ErrorDetails, path: Path) -> str:
    if details["type"] == "extra_forbidden":
        return f"is not a key here.{did_you_mean(str(path[-1]), _known_keys(details['loc']))}"
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    if key in _SENTENCES_FOR_KEY and details["type"] != "missing":
        return _SENTENCES_FOR_KEY[key]
    sentence = _SENTENCES.get(details["type"], f"cannot be used: {details['msg']}.")
    return sentence.format(**details.get("ctx", {}))


def _known_keys(loc: Path) -> list[str]:
    """The keys of the table that pydantic's place leads to."""
    table: type[BaseModel] = Plan
    for part in loc[:-1]:
        if part in _TAGGED:
            table = _TAGGED[str(part)]
        elif part in table.model_fields:
            table = _table_in(table.model_fields[str(part)].annotation) or table
    return list(table.model_fields)


def _table_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _table_in(arg))), None)


_TAGGED: dict[str, type[BaseModel]] = {
    "count": parts.Count,
    "coverage": parts.Coverage,
    "mean_floor": parts.MeanFloor,
    "sum": parts.Sum,
    "ratio": parts.Ratio,
    "distinct": parts.Distinct,
    "stages": parts.Stages,
}
"""The tables that a tag chooses between."""
