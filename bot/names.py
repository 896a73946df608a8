"""The plan's codes as names."""

from collections.abc import Mapping, Sequence

from bot.language import Language
from bot.plan.model import Plan


class PlanNames:
    """Names of members and of the office, in one reader's language."""

    def __init__(self, plan: Plan, language: Language) -> None:
        self._plan = plan
        self._language = language
        members = sorted(plan.members, key=lambda member: _in_swedish_order(member.name))
        self.members: Mapping[str, str] = {member.code: member.name for member in members}
        self.homes: Mapping[str, str] = {**self.members, plan.network.office.code: self.office}
        self._order = {code: number for number, code in enumerate(self.homes)}
        self.lists: Mapping[str, tuple[tuple[str, str], ...]] = {
            name: tuple((entry.code, language.pick(entry.name)) for entry in entries)
            for name, entries in plan.lists.items()
        }
        """What each of the plan's lists offers, as codes and words."""

    def entry(self, list_name: str, code: str) -> str:
        """An entry of one of the plan's lists; its code where the plan no longer has it."""
        entries = self._plan.lists.get(list_name, ())
        found = (entry for entry in entries if entry.code == code)
        return next((self._language.pick(entry.name) for entry in found), code)

    @property
    def office(self) -> str:
        return self._plan.network.office.name

    def place(self, code: str) -> str:
        return self.homes.get(code, code)

    def places(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Names in alphabetical order; all of them as one phrase."""
        if len(codes) > 1 and set(codes) == set(self.members):
            return (self._language.t("all {count} municipalities", count=len(codes)),)
        known = sorted((code for code in codes if code in self.members), key=self.position)
        return tuple(self.members[code] for code in known)

    def position(self, code: str) -> int:
        """To sort by: members by their name, the office, whoever is no longer a member."""
        return self._order.get(code, len(self._order))


def _in_swedish_order(name: str) -> str:
    """Å, Ä and Ö come last and in this order, as Swedes look for them."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))
