"""Joint workshops, exchanges of experience and trainings: key results S4 and I2."""

from collections.abc import Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from bot.asking import Ask, Choice, Day, Line, Members, Option, Prose, Whole
from bot.language import N_, Language
from bot.numerals import Whole as WholeNumber
from bot.reports.report import Names, Report, Wording


class Form(StrEnum):
    WORKSHOP = "workshop"
    EXCHANGE = "exchange"
    TRAINING = "training"


class Theme(StrEnum):
    SERVICE = "service"
    INVESTMENT = "investment"


FORMS = (
    Option(Form.WORKSHOP, N_("Workshop"), ("workshop", "gemensam workshop", "joint workshop")),
    Option(Form.EXCHANGE, N_("Exchange of experience"), ("erfarenhetsutbyte", "utbyte")),
    Option(Form.TRAINING, N_("Training"), ("utbildning", "utbildningsinsats", "kurs", "training")),
)
THEMES = (
    Option(Theme.SERVICE, N_("Business service"), ("näringslivsservice", "service")),
    Option(
        Theme.INVESTMENT,
        N_("Investment and establishment"),
        ("investering och etablering", "investering", "etablering"),
    ),
)

SAME_EVENT_WITHIN = timedelta(days=1)
SAME_TITLE = 0.6


class Workshop(Report):
    kind: ClassVar[str] = "workshop"
    same_within: ClassVar[timedelta] = SAME_EVENT_WITHIN
    asks_as: ClassVar[str] = N_("Report a workshop")
    wording: ClassVar[Wording] = Wording(
        one=N_("workshop"),
        many=N_("workshops"),
        example=N_("Export day for small firms 12 March Kumla, Hallsberg 24 participants"),
        purpose=N_("Report a workshop, an exchange of experience or a training"),
    )

    title: Annotated[
        str, Field(max_length=120), Ask(N_("Title"), Line(120), titles=True, names=("rubrik",))
    ]
    held_on: Annotated[date, Ask(N_("Date"), Day(past=True), names=("när", "dag"))]
    members: Annotated[
        tuple[str, ...],
        Field(min_length=1),
        Ask(
            N_("Municipalities that took part"),
            Members(),
            hint=N_("With two or more it counts as joint."),
            names=("kommun", "kommuner"),
        ),
    ]
    form: Annotated[Form, Ask(N_("Kind"), Choice(FORMS), names=("typ", "form"))] = Form.WORKSHOP
    theme: Annotated[
        Theme,
        Ask(
            N_("Theme"),
            Choice(THEMES, open_list=True),
            hint=N_("The theme decides which key result it counts for."),
            names=("område",),
        ),
    ]
    participants: Annotated[
        WholeNumber | None,
        Field(ge=1, le=5000),
        Ask(
            N_("Participants"),
            Whole(
                *(1, 5000),
                (
                    "deltagare",
                    "delt",
                    "delt.",
                    "personer",
                    "pers",
                    "pers.",
                    "participants",
                    "people",
                ),
                ("företagare",),
            ),
            names=("antal", "deltagare"),
        ),
    ] = None
    host: Annotated[
        str | None, Field(max_length=120), Ask(N_("Host"), Line(120), names=("arrangör",))
    ] = None
    notes: Annotated[
        str | None,
        Field(max_length=2000),
        Ask(N_("Notes"), Prose(2000), hint=N_("No personal data, please."), names=("notering",)),
    ] = None

    @field_validator("members")
    @classmethod
    def _each_once(cls, members: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(members))

    @property
    def day(self) -> date:
        return self.held_on

    @property
    def credited(self) -> tuple[str, ...]:
        return self.members

    def headline(self) -> str:
        return self.title

    def told_as(self, language: Language) -> str:
        if self.form is Form.WORKSHOP:
            return language.t(self.wording.one)
        label = next(option.label for option in FORMS if option.value == self.form)
        return language.inline(language.t(label))

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        return tuple(self._sentences(language, names))

    def _sentences(self, language: Language, names: Names) -> Iterator[str]:
        form = next(option.label for option in FORMS if option.value == self.form)
        if self.form is Form.WORKSHOP and len(self.members) > 1:
            form = N_("Joint workshop")
        theme = next(option.label for option in THEMES if option.value == self.theme)
        yield f"{language.t(form)} · {language.t(theme)}"
        yield language.listed(names.places(self.members))
        if self.participants is not None:
            yield language.n("{count} participant", "{count} participants", self.participants)
        if self.host:
            yield language.t("Host: {host}", host=self.host)
        if self.notes:
            yield self.notes

    def like(self, other: Report) -> bool:
        if not isinstance(other, Workshop) or self.theme != other.theme:
            return False
        if abs(self.held_on - other.held_on) > SAME_EVENT_WITHIN:
            return False
        shared = bool(set(self.members) & set(other.members))
        return shared or _alike(self.title, other.title)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= SAME_TITLE
