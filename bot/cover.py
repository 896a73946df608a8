"""What stands on the front of a case: what it is called, and whom it may be named to."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from bot.ledger.recorded import Recorded
from bot.people import Person, Role
from bot.reports import Report
from bot.reports.report import Secrecy

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cover:
    """`reporter` is who opened the case, `home` whom they spoke for, `followers` the homes that
    look after it. `is_live` is whether it has not been withdrawn."""

    case: str
    kind: str
    headline: str
    reporter: str
    home: str
    secrecy: Secrecy
    followers: frozenset[str]
    admins_may_know: bool
    is_live: bool

    @property
    def confidential(self) -> bool:
        return self.secrecy.confidential

    def has_inside(self, person: Person) -> bool:
        """Whether the person is in the case: they may read all of it, however confidential."""
        asked = person.home in self.secrecy.homes and _answers_for_home(person)
        admin = self.admins_may_know and person.has(Role.ADMIN)
        return person.id == self.reporter or asked or self.names_as_leader(person) or admin

    def names_as_leader(self, person: Person) -> bool:
        """Whether it names the person as a leader who may know."""
        return person.id in self.secrecy.people and person.has(Role.LEADERSHIP)

    def is_known_to(self, person: Person | None) -> bool:
        """Whether the case may be named to the person, or to everybody (None)."""
        return not self.confidential or (person is not None and self.has_inside(person))


def _answers_for_home(person: Person) -> bool:
    return person.has(Role.CONTACT) or person.has(Role.DEPUTY)


def may_be_secret(kind: type[Report]) -> bool:
    return "confidential" in kind.model_fields


Covers = Callable[[str], Cover]
"""From a case to its cover."""


@dataclass(frozen=True, slots=True)
class Bindery:
    """Makes covers. `office` is the code of the network's own office."""

    kinds: Mapping[str, type[Report]]
    office: str
    admins_may_know: bool

    def cover(self, case: str, reports: Iterable[Recorded]) -> Cover:
        """`reports` are all that were ever recorded in the case. What opened it is its first live
        report of a kind that is no step; if all were withdrawn, the last of them."""
        reports = tuple(reports)
        openings = [r for r in reports if r.kind in self.kinds and not self.kinds[r.kind].step_of]
        live = sorted((r for r in openings if r.ending is None), key=lambda r: r.place)
        if not openings:
            # Of an unknown kind; a step tells that it was one of ours, which may have been secret.
            return self._sealed(case, secret=any(r.kind in self.kinds for r in reports))
        opening = live[0] if live else openings[-1]
        return self._bound(opening, is_live=bool(live))

    def _bound(self, opening: Recorded, *, is_live: bool) -> Cover:
        try:
            report = self.kinds[opening.kind].model_validate(dict(opening.answers))
        except ValidationError:
            # Nobody can tell whether it was confidential.
            log.exception("the report %s that opens a case cannot be read", opening.id)
            return self._sealed(
                opening.case, opening, secret=may_be_secret(self.kinds[opening.kind])
            )
        return Cover(
            case=opening.case,
            kind=opening.kind,
            headline=report.headline(),
            reporter=opening.reporter,
            home=opening.home,
            secrecy=report.secrecy,
            followers=frozenset({opening.home, self.office}),
            admins_may_know=self.admins_may_know,
            is_live=is_live,
        )

    def _sealed(self, case: str, opening: Recorded | None = None, *, secret: bool) -> Cover:
        return Cover(
            case=case,
            kind=opening.kind if opening else "",
            headline="",
            reporter=opening.reporter if opening else "",
            home=opening.home if opening else "",
            secrecy=Secrecy(confidential=secret),
            followers=frozenset(),
            admins_may_know=False,
            is_live=False,
        )
