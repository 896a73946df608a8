"""From a model to a neutral form, and from answers back to the model or {field: sentence}."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.asking import (
    Answers,
    Ask,
    Choice,
    Day,
    Field,
    Flag,
    Input,
    Listed,
    Members,
    Money,
    RawAnswers,
    Supplied,
)
from bot.language import N_, Language
from bot.numerals import NO_WHOLE
from bot.pages import Part

A = TypeVar("A", bound=Answers)

Errors = dict[str, str]
"""A sentence in the reader's language for each field that has something wrong with it."""

Options = tuple[tuple[str, str], ...]
"""(value, words), ready to be shown."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a field's rules may depend on besides the answers themselves."""

    language: Language
    today: date
    earliest: date
    """The first day that is reported on: what happened before it is not."""
    members: Mapping[str, str]
    """Municipality codes and names, in the order in which they are offered."""
    lists: Mapping[str, Options] = field(default_factory=dict)
    """What the plan's lists offer, by the list's name."""


@dataclass(frozen=True, slots=True)
class FormField:
    name: str
    label: str
    hint: str
    input: Input
    required: bool
    options: Options = ()
    value: str | tuple[str, ...] | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that any door can draw.

    `name` says which answers come back, `about` what they are about (a report's id, say); both
    come back with the answers and are not to be trusted any more than those.
    """

    name: str
    title: str
    submit: str
    fields: tuple[FormField, ...] = ()
    intro: tuple[Part, ...] = ()
    above: bool = False
    """Whether it stands above another form, to which one goes back."""
    about: Mapping[str, str] = field(default_factory=dict)

    def with_errors(self, errors: Errors) -> "Form":
        marked = (replace(each, error=errors.get(each.name, "")) for each in self.fields)
        return replace(self, fields=tuple(marked))


def refusal(code: str, sentence: str, /, **values: Any) -> PydanticCustomError:
    """What a field's rule raises. `sentence` is an English msgid, `values` fill it."""
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence, "values": values})


def form_fields(
    fields: tuple[Field, ...],
    values: RawAnswers,
    situation: Situation,
    supplied: Mapping[str, Options] | None = None,
) -> tuple[FormField, ...]:
    """Each field with its words and options in the reader's language and its value filled in."""
    return tuple(
        _form_field(each, values, situation, (supplied or {}).get(each.name, ()))
        for each in fields
        if not _is_without_list(each.ask.input, situation)
    )


def _is_without_list(asked: Input, situation: Situation) -> bool:
    return isinstance(asked, Listed) and not situation.lists.get(asked.name)


def _form_field(
    each: Field, values: RawAnswers, situation: Situation, supplied: Options
) -> FormField:
    t = situation.language.t
    return FormField(
        name=each.name,
        label=t(each.ask.label),
        hint=t(each.ask.hint),
        input=each.ask.input,
        required=each.required or (isinstance(each.ask.input, Listed) and each.ask.input.required),
        options=supplied or _options(each.ask.input, situation),
        value=_worded(values.get(each.name, each.default), each.ask.input, situation.language),
    )


def _worded(value: Any, asked: Input, language: Language) -> str | tuple[str, ...] | None:
    """An amount of money is easier to check with its thousands apart."""
    digits = str(value)
    if isinstance(asked, Money) and digits.isascii() and digits.isdigit() and len(digits) <= 18:  # noqa: PLR2004 - more is no amount
        return language.number(int(digits))
    return _shown(value)


def _options(asked: Input, situation: Situation) -> Options:
    t = situation.language.t
    match asked:
        case Choice(options=options):
            return tuple((option.value, t(option.label)) for option in options)
        case Members():
            return tuple(situation.members.items())
        case Listed(name=name):
            return situation.lists.get(name, ())
        case Flag(words=words):
            return (("true", t(words)),)
    return ()


def _shown(value: Any) -> str | tuple[str, ...] | None:
    match value:
        case None | "" | False:
            return None
        case True:
            return "true"
        case list() | tuple() | frozenset():
            return tuple(str(item) for item in value)
    return value if isinstance(value, str) else str(value)


def read(
    model: type[A],
    raw: RawAnswers,
    situation: Situation,
    supplied: Mapping[str, Options] | None = None,
) -> A | Errors:
    """The one way in: typed, or a sentence at each field that cannot be read.

    `supplied` are the options that the form was made with, as for `form_fields`.
    """
    fields = {each.name: each.ask for each in model.fields()}
    errors = dict(_unoffered(fields, raw, situation, supplied or {}))
    written = {name: _written(value) for name, value in raw.items()}
    filled = {name: value for name, value in written.items() if value not in ("", None, [], ())}
    try:
        answers = model.model_validate(filled, context=situation)
    except ValidationError as problem:
        for detail in problem.errors(include_url=False):
            name = str(detail["loc"][0])
            errors.setdefault(name, _sentence(detail, fields.get(name), situation.language))
        return errors
    errors |= dict(_untimely(fields, answers, situation))
    return errors or answers


def _untimely(
    asks: Mapping[str, Ask], answers: Answers, situation: Situation
) -> Iterator[tuple[str, str]]:
    """What has happened has happened by now, and in the plan's time."""
    t = situation.language.t
    for name, ask in asks.items():
        day = getattr(answers, name)
        if not (isinstance(ask.input, Day) and ask.input.past and day):
            continue
        if day > situation.today:
            yield name, t("That day is still to come. Change the date, or report afterwards.")
        elif day < situation.earliest:
            first = situation.language.day(situation.earliest)
            yield name, t("Reports are taken from {day} on. Choose a later day.", day=first)


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters: nobody types them, and not every database, JSON
parser or screen stands them. Line ends and tabs remain."""


def _written(value: Any) -> Any:
    return _UNWRITABLE.sub("", value).strip() if isinstance(value, str) else value


def _unoffered(
    asks: Mapping[str, Ask],
    raw: RawAnswers,
    situation: Situation,
    supplied: Mapping[str, Options],
) -> Iterator[tuple[str, str]]:
    """What was not among the options, whatever a door let through."""
    for name, ask in asks.items():
        match ask.input:
            case Members():
                offered = set(situation.members)
            case Listed(name=list_name, required=required):
                offered = {value for value, _ in situation.lists.get(list_name, ())}
                if required and offered and raw.get(name) in (None, "", [], ()):
                    yield name, situation.language.t(FILL_IN)
            case Supplied():
                offered = {value for value, _ in supplied.get(name, ())}
            case _:
                continue
        given = raw.get(name)
        several = given if isinstance(given, list | tuple | set) else [given] if given else []
        if not all(isinstance(each, str) and each in offered for each in several):
            yield name, situation.language.t("Choose from the list.")


FILL_IN = N_("Please fill this in.")
NO_TIME = N_("That is not a time. Write it as 08:30.")

SENTENCES: Mapping[str, str] = {
    "missing": FILL_IN,
    "string_too_long": N_("Shorten this to at most {max_length} characters."),
    "string_too_short": FILL_IN,
    "string_type": N_("Write it as text."),
    "string_unicode": N_("Write it as text."),
    "too_short": N_("Choose at least one."),
    "too_long": N_("Choose at most {max_length}."),
    "date_from_datetime_parsing": N_("That is not a date. Write it as 2026-03-12."),
    "date_parsing": N_("That is not a date. Write it as 2026-03-12."),
    "date_type": N_("That is not a date. Write it as 2026-03-12."),
    "date_from_datetime_inexact": N_("That is not a date. Write it as 2026-03-12."),
    "time_parsing": NO_TIME,
    "time_type": NO_TIME,
    "int_parsing": NO_WHOLE,
    "int_parsing_size": N_("Write a smaller number."),
    "int_from_float": NO_WHOLE,
    "finite_number": NO_WHOLE,
    "int_type": NO_WHOLE,
    "greater_than_equal": N_("Write {ge} or more."),
    "less_than_equal": N_("Write {le} or less."),
    "enum": N_("Choose from the list."),
    "literal_error": N_("Choose from the list."),
    "tuple_type": N_("Choose from the list."),
    "dict_type": N_("Choose from the list."),
    "bool_parsing": N_("Choose from the list."),
    "bool_type": N_("Choose from the list."),
    "extra_forbidden": N_("Choose from the list."),
}
"""Our sentence for each of pydantic's errors that a form can meet. A test holds it complete."""
_LIMITS = frozenset(("ge", "le", "max_length"))


def _sentence(detail: ErrorDetails, ask: Ask | None, language: Language) -> str:
    context = detail.get("ctx", {})
    own = context.get("sentence")
    if own is not None:
        return language.t(own, **context["values"])
    number = language.exact_money if ask and isinstance(ask.input, Money) else language.number
    limits = {name: number(value) for name, value in context.items() if name in _LIMITS}
    known = SENTENCES[detail["type"]]
    return language.t(known, **{**context, **limits})


def packed(form: Form) -> str:
    """The form's name and subject as one text that a door can carry along."""
    return json.dumps({"form": form.name, **form.about}, ensure_ascii=False)


def unpacked(text: str) -> tuple[str, dict[str, str]]:
    """Raises ValueError if the text is not ours."""
    about = json.loads(text)
    try:
        return about.pop("form"), about
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a form of ours") from error
