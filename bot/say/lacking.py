"""Why a report does not count yet, in words."""

from collections.abc import Iterable, Iterator

from bot.asking import Choice, Field, Listed
from bot.lacking import Lack
from bot.language import N_, Language
from bot.names import PlanNames
from bot.reports import Report

_IN_WORDS = {2: N_("two"), 3: N_("three"), 4: N_("four")}


def reasons(
    lacks: Iterable[Lack], model: type[Report], language: Language, names: PlanNames
) -> Iterator[str]:
    """One for each key result. Where no reason can be named, what is counted is."""
    for each in lacks:
        told = _elsewhere(each, model, language, names) or _missing(each, model, language)
        yield told or _reading(each, language)


def _elsewhere(each: Lack, model: type[Report], language: Language, names: PlanNames) -> str:
    fields = {field.name: field for field in model.fields()}
    about = [
        _either(worded, language)
        for name, values in each.elsewhere.items()
        if name in fields and (worded := _worded(fields[name], values, language, names))
    ]
    if not about or len(about) < len(each.elsewhere):
        return ""
    return language.t(
        "It does not count for {id}, which is about {what}.",
        id=each.key_result.id,
        what=language.listed(about),
    )


def _worded(
    field: Field, values: Iterable[object], language: Language, names: PlanNames
) -> list[str]:
    match field.ask.input:
        case Choice(options=options):
            labels = {option.value: language.t(option.label) for option in options}
        case Listed(name=name):
            labels = dict(names.lists.get(name, ()))
        case _:
            return []
    return [language.inline(labels[str(value)]) for value in values if str(value) in labels]


def _either(words: list[str], language: Language) -> str:
    *others, last = words
    first = ", ".join(others)
    return language.t("{first} or {last}", first=first, last=last) if others else last


def _missing(each: Lack, model: type[Report], language: Language) -> str:
    t, id_ = language.t, each.key_result.id
    if each.needed > 1:
        needed = t(_IN_WORDS.get(each.needed, str(each.needed)))
        return t(
            "It does not count for {id} yet: it takes at least {count} municipalities. Did another "
            "one take part?",
            id=id_,
            count=needed,
        )
    if not each.empty:
        return ""
    labels = {field.name: t(field.ask.label) for field in model.fields()}
    what = language.listed(labels.get(name, name) for name in each.empty)
    return t("It does not count for {id} yet: {what} must be filled in.", id=id_, what=what)


def _reading(each: Lack, language: Language) -> str:
    return language.t(
        "It does not count for {id} yet. What counts: {what}",
        id=each.key_result.id,
        what=language.pick(each.key_result.counted),
    )
