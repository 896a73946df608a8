"""Who may do what. One table: the desk asks it when a thing is done, the composer again when it
is delivered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.cover import Cover
from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.people import Person, Role


class Action(StrEnum):
    REPORT = "report"
    CHANGE_REPORT = "change_report"
    SEE_STANDING = "see_standing"
    SEE_REPORTS = "see_reports"
    SEE_CASE = "see_case"
    ANSWER_CASE = "answer_case"
    ANSWER_FOR = "answer_for"
    FOLLOW_CASE = "follow_case"
    ANSWER_REMINDER = "answer_reminder"
    MANAGE_REMINDERS = "manage_reminders"
    MANAGE_PEOPLE = "manage_people"
    SEE_RUNNING = "see_running"
    CHANGE_OWN_SETTINGS = "change_own_settings"
    SEE_OWN_DATA = "see_own_data"
    ERASE_PERSON = "erase_person"
    KEEP_CASE = "keep_case"


class NotAllowedError(Exception):
    """`sentence` is an English msgid that tells the person why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Matter:
    """What an action is about: a case, and the report in it that is meant, if one is."""

    cover: Cover
    report: Recorded | None = None


Rule = Callable[[Person, Matter | None], bool]


def _anyone(_person: Person, _matter: Matter | None) -> bool:
    return True


def _known(person: Person, _matter: Matter | None) -> bool:
    return person.confirmed or person.has(Role.LEADERSHIP) or person.has(Role.ADMIN)


def _at_home(person: Person, _matter: Matter | None) -> bool:
    return person.confirmed


def _admin(person: Person, _matter: Matter | None) -> bool:
    return person.has(Role.ADMIN)


def _own(person: Person, matter: Matter | None) -> bool:
    """One's own report, or one's municipality's: colleagues stand in for each other. What only
    those in the case may read is changed by them only: the form shows it."""
    if matter is None or matter.report is None:
        return False
    report, cover = matter.report, matter.cover
    colleague = person.home is not None and person.home == report.home
    # What was said for a municipality is its own: who has moved on no longer changes it.
    for_home = bool(report.part) and report.part == report.home
    # Unless the office has recorded it for them.
    own = colleague or (
        report.reporter == person.id and (not for_home or person.has(Role.COORDINATOR))
    )
    shown = report.kind != cover.kind or not cover.secrecy.restricted or cover.has_inside(person)
    placed = person.confirmed or cover.names_as_leader(person)
    return shown and ((placed and own) or person.has(Role.ADMIN))


def _asked(person: Person, matter: Matter | None) -> bool:
    """A contact, or a deputy, of a municipality that was asked."""
    answers = person.has(Role.CONTACT) or person.has(Role.DEPUTY)
    return matter is not None and answers and person.home in matter.cover.secrecy.homes


def _follows(person: Person, matter: Matter | None) -> bool:
    """Who opened the case, their colleagues, the office, and leaders named in it. Those asked
    answer; what becomes of the case is not theirs to say."""
    if matter is None:
        return False
    cover = matter.cover
    follows = person.home in cover.followers or person.id == cover.reporter
    return (person.confirmed and follows) or cover.names_as_leader(person) or _admin(person, None)


def _stands_in(person: Person, matter: Matter | None) -> bool:
    """The office, which hears by phone what a municipality without a contact answers."""
    return _follows(person, matter) and (person.has(Role.COORDINATOR) or person.has(Role.ADMIN))


NO_SUCH_CASE = N_("There is no such case, or it is not yours to read.")


RULES: Mapping[Action, tuple[Rule, str]] = {
    # Reporting is open to everyone: what somebody unconfirmed reports is held for an admin.
    Action.REPORT: (_anyone, ""),
    Action.CHANGE_REPORT: (
        _own,
        N_(
            "Only the one who reported it, a colleague in the same municipality or an admin can "
            "change or withdraw it."
        ),
    ),
    Action.SEE_STANDING: (_anyone, ""),
    Action.SEE_REPORTS: (
        _known,
        N_("The reports are shown once it is confirmed which municipality you work for."),
    ),
    Action.SEE_CASE: (
        _known,
        N_("Cases are shown once it is confirmed which municipality you work for."),
    ),
    Action.ANSWER_CASE: (
        _asked,
        N_("Your municipality has not been asked. Only contacts of those asked can answer."),
    ),
    Action.ANSWER_FOR: (
        _stands_in,
        N_("Only coordinators and admins record what a municipality has answered by other ways."),
    ),
    Action.FOLLOW_CASE: (
        _follows,
        N_("Only those who look after it can do that."),
    ),
    Action.ANSWER_REMINDER: (
        _at_home,
        N_("That can be answered once it is confirmed which municipality you work for."),
    ),
    Action.MANAGE_REMINDERS: (_admin, N_("Only admins manage reminders. Ask one of them.")),
    Action.MANAGE_PEOPLE: (_admin, N_("Only admins manage people. Ask one of them.")),
    Action.SEE_RUNNING: (_admin, N_("Only admins see how the bot is running. Ask one of them.")),
    Action.CHANGE_OWN_SETTINGS: (_anyone, ""),
    # Whoever the data are about: GDPR, article 15.
    Action.SEE_OWN_DATA: (_anyone, ""),
    Action.ERASE_PERSON: (_admin, N_("Only admins erase personal data. Ask one of them.")),
    Action.KEEP_CASE: (_admin, N_("Only admins keep a case from disposal. Ask one of them.")),
}


def may(person: Person, action: Action, matter: Matter | None = None) -> bool:
    """Whoever may not know of a case may do nothing in it."""
    if matter is not None and not matter.cover.is_known_to(person):
        return False
    rule, _ = RULES[action]
    return rule(person, matter)


def check(person: Person, action: Action, matter: Matter | None = None) -> None:
    """Raises NotAllowedError, whose sentence is for the person. It tells nothing of a case to
    somebody who may not know of it."""
    if matter is not None and not matter.cover.is_known_to(person):
        raise NotAllowedError(NO_SUCH_CASE)
    rule, sentence = RULES[action]
    if not rule(person, matter):
        raise NotAllowedError(sentence)
