"""Words that must stand before an answer, where a form has several of its kind: "svar senast"."""

from bot.asking import Day, Field, Money
from bot.typed_line.form import Form
from bot.typed_line.neighbours import LEADS
from bot.typed_line.times import before_time
from bot.typed_line.words import Phrase, TypedLine, phrases


def led_from(line: TypedLine, first: int, field: Field, form: Form) -> int | None:
    """Where the answer to this field begins with its lead. None where what stands here is led to
    another field, or lacks the lead that this one asks for."""
    kind = type(field.ask.input)
    starts = {
        other.name: start
        for other in form.fields
        if type(other.ask.input) is kind
        and (start := _lead_before(line, first, _leads(other))) is not None
    }
    if not starts:
        return None if _leads(field) else first
    nearest = min(starts, key=lambda name: starts[name])  # "svar senast" before "senast"
    return starts[nearest] if nearest == field.name else None


def follows_lead_of_money(line: TypedLine, first: int, form: Form) -> bool:
    kinds = (field for field in form.fields if isinstance(field.ask.input, Money))
    return any(_lead_before(line, first, _leads(field)) is not None for field in kinds)


def _leads(field: Field) -> frozenset[Phrase]:
    kind = field.ask.input
    return phrases(*kind.leads) if isinstance(kind, Day | Money) else frozenset()


def _lead_before(line: TypedLine, first: int, leads: frozenset[Phrase]) -> int | None:
    """Straight before it, or with a colon, a small word or a time of day between: "deadline: 3
    december", "senast kl 12 den 3 december"."""
    for stop in (first, line.before(first, LEADS), before_time(line, first)):
        stop_of_words = stop - (line.at(stop - 1).key == ":")
        start = line.before(stop_of_words, leads)
        if start < stop_of_words:
            return start
    return None


def told_from(line: TypedLine, first: int, field: Field) -> int | None:
    """Where a day begins with the word that may tell of it: "inkom den 3 juni"."""
    kind = field.ask.input
    return told_before(line, first, kind) if isinstance(kind, Day) else None


def told_before(line: TypedLine, first: int, kind: Day) -> int | None:
    return _lead_before(line, first, phrases(*kind.told_by))
