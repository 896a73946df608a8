"""The form for a report, with the questions that come on top of the report's own fields."""

from typing import Annotated, ClassVar

from pydantic import Field as Limits

from bot.asking import Answers, Ask, Field, Members, Prose, RawAnswers, Supplied
from bot.desk.homes import likely_home
from bot.desk.setup import Setup
from bot.forms import Errors, Form, Options, form_fields
from bot.language import N_
from bot.measures import Case
from bot.pages import text
from bot.people import Person, home_by_email
from bot.reports import Report
from bot.rights import Action, may
from bot.typed_line import LineContext, Place, read_line

HOME = "home"
SAME = "same_as"
NEW_EVENT = "new"

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


class Withdrawal(Answers):
    asks_as: ClassVar[str] = N_("Withdraw the report")

    why: Annotated[
        str | None,
        Limits(max_length=300),
        Ask(N_("Why?"), Prose(300), hint=N_("Kept with the report, which stays on record.")),
    ] = None


class ReportForms:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def from_line(self, person: Person, model: type[Report], line: str) -> Form:
        """Filled in with what the line says, and beyond that with what is known of the person."""
        reader = self._setup.language_of(person)
        understood = read_line(line, model.fields(), self._line_context(), reader.t)
        return self.form(person, model, {**self._known(person, model), **understood}, {})

    def form(
        self,
        person: Person,
        model: type[Report],
        values: RawAnswers,
        about: dict[str, str],
        alike: tuple[Case, ...] = (),
    ) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        questions = ((_SAME_QUESTION,) if alike else ()) + (
            () if person.confirmed or "report" in about else (_HOME_QUESTION,)
        )
        supplied = {
            HOME: tuple(self._setup.names(situation.language).homes.items()),
            SAME: self._same_options(alike, person),
        }
        intro = N_(
            "Something like this has been reported already. An event is counted once and "
            "credited to all who took part."
        )
        return Form(
            name=model.kind,
            title=t(model.asks_as),
            submit=t("Save"),
            intro=(text(t(intro)),) if alike else (),
            fields=form_fields(
                (*questions, *model.fields()),
                {HOME: likely_home(person, self._setup.plan), **values},
                situation,
                supplied,
            ),
            about=about,
        )

    def homeless(self, person: Person, answers: RawAnswers, *, changes: bool) -> Errors:
        """What is wrong with the answer to whom somebody unconfirmed speaks for."""
        reader = self._setup.language_of(person)
        if person.confirmed or changes or answers.get(HOME) in self._setup.names(reader).homes:
            return {}
        return {HOME: reader.t("Choose from the list.")}

    def withdrawal(self, person: Person, report_id: int, headline: str) -> Form:
        situation = self._setup.situation(person)
        t = situation.language.t
        return Form(
            name="withdraw",
            title=t(Withdrawal.asks_as),
            submit=t("Withdraw"),
            intro=(text(t("“{title}” will no longer count.", title=headline)),),
            fields=form_fields(Withdrawal.fields(), {}, situation),
            about={"report": str(report_id)},
        )

    def _known(self, person: Person, model: type[Report]) -> RawAnswers:
        home = likely_home(person, self._setup.plan)
        if home not in self._setup.plan.member_codes:
            return {}
        return {name: [home] for name in model.fields_asking(Members)}

    def _line_context(self) -> LineContext:
        plan = self._setup.plan
        places = tuple(Place(each.code, each.name, each.aliases) for each in plan.members)
        return LineContext(self._setup.today(), places, plan.starts)

    def _same_options(self, alike: tuple[Case, ...], person: Person) -> Options:
        no = self._setup.language_of(person).t("No, it is another event")
        found = tuple((case.reports[0].case, self._in_short(case, person)) for case in alike)
        return (*found, (NEW_EVENT, no))

    def _in_short(self, case: Case, person: Person) -> str:
        """By its title for those who may see reports, or will with this answer; for others by
        who told of it, and when."""
        lead, audience = case.reports[0], self._setup.audience(person)
        names, t = self._setup.names(audience.language), audience.language.t
        told = {"day": audience.language.short_day(lead.day), "home": names.place(lead.home)}
        taken_at_once = home_by_email(person.email, self._setup.plan.email_domains)
        if not (taken_at_once or may(person, Action.SEE_REPORTS)):
            return t("Yes: the one on {day} that {home} has reported", **told)
        title = self._setup.masking.words(lead, names, audience).headline
        return t("Yes: “{title}”, {day}, reported by {home}", title=title, **told)
