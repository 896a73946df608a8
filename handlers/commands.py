"""What people type and press, as use cases of the desk: the same for every platform.

Each table below is complete: what is not in it does not exist. An unknown word gets help.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from bot.asking import RawAnswers
from bot.desk.campaign_results import is_about_results
from bot.desk.desk import Desk
from bot.desk.reminding import Due
from bot.desk.submission import Submission
from bot.language import N_, language
from bot.ledger.reminders import ReminderState
from bot.ledger.store import LedgerBusyError, LedgerUnsureError
from bot.outcomes import Outcome, Refuse, Replace, Show
from bot.pages import Page
from bot.people import Person, Profile
from bot.rights import NotAllowedError

_DIGITS = 18
"""More than any id has, and what every database takes."""

_ALIKE = 0.75
"""How like a command a word must be to be taken for a slip of it: 1 is the same."""

OUTDATED = N_("That button is no longer in use. Type /bro to see what I can do.")
BUSY = N_("The database did not answer in time. Nothing was saved: try again in a moment.")

UNSURE = N_(
    "The database did not answer: it may have been saved or not. Try again in a moment. Nothing is "
    "saved twice."
)

HELP = ("hjälp", "hjalp", "help")

Say = Callable[[Person, str], Outcome]


class About(dict[str, str]):
    """What came with a button or a form. Messages stand for years, and anybody may send
    anything: what is not there, or is no number, was no button of ours."""

    def __missing__(self, key: str) -> str:
        raise NotAllowedError(OUTDATED)

    def number(self, key: str) -> int:
        """An id or a page, from 0."""
        value = self[key]
        if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
            raise NotAllowedError(OUTDATED)
        return int(value)


Press = Callable[[Person, About], Outcome]

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound="Commands")


@dataclass(frozen=True, slots=True)
class Answered:
    """A form that came back. A repeat of it comes with the same `key`."""

    form: str
    answers: RawAnswers
    about: About
    key: str


def _in_words(
    method: Callable[Concatenate[C, Person, P], Outcome],
) -> Callable[Concatenate[C, Person, P], Outcome]:
    """What may be expected to go wrong becomes a sentence. Anything else is for the door."""

    @wraps(method)
    def said(self: C, person: Person, /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
        try:
            return method(self, person, *args, **kwargs)
        except NotAllowedError as refusal:
            return Refuse(language(person.language).t(refusal.sentence))
        except LedgerBusyError as error:
            return Refuse(language(person.language).t(busy(error)))

    return said


def busy(error: LedgerBusyError) -> str:
    """What is said when the database does not answer, as a msgid."""
    return UNSURE if isinstance(error, LedgerUnsureError) else BUSY


class Commands:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.slash: Mapping[str, Say] = {**self._reports(), **self._asking()}
        self.verbs: Mapping[str, Say] = {**self.slash, **self._other_words()}
        self.buttons: Mapping[str, Press] = {**self._common_buttons(), **self._admin_buttons()}
        self.forms: Mapping[str, Callable[[Person, Answered], Outcome]] = self._forms()

    # --- Who

    def find(self, person_id: str) -> Person | None:
        return self._desk.homes.find(person_id)

    def meet(self, profile: Profile) -> Person:
        return self._desk.homes.meet(profile)

    # --- How it is done

    def is_report(self, form: str) -> bool:
        """Whether to take a form of this name is to record a report: to write, and little else."""
        return form in self._desk.setup.kinds

    async def together(self, work: Callable[[], T]) -> T:
        """What writes and does little else, in one transaction with what others want done now.
        Raises LedgerBusyError."""
        return await self._desk.setup.ledger.whole(work)

    # --- What they said

    @_in_words
    def say(self, person: Person, command: str, words: str) -> Outcome:
        """A slash command without its slash, and what was typed after it."""
        return self.slash.get(command, self._help)(person, words)

    @_in_words
    def press(self, person: Person, verb: str, about: Mapping[str, str]) -> Outcome:
        """A button. `about` came with it and is checked like anything typed."""
        return self.buttons.get(verb, _outdated)(person, About(about))

    @_in_words
    def submit(self, person: Person, answered: Answered) -> Outcome:
        return self.forms.get(answered.form, _outdated)(person, answered)

    def hear(self, person: Person, key: str, words: str) -> None:
        """A message without a command. A repeat of it comes with the same key."""
        self._desk.welcome.hear(person, key, self._near(words))

    def _near(self, words: str) -> str:
        """The command that the first word may have meant, as it is typed; nothing if it is like
        none."""
        first = words.split(maxsplit=1)[:1]
        said = first[0].casefold().strip("/.,:;!?") if first else ""
        meant = next(iter(get_close_matches(said, self.verbs, n=1, cutoff=_ALIKE)), "")
        if not meant or meant in HELP:
            return ""
        kinds = self._desk.setup.kinds.values()
        kind = next((kind.kind for kind in kinds if meant in kind.verbs), meant)
        return f"/{kind}" if kind in self.slash else f"/bro {kind}"

    def home(self, person: Person) -> Page:
        return self._desk.welcome.home(person)

    # --- The tables

    def _reports(self) -> dict[str, Say]:
        offered = (kind for kind in self._desk.setup.kinds.values() if kind.offered)
        return {kind.kind: self._report(kind.kind) for kind in offered}

    def _report(self, kind: str) -> Say:
        def begin(person: Person, words: str) -> Outcome:
            if words.strip().casefold() in HELP:
                return Show(self._desk.welcome.help_about(person, kind))
            if is_about_results(kind, words):
                return self._desk.campaign_results.say(person, words.strip().partition(" ")[2])
            if any(each.step_of == kind for each in self._desk.setup.kinds.values()):
                return self._desk.cases.say(person, kind, words)
            return self._desk.reporting.begin(person, kind, words)

        return begin

    def _asking(self) -> dict[str, Say]:
        return {
            "okr": lambda person, words: Show(self._desk.okr.ask(person, words)),
            "paminnelse": self._reminder,
            "bro": self._bro,
        }

    def _other_words(self) -> dict[str, Say]:
        desk = self._desk
        mine: Say = lambda person, _: Show(desk.welcome.mine(person))  # noqa: E731 - a row of the table
        data: Say = lambda person, _: Show(desk.extracting.own(person))  # noqa: E731 - a row of the table
        people: Say = lambda person, _: Show(desk.people.list(person))  # noqa: E731 - a row of the table
        running: Say = lambda person, _: Show(desk.running.page(person))  # noqa: E731 - a row of the table
        settings: Say = lambda person, _: desk.people.begin_settings(person)  # noqa: E731 - a row of the table
        kinds = desk.setup.kinds.values()
        other = {word: self._report(kind.kind) for kind in kinds for word in kind.verbs}
        return {
            **other,
            **dict.fromkeys(HELP, self._help),
            **dict.fromkeys(("mina", "mine", "rapporter", "reports"), mine),
            **dict.fromkeys(("mina-uppgifter", "uppgifter", "my-data", "data"), data),
            **dict.fromkeys(("bevara", "keep"), desk.disposing.say),
            **dict.fromkeys(("personer", "people"), people),
            **dict.fromkeys(("drift", "running"), running),
            **dict.fromkeys(("inställningar", "installningar", "settings"), settings),
            **dict.fromkeys(("påminnelse", "reminder"), self._reminder),
        }

    def _bro(self, person: Person, words: str) -> Outcome:
        verb, _, rest = _joined(words.strip()).partition(" ")
        verb = verb.casefold().removeprefix("/")
        if verb in ("", "bro"):
            return self._help(person, words)
        if verb not in self.verbs:
            return Show(self._desk.welcome.help(person, words, self._near(words)))
        return self.verbs[verb](person, rest.strip())

    def _help(self, person: Person, _words: str) -> Outcome:
        return Show(self._desk.welcome.help(person))

    def _reminder(self, person: Person, words: str) -> Outcome:
        if words.strip().casefold() in {"lista", "list"}:
            return Show(self._desk.reminding.list(person))
        if words.strip().casefold() in HELP:
            return Show(self._desk.welcome.help_with_reminders(person))
        return self._desk.reminding.begin(person, words)

    def _common_buttons(self) -> dict[str, Press]:
        desk = self._desk
        return {
            "report": lambda p, about: desk.reporting.begin(
                p, about["kind"], about.get("line", "")
            ),
            "change": lambda p, about: desk.reporting.begin_change(p, about.number("report")),
            "withdraw": lambda p, about: desk.withdrawing.begin(p, about.number("report")),
            "case": self._turn_case,
            "cases": lambda p, about: _turned(
                about,
                desk.cases.list(p, about["kind"], _page(about), closed="closed" in about),
            ),
            "step": lambda p, about: desk.reporting.begin_step(
                p, about["kind"], about["case"], about.get("home")
            ),
            "results": lambda p, about: desk.campaign_results.begin(
                p, about["case"], about["line"]
            ),
            "answer_for": lambda p, about: desk.reporting.begin_for(p, about["case"]),
            "acknowledge": self._acknowledge,
            "okr": self._turn_okr,
            "mine": lambda p, about: _turned(about, desk.welcome.mine(p, _page(about))),
            "my_data": lambda p, about: _turned(about, desk.extracting.own(p, _page(about))),
            "settings": lambda p, _: desk.people.begin_settings(p),
            "help": lambda p, _: Show(desk.welcome.help(p)),
            "nothing": lambda p, about: desk.reminding.nothing(p, about["kind"], about["period"]),
            "something": lambda p, about: desk.reminding.something(p, about.number("report")),
            "later": lambda p, about: desk.reminding.later(
                p, Due(about["alarm"], about["occasion"]), about["until"]
            ),
        }

    def _admin_buttons(self) -> dict[str, Press]:
        desk = self._desk
        turn = desk.reminding.turn
        return {
            "reminder": lambda p, about: desk.reminding.begin(p, "", _reminder(about)),
            "reminders": lambda p, about: _turned(about, desk.reminding.list(p, _page(about))),
            "pause": lambda p, about: turn(p, about.number("reminder"), ReminderState.PAUSED),
            "resume": lambda p, about: turn(p, about.number("reminder"), ReminderState.ACTIVE),
            "end": lambda p, about: turn(p, about.number("reminder"), ReminderState.ENDED),
            "people": lambda p, about: Replace(desk.people.list(p, _page(about))),
            "person": lambda p, about: desk.people.begin(p, about["person"]),
            "keep": lambda p, about: desk.disposing.begin(p, about["case"]),
            "lift": lambda p, about: desk.disposing.lift(p, about["case"]),
            "erase": lambda p, about: desk.erasing.begin(p, about["person"]),
            "approve": lambda p, about: desk.people.decide(
                p, about["person"], about["home"], granted=True
            ),
            "approve_reporting": lambda p, about: desk.people.decide(
                p, about["person"], about["home"], granted=True, contact=False
            ),
            "refuse": lambda p, about: desk.people.decide(
                p, about["person"], about["home"], granted=False
            ),
        }

    def _turn_okr(self, person: Person, about: About) -> Outcome:
        if "key_result" not in about:
            return Show(self._desk.okr.overview(person))
        page = self._desk.okr.key_result(person, about["key_result"], _page(about))
        return _turned(about, page)

    def _acknowledge(self, person: Person, about: About) -> Outcome:
        """The page that the button stood on shows what came of it."""
        case = about["case"]
        self._desk.asking.acknowledge(person, case, about.get("home"))
        if "page" in about:
            return Replace(self._desk.cases.page(person, case, _page(about)))
        return Replace(self._desk.asking.asked(person, case))

    def _turn_case(self, person: Person, about: About) -> Outcome:
        return _turned(about, self._desk.cases.page(person, about["case"], _page(about)))

    def _forms(self) -> dict[str, Callable[[Person, Answered], Outcome]]:
        desk = self._desk
        steps = (kind.kind for kind in desk.setup.kinds.values() if kind.step_of and kind.fields())
        reports = dict.fromkeys((*self._reports(), *steps), self._submit_report)
        return {
            **reports,
            "withdraw": lambda p, a: desk.withdrawing.withdraw(
                p, a.about.number("report"), a.answers, a.key
            ),
            "reminder": lambda p, a: desk.reminding.submit(p, a.answers, a.about),
            "reminder_save": lambda p, a: desk.reminding.save(
                p, a.about["answers"], _reminder(a.about), a.key
            ),
            "person": lambda p, a: desk.people.submit(p, a.answers, a.about),
            "keep": lambda p, a: desk.disposing.submit(p, a.answers, a.about["case"]),
            "erase": lambda p, a: desk.erasing.submit(p, a.answers, a.about),
            "settings": lambda p, a: desk.people.submit_settings(
                p, a.answers, a.about.get("home", "")
            ),
        }

    def _submit_report(self, person: Person, answered: Answered) -> Outcome:
        submission = Submission(answered.form, answered.answers, answered.about, answered.key)
        return self._desk.reporting.submit(person, submission)


_TWO_WORDS = {"mina uppgifter": "mina-uppgifter", "my data": "my-data"}
"""Commands of two words, and what stands for them in the table."""


def _joined(words: str) -> str:
    first_two = " ".join(words.split()[:2]).casefold().removeprefix("/")
    return _TWO_WORDS.get(first_two, words)


def _outdated(_person: Person, _about: object) -> Outcome:
    raise NotAllowedError(OUTDATED)


def _reminder(about: About) -> int | None:
    """The reminder that is changed; None for a new one."""
    return about.number("reminder") if "reminder" in about else None


def _page(about: About) -> int:
    return about.number("page") if "page" in about else 0


def _turned(about: About, page: Page) -> Outcome:
    """Leafing replaces the page; the first look is said anew."""
    return Replace(page) if "page" in about else Show(page)
