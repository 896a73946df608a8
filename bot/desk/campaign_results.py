"""A campaign's results in one line: `/kampanj resultat Flytta hem linkedin maj 1 200 besök`."""

import re
from collections.abc import Iterator

from bot.asking import Field
from bot.campaigns import CAMPAIGN, KINDS, RESULT, Campaign, campaigns
from bot.desk.report_forms import ReportForms
from bot.desk.reporting import Reporting
from bot.desk.setup import Setup
from bot.language import N_
from bot.ledger.store import Books
from bot.outcomes import Outcome, Show
from bot.pages import Page
from bot.people import Person
from bot.result_line import begins_with_figures, read_result
from bot.rights import Action, Matter, NotAllowedError, check, may
from bot.say import campaigns as say
from bot.say.reports import Voice
from bot.typed_line import LineContext
from bot.typed_line.form import Translate

_WORD = re.compile(r"[^\s,]+")
WORDS = frozenset({"resultat", "result", "results"})
NOT_THEIRS = N_("Results are reported only by those who look after the campaign.")


class CampaignResults:
    def __init__(self, setup: Setup, reporting: Reporting) -> None:
        self._setup = setup
        self._reporting = reporting
        self._forms = ReportForms(setup)

    def say(self, person: Person, words: str) -> Outcome:
        """The campaign by its name, or by how its name begins; and what is said of it."""
        check(person, Action.SEE_CASE)
        known, own = self._setup.ledger.read(lambda books: self._known(books, person))
        names = {each.case: self._name(each) for each in known}
        found, rest = called({each.case: names[each.case] for each in own}, words)
        if not found and (by_name(names, words) or (known and not own)):
            raise NotAllowedError(NOT_THEIRS)
        if len(found) == 1:
            return self.begin(person, found[0], rest)
        offered = tuple(each for each in own if each.case in found) if found else own
        question = say.SEVERAL if found else self._question(person, rest)
        return Show(self._choice(person, question, offered, rest))

    def begin(self, person: Person, case: str, line: str) -> Outcome:
        """The form for the results of a campaign, filled in with what the line says."""
        return self._reporting.begin_step(
            person, RESULT, case, None, read_result(line, *self._reading(person))
        )

    def _question(self, person: Person, typed: str) -> str:
        """Where no campaign's name was recognised: there may have been none."""
        nameless = begins_with_figures(typed, *self._reading(person))
        return say.WHICH if nameless else say.NOT_FOUND

    def _choice(
        self, person: Person, question: str, several: tuple[Campaign, ...], typed: str
    ) -> Page:
        def draw(_books: Books, voice: Voice) -> Page:
            return say.result_choice(question, several, typed, voice)

        return self._setup.show(person, draw)

    def _known(
        self, books: Books, person: Person
    ) -> tuple[tuple[Campaign, ...], tuple[Campaign, ...]]:
        """Those that the person may know of, the one with the latest news first; and of these
        those that they may report on."""
        covers = self._setup.covers(books)
        several = campaigns(books.reports.live_of(KINDS))
        latest_first = sorted(several, key=lambda campaign: campaign.news_on, reverse=True)

        def allowed(action: Action) -> tuple[Campaign, ...]:
            return tuple(c for c in latest_first if may(person, action, Matter(covers(c.case))))

        return allowed(Action.SEE_CASE), allowed(Action.FOLLOW_CASE)

    def _name(self, campaign: Campaign) -> str:
        return self._setup.headline(campaign.opening)

    def _reading(self, person: Person) -> tuple[tuple[Field, ...], LineContext, Translate]:
        """What a line is read with."""
        model, reader = self._setup.kinds[RESULT], self._setup.language_of(person)
        return model.fields(), self._forms.line_context(person, model), reader.t


def is_about_results(kind: str, words: str) -> bool:
    first = words.split(maxsplit=1)[:1]
    return kind == CAMPAIGN and bool(first) and first[0].casefold() in WORDS


def called(names: dict[str, str], words: str) -> tuple[tuple[str, ...], str]:
    """The cases that the words begin with the name of, and the words after it. A whole name goes
    before the beginning of one, a longer one before a shorter."""
    return by_name(names, words) or _by_beginning(names, words) or ((), words)


_Called = tuple[tuple[str, ...], str]


def by_name(names: dict[str, str], words: str) -> _Called | None:
    """As `called`, by whole names alone."""
    for start, rest in _starts(words):
        if cases := tuple(case for case, name in names.items() if _plain(name) == start):
            return cases, rest
    return None


def _by_beginning(names: dict[str, str], words: str) -> _Called | None:
    for start, rest in _starts(words):
        cases = tuple(case for case, name in names.items() if _plain(name).startswith(start))
        if cases and len(start) > 1:
            return cases, rest
    return None


def _starts(words: str) -> Iterator[tuple[str, str]]:
    """How the words begin, the longest first; and what follows that."""
    found = tuple(_WORD.finditer(words))
    for count in range(len(found), 0, -1):
        said = " ".join(word[0] for word in found[:count])
        yield said.casefold(), words[found[count - 1].end() :].lstrip(" ,")


def _plain(name: str) -> str:
    return " ".join(name.replace(",", " ").casefold().split())
