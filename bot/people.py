"""People: who somebody is, whom they speak for, what they may be asked to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.language import Code


class Role(StrEnum):
    CONTACT = "contact"
    DEPUTY = "deputy"
    """Stands in for a municipality's contacts when they are not heard from."""
    COORDINATOR = "coordinator"
    """At the office: hears of inquiries that a municipality has not answered in time."""
    LEADERSHIP = "leadership"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a chat platform says about one of its users."""

    id: str
    name: str
    email: str


ERASED = "erased:"
"""What the id of somebody begins with whose personal data have been erased."""


def is_erased(person_id: str) -> bool:
    return person_id.startswith(ERASED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the bot has met.

    `home` is whom they speak for: a municipality's code or the office's; None until it has been
    confirmed. `wanted_home` is what they asked for and an admin has yet to confirm.
    """

    id: str
    name: str
    email: str
    home: str | None
    wanted_home: str | None
    roles: frozenset[Role]
    language: Code
    met_at: datetime

    @property
    def confirmed(self) -> bool:
        return self.home is not None

    def has(self, role: Role) -> bool:
        return role in self.roles


def home_by_email(email: str, domains: dict[str, str]) -> str | None:
    """Whose domain the address has: `domains` is from e-mail domain to municipality code.

    A subdomain counts (`@edu.kumla.se`); a look-alike (`@notkumla.se`) does not.
    """
    _, _, host = email.lower().rpartition("@")
    labels = host.split(".")
    candidates = (".".join(labels[start:]) for start in range(len(labels)))
    return next((domains[name] for name in candidates if name in domains), None)
