"""The form for a report, with the questions that come on top of the report's own fields."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from pydantic import Field as Limits

from bot.asking import (
    Answers,
    Ask,
    Day,
    Field,
    Listed,
    Members,
    Option,
    Prose,
    RawAnswers,
    Supplied,
)
from bot.desk.homes import likely_home
from bot.desk.setup import Setup
from bot.forms import Errors, Form, Options, form_fields
from bot.language import N_
from bot.measures import Case
from bot.pages import Part, Strong, note, text
from bot.people import Person, home_by_email
from bot.reports import Report
from bot.rights import Action, may
from bot.say.reports import Voice
from bot.typed_line import LineContext, read_line

HOME = "home"
SAME = "same_as"
SURE = "sure"
FOR = "for"
"""Which municipality an answer is recorded for; among what came with the form, all that it may be,
parted by spaces."""
NEW_EVENT = "new"
CHANGES = N_("Change the report")
"""The title of a form that changes one: at most 24 characters in every language."""

_HOME_QUESTION = Field(
    HOME,
    Ask(
        N_("Which municipality do you work for?"),
        Supplied(),
        hint=N_("Asked once. If your e-mail address does not show it, an admin confirms it."),
    ),
    required=True,
)
_SAME_QUESTION = Field(
    SAME, Ask(N_("Is it the same event?"), Supplied(open_list=True)), required=True
)
_FOR_QUESTION = Field(
    FOR,
    Ask(
        N_("Which municipality has answered?"),
        Supplied(),
        hint=N_("By phone, say. It becomes their answer, told by you; they can complete it."),
    ),
    required=True,
)
_SURE_QUESTION = Field(
    SURE,
    Ask(
        N_("Is it right as it stands?"),
        Supplied(open_list=True),
        hint=N_("If not, change it below."),
    ),
    required=True,
)


class Withdrawal(Answers):
    asks_as: ClassVar[str] = N_("Withdraw the report")

    why: Annotated[
        str | None,
        Limits(max_length=300),
        Ask(N_("Why?"), Prose(300), hint=N_("Kept with the report, which stays on record.")),
    ] = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked on top of a report's own questions.

    `alike` are cases that it may belong to, as options; `doubts` sentences about what may be a
    slip, and `doubted` stands for just these in the answer; `case` tells of the case that it is a
    step in.
    """

    alike: Options = ()
    doubts: tuple[str, ...] = ()
    doubted: str = ""
    case: tuple[Part, ...] = ()


NOTHING_MORE = Asked()


@dataclass(frozen=True, slots=True)
class ReportForms:
    setup: Setup = field(repr=False)

    def from_line(self, person: Person, model: type[Report], line: str) -> Form:
        """Filled in with what the line says, and beyond that with what is known of the person."""
        reader = self.setup.language_of(person)
        understood = read_line(line, model.fields(), self.line_context(person, model), reader.t)
        return self.form(person, model, {**self.known(person, model), **understood}, {})

    def form(
        self,
        person: Person,
        model: type[Report],
        values: RawAnswers,
        about: dict[str, str],
        asked: Asked = NOTHING_MORE,
    ) -> Form:
        situation = self.setup.situation(person, model.kind)
        t = situation.language.t
        homeless = not (person.confirmed or "report" in about or "case" in about)
        questions = (
            *((_SAME_QUESTION,) if asked.alike else ()),
            *((_SURE_QUESTION,) if asked.doubts else ()),
            *((_HOME_QUESTION,) if homeless else ()),
            *((_FOR_QUESTION,) if FOR in about else ()),
        )
        homes = self.setup.names(situation.language).homes
        supplied = {
            HOME: tuple(homes.items()),
            FOR: tuple(each for each in homes.items() if each[0] in about.get(FOR, "").split()),
            SAME: asked.alike,
            SURE: ((asked.doubted, t("Yes, it is right")),),
        }
        return Form(
            name=model.kind,
            title=t(CHANGES) if "report" in about else t(model.asks_as),
            submit=t("Save"),
            intro=tuple(self._intro(asked, person)),
            fields=form_fields(
                (*questions, *model.fields()),
                {HOME: likely_home(person, self.setup.plan), **values},
                situation,
                supplied,
            ),
            about=about,
        )

    def _intro(self, asked: Asked, person: Person) -> tuple[Part, ...]:
        t = self.setup.language_of(person).t
        same = N_(
            "Something like this has been reported already. An event is counted once and "
            "credited to all who took part."
        )
        told = (text(t(same)),) if asked.alike else ()
        return (*asked.case, *told, *(text(doubt) for doubt in asked.doubts))

    def homeless(self, person: Person, answers: RawAnswers, *, known: bool) -> Errors:
        """What is wrong with the answer to whom somebody unconfirmed speaks for."""
        reader = self.setup.language_of(person)
        if person.confirmed or known or answers.get(HOME) in self.setup.names(reader).homes:
            return {}
        return {HOME: reader.t("Choose from the list.")}

    def withdrawal(self, person: Person, report_id: int, headline: str, values: RawAnswers) -> Form:
        situation = self.setup.situation(person)
        t = situation.language.t
        return Form(
            name="withdraw",
            title=t(Withdrawal.asks_as),
            submit=t("Withdraw"),
            intro=(text(t("“{title}” will no longer count.", title=headline)),),
            fields=form_fields(Withdrawal.fields(), values, situation),
            about={"report": str(report_id)},
        )

    def known(self, person: Person, model: type[Report]) -> RawAnswers:
        """What a form is opened with before anybody has said anything."""
        today = self.setup.today().isoformat()
        days = {
            each.name: today
            for each in model.fields()
            if isinstance(each.ask.input, Day) and each.ask.input.today
        }
        home = self._home(person)
        if home is None or model.step_of:
            return days
        return {**days, **{name: [home] for name in model.fields_asking(Members)}}

    def _home(self, person: Person) -> str | None:
        """The municipality that somebody works for; None at the office."""
        home = likely_home(person, self.setup.plan)
        return home if home in self.setup.plan.member_codes else None

    def line_context(self, person: Person, model: type[Report]) -> LineContext:
        plan, reader = self.setup.plan, self.setup.language_of(person)
        wanted = {f.ask.input.name for f in model.fields() if isinstance(f.ask.input, Listed)}
        lists = {
            name: tuple(
                Option(each.code, reader.pick(each.name), (*each.name.values(), *each.aliases))
                for each in plan.lists.get(name, ())
            )
            for name in sorted(wanted)
        }
        return LineContext(
            self.setup.today(), self.setup.places, plan.starts, lists, self._home(person)
        )

    def same_options(self, alike: tuple[Case, ...], voice: Voice, person: Person) -> Options:
        no = voice.audience.language.t("No, it is another event")
        found = tuple((c.reports[0].case, self._in_short(c, voice, person)) for c in alike)
        return (*found, (NEW_EVENT, no)) if found else ()

    def _in_short(self, case: Case, voice: Voice, person: Person) -> str:
        """By its title for those who may see reports, or will with this answer; for others by
        who told of it, and when."""
        words, language = voice.words(case.reports[0]), voice.audience.language
        day = language.dated(words.day, voice.today) if words.day else ""
        told = {"day": day, "home": voice.names.place(words.home or "")}
        taken_at_once = home_by_email(person.email, self.setup.plan.email_domains)
        if not (taken_at_once or may(person, Action.SEE_REPORTS)):
            return language.t("Yes: the one on {day} that {home} has reported", **told)
        title = words.headline
        return language.t("Yes: “{title}”, {day}, reported by {home}", title=title, **told)


def told_case(headline: str, sentences: tuple[str, ...]) -> tuple[Part, ...]:
    """The case that a step is reported in, above the step's form."""
    further = (note(" · ".join(sentences)),) if sentences else ()
    return (text(Strong(headline)), *further)
