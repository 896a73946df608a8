"""A small language for saying what a JSON value must look like.

A rule yields one `Problem` for each thing that is wrong, worded as Slack words it and with the
JSON pointer of the place.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    text: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.text} [json-pointer:{self.pointer}]"


Rule = Callable[[Any, str], Iterator[Problem]]


def string(most: int, least: int = 1, pattern: str = "", form: str = "") -> Rule:
    """A string of `least` to `most` characters; `form` says in words what `pattern` demands."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", at)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", at)
        elif len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", at)
        elif pattern and not re.fullmatch(pattern, value):
            yield Problem(f"must be {form}", at)

    return check


def whole(least: int, most: int) -> Rule:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("must provide a number", at)
        elif not least <= value <= most:
            yield Problem(f"must be between {least} and {most}", at)

    return check


def boolean(value: Any, at: str) -> Iterator[Problem]:
    if not isinstance(value, bool):
        yield Problem("must provide a boolean", at)


def anything(value: Any, at: str) -> Iterator[Problem]:  # noqa: ARG001 - the shape of a rule
    return iter(())


def choice(*allowed: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem(f"must be one of: {', '.join(allowed)}", at)

    return check


def array(item: Rule, most: int, least: int = 1) -> Rule:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", at)
            return
        if len(value) > most:
            yield Problem(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", at)
        for place, each in enumerate(value):
            yield from item(each, f"{at}/{place}")

    return check


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    rules = {**required, **(optional or {})}

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
            return
        yield from (Problem(f"missing required field: {k}", at) for k in required if k not in value)
        for key, each in value.items():
            rule = rules.get(key)
            if rule is None:
                yield Problem(f"invalid additional property: {key}", at)
            else:
                yield from rule(each, f"{at}/{key}")

    return check


def by_type(variants: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule it must keep."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", at)
        elif (rule := variants.get(str(value.get("type")))) is None:
            yield Problem(f"unsupported type: {value.get('type')}", f"{at}/type")
        else:
            yield from rule(value, at)

    return check


def every(*rules: Rule) -> Rule:
    """All of the rules; the later ones only look at a value that kept the earlier ones."""

    def check(value: Any, at: str) -> Iterator[Problem]:
        for rule in rules:
            problems = list(rule(value, at))
            yield from problems
            if problems:
                return

    return check


def exactly_one(*keys: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if len([key for key in keys if key in value]) != 1:
            yield Problem(f"must define either {' or '.join(f'`{key}`' for key in keys)}", at)

    return check


def at_least_one(*keys: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[Problem]:
        if not any(key in value for key in keys):
            yield Problem(f"must define either {' or '.join(f'`{key}`' for key in keys)}", at)

    return check


def unique(names: Iterable[tuple[str, str]], what: str) -> Iterator[Problem]:
    """`names` are (name, pointer); each name after its first use is a problem."""
    seen: set[str] = set()
    for name, at in names:
        if name in seen:
            yield Problem(f"`{what}` must be unique: {name}", at)
        seen.add(name)
