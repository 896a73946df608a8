"""Who may do what. One table: the desk asks it when a thing is done, the composer again when it
is delivered."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.language import N_
from bot.ledger.recorded import Recorded
from bot.people import Person, Role


class Action(StrEnum):
    REPORT = "report"
    CHANGE_REPORT = "change_report"
    SEE_STANDING = "see_standing"
    SEE_REPORTS = "see_reports"
    ANSWER_REMINDER = "answer_reminder"
    MANAGE_REMINDERS = "manage_reminders"
    MANAGE_PEOPLE = "manage_people"
    CHANGE_OWN_SETTINGS = "change_own_settings"


class NotAllowedError(Exception):
    """`sentence` is an English msgid that tells the person why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


Rule = Callable[[Person, Recorded | None], bool]


def _anyone(_person: Person, _report: Recorded | None) -> bool:
    return True


def _known(person: Person, _report: Recorded | None) -> bool:
    return person.confirmed or person.has(Role.LEADERSHIP) or person.has(Role.ADMIN)


def _at_home(person: Person, _report: Recorded | None) -> bool:
    return person.confirmed


def _admin(person: Person, _report: Recorded | None) -> bool:
    return person.has(Role.ADMIN)


def _own(person: Person, report: Recorded | None) -> bool:
    """One's own report, or one's municipality's: colleagues stand in for each other."""
    if report is None:
        return False
    own = report.reporter == person.id or person.home == report.home
    return (person.confirmed and own) or person.has(Role.ADMIN)


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
    Action.ANSWER_REMINDER: (
        _at_home,
        N_("That can be answered once it is confirmed which municipality you work for."),
    ),
    Action.MANAGE_REMINDERS: (_admin, N_("Only admins manage reminders. Ask one of them.")),
    Action.MANAGE_PEOPLE: (_admin, N_("Only admins manage people. Ask one of them.")),
    Action.CHANGE_OWN_SETTINGS: (_anyone, ""),
}


def may(person: Person, action: Action, report: Recorded | None = None) -> bool:
    rule, _ = RULES[action]
    return rule(person, report)


def check(person: Person, action: Action, report: Recorded | None = None) -> None:
    """Raises NotAllowedError, whose sentence is for the person."""
    rule, sentence = RULES[action]
    if not rule(person, report):
        raise NotAllowedError(sentence)
