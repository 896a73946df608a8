"""What an operator does to an installation from the command line: its database, its backups, and
what it keeps about people."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import groupby

from bot.clock import system_clock
from bot.compose.desk import checked_plan, desk_for, desk_here, settings_here
from bot.desk.desk import Desk
from bot.desk.trail import said_of
from bot.language import language
from bot.ledger import backup as backups
from bot.ledger import migrate as migrations
from bot.ledger.audit import CONSOLE, Act, Noted
from bot.ledger.carrying import Carried, carried_from
from bot.ledger.engine import connect
from bot.ledger.journal import Journal
from bot.ledger.store import HELD, Books
from bot.notices import BY_THE_CLOCK
from bot.pages import Page
from bot.people import Person
from bot.say.erasing import before
from bot.settings import Settings, SettingsError, settings_read
from bot.undone import UndoneError
from handlers.console import in_text


def migrate(options: argparse.Namespace) -> int:
    settings, wrong = settings_read(os.environ, connected=False)
    if amiss := [each.sentence for each in wrong if each.setting == "DATABASE_URL"]:
        raise SettingsError(*amiss)  # a host's release phase has this setting and may have no other
    engines = connect(settings.database_url)
    if options.make:
        migrations.make_migration(engines, options.make)
    else:
        migrations.migrate(engines)
    return 0


def backup(options: argparse.Namespace) -> int:
    settings = settings_here(connected=False)
    backups.backup(settings.database_url, options.file)
    Journal(settings.erasures_file).add(carried_from(settings.database_url).tombstones)
    return 0


def restore(options: argparse.Namespace) -> int:
    """What the database has forgotten must not be said again: the outbox is held. Nor does it
    bring back who has been erased since: that is carried over, or stands in the journal."""
    settings = settings_here(connected=False)
    checked_plan(settings.plan)  # nothing is begun that could not be brought to its end
    carried = carried_from(settings.database_url)
    if not carried.readable:
        print("The database in place could not be read. Whom it knew to be erased is looked for")
        print(f"in the journal alone: {settings.erasures_file or 'there is none'}.")
    journal = _journal_of(settings, carried)
    kept = backups.restore(settings.database_url, options.file, system_clock())
    engines = connect(settings.database_url)
    migrations.migrate(engines)
    engines.dispose()
    desk = desk_for(settings)
    erased = desk.erasing.again({*carried.tombstones, *journal.read()})
    desk.trail.restored(carried.head, erased)
    desk.setup.ledger.write(lambda books: books.tallies.discard())
    desk.setup.ledger.close()
    if kept:
        print(f"What was there before is in {kept}. It holds what was erased since: delete it.")
    print(f"Erased anew, because the backup had brought them back: {erased}.")
    print("Restored. Nothing is said until you have looked at it and typed: brobot release")
    return 0


def _journal_of(settings: Settings, carried: Carried) -> Journal:
    """With all whom the database knows to be erased: should the restore be killed on the way, who
    starts the bot next reads it there. Raises UndoneError, JournalError."""
    journal = Journal(settings.erasures_file)
    if carried.tombstones and journal.path is None:
        raise UndoneError(
            f"{len(carried.tombstones)} erased people could come back. Set BROBOT_ERASURES to a "
            "file that is kept, where they are written down, and begin again."
        )
    journal.add(carried.tombstones)
    return journal


def release(options: argparse.Namespace) -> int:
    """What was restored may have been said already, and so may what has come due since the backup
    was made. What people have brought about since the restore is said."""
    with _desk() as desk:
        unsaid = desk.setup.ledger.write(partial(_released, say=options.say))
    if unsaid is None:
        print("Nothing has been held: the bot speaks.")
    else:
        print(f"The bot speaks again. Left unsaid: {unsaid}.")
    return 0


def _released(books: Books, *, say: bool) -> int | None:
    since = books.pulse.last(HELD)
    if since is None:
        return None
    books.pulse.clear(HELD)
    books.audit.note(Noted(system_clock(), CONSOLE, Act.RELEASED, "", {"said": say}))
    if say:
        return 0
    timed = [notice.model_fields["say"].default for notice in BY_THE_CLOCK]
    return books.outbox.drop(since, timed, "left unsaid after a restore")


def _somebody(desk: Desk, words: str) -> Person:
    person = desk.homes.called(words)
    if person is None:
        raise SettingsError(f"Nobody here has the id or the e-mail address {words}.")
    return person


@contextmanager
def _desk() -> Iterator[Desk]:
    desk = desk_here(settings_here(connected=False))
    try:
        yield desk
    finally:
        desk.setup.ledger.close()


def extract(options: argparse.Namespace) -> int:
    with _desk() as desk:
        pieces = desk.extracting.handed_out(_somebody(desk, options.person))
        if options.json:
            print(json.dumps([asdict(piece) for piece in pieces], ensure_ascii=False, indent=2))
            return 0
        for heading, several in groupby(pieces, key=lambda piece: piece.heading):
            print(heading, "=" * len(heading), sep="\n")
            print("\n\n".join("\n".join(piece.words) for piece in several), end="\n\n")
        return 0


def erase(options: argparse.Namespace) -> int:
    with _desk() as desk:
        person = _somebody(desk, options.person)
        if not options.yes:
            voice = language(desk.setup.plan.language)
            print(in_text(Page("", before(desk.erasing.preview(person.id), voice))))
            print("Nothing has been erased. To do it, add --yes")
            return 1
        erased = desk.erasing.erase(person.id)
        print(f"Erased. What stays is told by: {erased.pseudonym}.")
        if erased.mentions:
            print("Their name still stands in the text of reports", *erased.mentions)
        return 0


def dispose(options: argparse.Namespace) -> int:
    with _desk() as desk:
        if options.by and not options.dry_run:
            raise SettingsError("--by goes with --dry-run: nothing is removed before its day.")
        by = options.by or desk.setup.today()
        rows = desk.disposing.at_the_console(by, dry_run=options.dry_run)
        print("\n".join(rows) or f"Nothing has outlived its rule by {by}.")
        return 0


def keep(options: argparse.Namespace) -> int:
    with _desk() as desk:
        found = desk.setup.ledger.read(lambda books: books.reports.get(options.report))
        if found is None or not (options.why or options.lift):
            raise SettingsError("Give the number of a report that there is, and --why or --lift.")
        if options.lift:
            desk.disposing.no_longer_keep(found.case)
        else:
            desk.disposing.keep(found.case, options.why)
        return 0


def audit(options: argparse.Namespace) -> int:
    with _desk() as desk:
        trail = desk.trail
        if options.action == "export":
            for entry in trail.export():
                print(json.dumps(entry, ensure_ascii=False))
            return 0
        verdict = trail.verdict(options.head)
        print("\n".join(said_of(verdict)))
        return 1 if verdict.fault else 0
