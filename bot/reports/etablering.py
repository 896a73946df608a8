"""Establishment inquiries (etableringsförfrågningar): a company looks for a place.

The fields follow the usual request for information in the field (Kentucky's RFI toolkit, Area
Development Q4 2019). What comes after it stands beside this file, each step a kind of its own.
"""

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, field_validator

from bot.asking import (
    Amount,
    Ask,
    Choice,
    Day,
    Flag,
    Line,
    Listed,
    Members,
    Money,
    Option,
    PersonPicker,
    Prose,
    TimeOfDay,
    Whole,
)
from bot.forms import NO_TIME, refusal
from bot.language import N_, Language
from bot.numerals import Kronor, Number
from bot.numerals import Whole as WholeNumber
from bot.reports.report import Names, Past, Report, Secrecy, Wording


class Purpose(StrEnum):
    NEW = "new"
    EXPANSION = "expansion"
    MOVE = "move"


PURPOSES = (
    Option(Purpose.NEW, N_("New establishment"), ("nyetablering",)),
    Option(Purpose.EXPANSION, N_("Expansion"), ("expansion", "utbyggnad")),
    Option(Purpose.MOVE, N_("Move"), ("flytt",)),
)
NEEDS = (
    Option("land", N_("Land"), ("mark", "tomt")),
    Option("building", N_("Building"), ("byggnad", "lokal", "lokaler")),
    Option("power", N_("Electric power"), ("el", "effekt", "power")),
    Option("water", N_("Water and sewage"), ("vatten", "avlopp", "va")),
    Option("rail", N_("Railway"), ("järnväg", "rail")),
    Option("port", N_("Port"), ("hamn",)),
    Option("air", N_("Airport"), ("flyg", "flygplats")),
    Option("fibre", N_("Fibre"), ("fiber",)),
    Option("heat", N_("Gas or district heating"), ("gas", "fjärrvärme")),
)

_COMPANY = re.compile(
    r"(?<!\w)(?:AB|A\.B\.|[Aa]ktiebolag(?:et)?|HB|KB|Inc|Ltd|LLC|GmbH|AG|SE|Oyj?|A/S|ASA|Corp|plc"
    r"|S\.A\.|BV|NV)(?!\w)"
)
"""Legal forms: what stands beside one is a company's own name."""


class Inquiry(Report):
    kind: ClassVar[str] = "etablering"
    asks_as: ClassVar[str] = N_("Register an inquiry")
    verbs: ClassVar[tuple[str, ...]] = ("inquiry", "förfrågan")
    wording: ClassVar[Wording] = Wording(
        one=N_("establishment inquiry"),
        many=N_("establishment inquiries"),
        example=N_(
            "Project Falcon 15 ha 40 msek answer by 3 December Kumla, Hallsberg confidential"
        ),
        purpose=N_("Register an establishment inquiry and ask municipalities for an answer"),
    )

    code_name: Annotated[
        str,
        Field(max_length=80),
        Ask(
            N_("Code name"),
            Line(80),
            titles=True,
            hint=N_("Never the company's own name."),
            names=("kodnamn", "projekt", "projektnamn"),
        ),
    ]
    asked: Annotated[
        tuple[str, ...],
        Field(min_length=1),
        Ask(
            N_("Municipalities to ask"),
            Members(everyone=("till alla", "fråga alla", "to all", "ask all")),
            hint=N_("Their contacts get the inquiry at once, and the clock starts."),
            names=("kommun", "kommuner", "tillfrågade"),
        ),
    ]
    confidential: Annotated[
        bool,
        Ask(
            N_("Confidentiality"),
            Flag(N_("Confidential: counted, but named only to those who are in the case")),
            names=(
                *("sekretess", "sekretessbelagd", "sekretessbelagt", "sekretessbelagda"),
                *("sekretessärende", "sekretesskyddad", "sekretesskyddat", "sekretesskyddade"),
                *("sekretessklassad", "sekretessklassat", "konfidentiell", "konfidentiellt"),
                *("konfidentiella", "hemlig", "hemligt", "hemliga", "hemligstämplad"),
                *("hemligstämplat", "confidential", "secret"),
            ),
        ),
    ] = False
    received_on: Annotated[
        date,
        Ask(
            N_("Received"),
            Day(
                past=True,
                today=True,
                told_by=("inkom", "inkommen", "inkommet", "kom in", "mottagen", "received"),
            ),
            names=("inkom", "mottagen"),
        ),
    ]
    received_at: Annotated[time | None, Ask(N_("Time received"), TimeOfDay(), names=("tid",))] = (
        None
    )
    answer_due: Annotated[
        date | None,
        Ask(
            N_("Answer due"),
            Day(
                leads=(
                    *("svar senast", "svara senast", "senast", "svar före", "svar till", "svar"),
                    *(
                        "svarsdatum",
                        "sista dag",
                        "deadline",
                        "answer by",
                        "answer due",
                        "due",
                        "by",
                    ),
                )
            ),
            hint=N_("If the company has set a date. Otherwise the plan's number of days."),
            names=("svarsdatum", "svar senast", "deadline"),
        ),
    ] = None
    source: Annotated[
        str | None, Ask(N_("Source"), Listed("sources", required=True), names=("källa", "från"))
    ] = None
    purpose: Annotated[Purpose, Ask(N_("Type"), Choice(PURPOSES), names=("typ",))] = Purpose.NEW
    area: Annotated[
        str | None, Ask(N_("Area"), Listed("areas"), names=("område", "bransch", "målområde"))
    ] = None
    leaders: Annotated[
        tuple[str, ...],
        Field(max_length=20),
        Ask(N_("Leaders who may know"), PersonPicker(several=True)),
    ] = ()
    needs: Annotated[
        tuple[str, ...], Ask(N_("Needs"), Choice(NEEDS, several=True), names=("behov",))
    ] = ()
    land_ha: Annotated[
        Number | None, Ask(N_("Land (hectares)"), Amount(("ha", "hektar", "hectares", "hectare")))
    ] = None
    building_m2: Annotated[
        Number | None, Ask(N_("Building (m²)"), Amount(("m2", "m²", "kvm", "kvadratmeter", "sqm")))
    ] = None
    power_mw: Annotated[Number | None, Ask(N_("Power (MW)"), Amount(("mw", "megawatt")))] = None
    jobs: Annotated[
        WholeNumber | None,
        Field(ge=0, le=100_000),
        Ask(
            N_("Jobs"),
            Whole(0, 100_000, ("jobb", "arbetstillfällen", "anställda", "jobs")),
            names=("antal jobb",),
        ),
    ] = None
    investment_sek: Annotated[
        Kronor | None,
        Ask(
            N_("Investment (SEK)"),
            Money(usual=50_000_000),
            hint=N_("For example 40 000 000 or 1,16 mkr."),
            names=("investering", "belopp"),
        ),
    ] = None
    company: Annotated[
        str | None,
        Field(max_length=120),
        Ask(
            N_("Company"),
            Line(120),
            hint=N_("Read only by those who are in the case."),
            names=("företag", "bolag"),
        ),
    ] = None
    registry_number: Annotated[
        str | None,
        Field(max_length=60),
        Ask(N_("Registry number"), Line(60), names=("dnr", "diarienummer")),
    ] = None
    notes: Annotated[
        str | None,
        Field(max_length=2000),
        Ask(N_("Notes"), Prose(2000), hint=N_("No personal data, please."), names=("notering",)),
    ] = None
    asked_since: dict[str, date] = Field(default={}, max_length=400)
    """Since when each municipality has been asked: the day its clock starts. Nobody types it."""

    @field_validator("asked", "leaders", "needs")
    @classmethod
    def _each_once(cls, several: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(several))

    @field_validator("needs")
    @classmethod
    def _offered_needs(cls, needs: tuple[str, ...]) -> tuple[str, ...]:
        if not {*needs} <= {option.value for option in NEEDS}:
            raise refusal("needs", N_("Choose from the list."))
        return needs

    @field_validator("received_at")
    @classmethod
    def _by_the_wall_clock(cls, at: time | None) -> time | None:
        if at is not None and at.tzinfo is not None:
            raise refusal("zone", NO_TIME)
        return at

    @field_validator("answer_due")
    @classmethod
    def _due_afterwards(cls, due: date | None, info: ValidationInfo) -> date | None:
        received = info.data.get("received_on")
        if due and received and due < received:
            raise refusal("due", N_("The answer cannot be due before the inquiry was received."))
        return due

    @property
    def day(self) -> date:
        return self.received_on

    @property
    def secrecy(self) -> Secrecy:
        return Secrecy(
            confidential=self.confidential,
            restricted=self.company is not None,
            homes=frozenset(self.asked),
            people=frozenset(self.leaders),
        )

    def headline(self) -> str:
        return self.code_name

    def sentences(self, language: Language, names: Names) -> tuple[str, ...]:
        return tuple(self._sentences(language, names))

    def _sentences(self, language: Language, names: Names) -> Iterator[str]:
        t = language.t
        kind = [t(next(o.label for o in PURPOSES if o.value == self.purpose))]
        kind += [names.entry("areas", self.area)] if self.area else []
        kind += [names.entry("sources", self.source)] if self.source else []
        yield " · ".join(kind)
        if wanted := ", ".join(self._wanted(language)):
            yield t("Needs: {needs}", needs=wanted)
        if self.jobs is not None:
            yield language.n("{count} job", "{count} jobs", self.jobs)
        if self.investment_sek is not None:
            yield t("Investment: {amount}", amount=language.money(self.investment_sek))
        asked = language.listed(names.places(self.asked))
        yield t("Asked: {places}", places=asked)
        if self.registry_number:
            yield t("Registry number: {number}", number=self.registry_number)
        if self.notes:
            yield self.notes

    def _wanted(self, language: Language) -> Iterator[str]:
        sizes: dict[str, tuple[Decimal | None, str]] = {
            "land": (self.land_ha, "ha"),
            "building": (self.building_m2, "m²"),
            "power": (self.power_mw, "MW"),
        }
        for option in NEEDS:
            size, unit = sizes.get(option.value, (None, ""))
            if size is not None:
                yield f"{language.t(option.label).lower()} {language.number(size, 2)} {unit}"
            elif option.value in self.needs:
                yield language.t(option.label).lower()

    def inside(self, language: Language) -> tuple[str, ...]:
        return (language.t("Company: {name}", name=self.company),) if self.company else ()

    def settled(self, past: Past) -> Self:
        known = past.before.asked_since if isinstance(past.before, Inquiry) else {}
        since = {home: known.get(home, past.today) for home in self.asked}
        return self.model_copy(update={"asked_since": since})

    def objections(self, past: Past, language: Language, names: Names) -> dict[str, str]:
        """A correction is held against what has come of the inquiry since."""
        found = {}
        first = min((recorded.day for recorded, _ in past.steps), default=None)
        if first and self.received_on > first:
            day = language.day(first)
            found["received_on"] = language.t("Something in the case happened on {day}.", day=day)
        landed = {getattr(report, "municipality", None) for _, report in past.steps} - {None}
        for home in landed - {*self.asked}:
            place = names.place(str(home))
            found["asked"] = language.t("{place} is where it landed. Keep it.", place=place)
        return found

    def doubts(self, language: Language) -> tuple[str, ...]:
        bare = _COMPANY.sub("", self.company or "").strip(" ,.").casefold()
        named = bare and bare in self.code_name.casefold()
        if not (named or _COMPANY.search(self.code_name)):
            return ()
        return (
            language.t(
                "The code name “{title}” looks like a company's own name. Everybody who may know "
                "of the case will read it.",
                title=self.code_name,
            ),
        )
