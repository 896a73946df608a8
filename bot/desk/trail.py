"""The audit trail looked at from the command line, and what is noted in it there."""

from collections.abc import Iterable, Mapping

from bot.desk.setup import Setup
from bot.ledger.audit import CONSOLE, SYSTEM, Act, Entry, Verdict, verified
from bot.ledger.store import Books


class Trail:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    def verdict(self, noted_head: str = "") -> Verdict:
        return self._setup.ledger.read(lambda books: verified(books.audit.all(), noted_head))

    def export(self) -> tuple[Mapping[str, object], ...]:
        """Every entry, with the name of who did it where they have not been erased."""

        def work(books: Books) -> tuple[Mapping[str, object], ...]:
            names = _names(books)
            return tuple(_told(entry, names) for entry in books.audit.all())

        return self._setup.ledger.read(work)

    def restored(self, before: Entry | None, erased: int) -> None:
        """Note that a backup has been put in place, and how far the trail had come before."""
        length, head = (before.number, before.hash) if before else (0, "")

        def work(books: Books) -> None:
            self._setup.note(
                books,
                CONSOLE,
                Act.RESTORED,
                replaced_entries=length,
                replaced_head=head,
                erased_anew=erased,
            )

        self._setup.ledger.write(work)

    def plan_read(self, fingerprint: str) -> None:
        """Note which plan file the bot counts by, when it is another than before."""

        def work(books: Books) -> None:
            books.one_at_a_time()
            last = books.audit.latest(Act.PLAN_READ)
            if last is None or last.details.get("sha256") != fingerprint:
                plan = f"plan:{self._setup.plan.id}"
                self._setup.note(books, SYSTEM, Act.PLAN_READ, plan, sha256=fingerprint)

        self._setup.ledger.write(work)


def _names(books: Books) -> Mapping[str, str]:
    people = books.aliases.people()
    known = books.people.named(people.values())
    return {alias: known[id_].name for alias, id_ in people.items() if id_ in known}


def _told(entry: Entry, names: Mapping[str, str]) -> Mapping[str, object]:
    kind, _, alias = entry.subject.partition(":")
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "actor_name": names.get(entry.actor),
        "action": entry.action,
        "subject": entry.subject,
        "subject_name": names.get(alias) if kind == "person" else None,
        "details": entry.details,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def said_of(verdict: Verdict) -> Iterable[str]:
    """For the command line."""
    if verdict.fault:
        yield verdict.fault
    yield f"{verdict.count} entries, head {verdict.head or '-'}"
