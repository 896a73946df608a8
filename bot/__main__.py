"""The command line: `brobot`, also `python -m bot`."""

import gc

gc.disable()  # what is loaded now becomes no garbage: looking for some took a sixth of a start

import argparse
import hashlib
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path
from threading import Event

import uvicorn

from bot import compose
from bot.calendar import Week
from bot.clock import system_clock
from bot.desk.desk import Desk
from bot.desk.trail import said_of
from bot.doctor import report
from bot.language import language
from bot.ledger.audit import CONSOLE, Act, Noted
from bot.ledger.backup import BackupError, backup, restore
from bot.ledger.carrying import carried_from
from bot.ledger.engine import connect
from bot.ledger.journal import Journal, JournalError
from bot.ledger.migrate import Schema, make_migration, migrate, schema
from bot.ledger.store import HELD, Books, Ledger
from bot.logs import set_up
from bot.machine import mounts, on_a_network, sqlite_file, this_machine
from bot.pages import Page
from bot.people import Person
from bot.plan.loader import PlanError
from bot.presence import ElsewhereError, present
from bot.reports import kinds
from bot.say.erasing import before
from bot.settings import Settings, SettingsError, settings_from
from handlers.console import in_text
from handlers.slack.manifest import slack_manifest

gc.enable()

log = logging.getLogger(__name__)

DATABASE_PAUSE = 5
DATABASE_TRIES = 12
"""How long the start waits for a database that does not answer: a supervisor that starts us anew
at once would otherwise do so many times a second, and soon give up (systemd after five)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The exit code: 0 done, 1 not done (and why, on stderr), 2 misused."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (SettingsError, PlanError, BackupError, JournalError, ElsewhereError) as error:
        print(error, file=sys.stderr)
        return 1
    return code


def commands() -> tuple[str, ...]:
    return tuple(_commands())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("brobot", description="How the plan stands, from reports.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    added = {}
    for name, (run, words) in _commands().items():
        added[name] = subparsers.add_parser(name, help=words, description=words)
        added[name].set_defaults(run=run)
    demo, manifest, plan = added["demo"], added["manifest"], added["plan"]
    demo.add_argument("--empty", action="store_true", help="without the example half-year")
    demo.add_argument("--script", action="store_true", help="play the story and print it")
    demo.add_argument("--port", type=int, default=8000, help="the page's port (0: any free one)")
    added["migrate"].add_argument("--make", metavar="MESSAGE", help="write one, for developers")
    manifest.add_argument("platform", choices=["slack"])
    manifest.add_argument("--url", default="", help="the bot's https address; none: Socket Mode")
    plan.add_argument("action", choices=["check"])
    plan.add_argument("file", type=Path)
    for name in ("backup", "restore"):
        added[name].add_argument("file", type=Path)
    for name in ("extract", "erase"):
        added[name].add_argument("person", help="their id in the chat or their e-mail address")
    added["extract"].add_argument("--json", action="store_true", help="for machines")
    added["erase"].add_argument("--yes", action="store_true", help="do it; without: say what")
    added["dispose"].add_argument("--dry-run", action="store_true", help="only say what would go")
    added["dispose"].add_argument("--by", help="what goes by this day, as 2037-12-31 (dry run)")
    added["keep"].add_argument("report", type=int, help="the number of any report in the case")
    added["keep"].add_argument("--why", default="", help="the reason, for the record")
    added["keep"].add_argument("--lift", action="store_true", help="no longer keep it")
    added["audit"].add_argument("action", choices=["verify", "export"])
    added["audit"].add_argument("--head", default="", help="a head that was noted elsewhere")
    added["release"].add_argument("--say", action="store_true", help="say what has been waiting")
    added["digest"].add_argument("--week", help="as 2026-v11; without: the latest")
    return parser


def _commands() -> dict[str, tuple[Callable[[argparse.Namespace], int], str]]:
    return {
        "demo": (_demo, "bot, worker, database and a stand-in Slack, with a page to try them"),
        "run": (_run, "web and worker in one process"),
        "web": (_web, "the web process alone"),
        "worker": (_worker, "the worker alone: digest, reminders, delivery"),
        "migrate": (_migrate, "bring the database to this release's schema"),
        "doctor": (_doctor, "look whether everything is in place, and say what to do"),
        "backup": (_backup, "write a copy of the database, while it is in use"),
        "restore": (_restore, "put a copy in the database's place; nothing is said until released"),
        "release": (_release, "let the bot speak again after a restore"),
        "extract": (_extract, "all that is kept about somebody, for a request for access"),
        "erase": (_erase, "erase somebody's personal data; reports stay under a pseudonym"),
        "dispose": (_dispose, "remove what has outlived its rule in the plan file"),
        "keep": (_keep, "keep the case of a report from disposal, or no longer"),
        "audit": (_audit, "look whether the audit trail is whole, or print it as JSON lines"),
        "manifest": (_manifest, "the app manifest to paste into Slack"),
        "plan": (_plan, "check a plan file"),
        "digest": (_digest, "print a week's digest"),
    }


def _settings(*, connected: bool = True) -> Settings:
    settings = settings_from(os.environ, connected=connected)
    set_up(settings.log_level, settings.log_format)
    return settings


def _desk(settings: Settings) -> Desk:
    engines = connect(settings.database_url)
    if schema(engines) is Schema.EARLIER:
        raise SettingsError("The database is not at this release's schema. Run: brobot migrate")
    engines.dispose()
    return compose.desk_for(settings)


def _wait_for_database(settings: Settings, pause: Callable[[float], None] = time.sleep) -> None:
    """Raises SettingsError after a minute without an answer, and at once for a database file that
    lies where several machines may reach it."""
    _on_a_disk_of_its_own(settings)
    ledger = Ledger(connect(settings.database_url))
    try:
        for _ in range(DATABASE_TRIES):
            if ledger.answers():
                return
            log.warning("the database does not answer; asking again in %s s", DATABASE_PAUSE)
            pause(DATABASE_PAUSE)
    finally:
        ledger.close()
    raise SettingsError("The database does not answer. What is wrong is said by: brobot doctor")


def _on_a_disk_of_its_own(settings: Settings) -> None:
    trouble = on_a_network(settings.database_url, mounts())
    if trouble is not None:
        raise SettingsError(trouble)


@contextmanager
def _on_one_machine(desk: Desk, settings: Settings) -> Iterator[None]:
    """SQLite serves one machine. PostgreSQL serves any."""
    if sqlite_file(settings.database_url) is None:
        yield
        return
    with present(desk.setup.ledger, this_machine(), system_clock):
        yield


def _working_desk(settings: Settings) -> Desk:
    """For a process that stays: the plan file that it counts by stands in the audit trail."""
    desk = _desk(settings)
    desk.trail.plan_read(hashlib.sha256(settings.plan.read_bytes()).hexdigest())
    return desk


def _run(_options: argparse.Namespace) -> int:
    settings = _settings()
    _wait_for_database(settings)
    migrate(connect(settings.database_url))
    desk = _working_desk(settings)
    worker = compose.worker(desk, settings)
    with _on_one_machine(desk, settings):
        worker.start()
        try:
            _serve(desk, settings, alone=False)
        finally:
            worker.stop()
    return 0


def _web(_options: argparse.Namespace) -> int:
    settings = _settings()
    _wait_for_database(settings)
    desk = _working_desk(settings)
    with _on_one_machine(desk, settings):
        _serve(desk, settings, alone=True)
    return 0


def _serve(desk: Desk, settings: Settings, *, alone: bool) -> None:
    app = compose.web(desk, settings, alone=alone)
    # All that is there by now stays. To search it for garbage would take 20 to 32 ms each time.
    gc.collect()
    gc.freeze()
    uvicorn.run(app, host=settings.host, port=settings.port, **compose.SERVER)


def _worker(_options: argparse.Namespace) -> int:
    settings = _settings()
    _wait_for_database(settings)
    desk = _working_desk(settings)
    worker = compose.worker(desk, settings)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with _on_one_machine(desk, settings):
        worker.start()
        stopped.wait()
        worker.stop()
    return 0


def _migrate(options: argparse.Namespace) -> int:
    engines = connect(os.environ.get("DATABASE_URL") or "sqlite:///brobot.db")
    if options.make:
        make_migration(engines, options.make)
    else:
        migrate(engines)
    return 0


def _backup(options: argparse.Namespace) -> int:
    settings = _settings(connected=False)
    backup(settings.database_url, options.file)
    Journal(settings.erasures_file).add(carried_from(settings.database_url).tombstones)
    return 0


def _restore(options: argparse.Namespace) -> int:
    """What the database has forgotten must not be said again: the outbox is held. Nor does it
    bring back who has been erased since: that is carried over, or stands in the journal."""
    settings = _settings(connected=False)
    carried = carried_from(settings.database_url)
    if not carried.readable:
        print("The database in place could not be read. Whom it knew to be erased is looked for")
        print(f"in the journal alone: {settings.erasures_file or 'there is none'}.")
    journal = Journal(settings.erasures_file)
    journal.add(carried.tombstones)  # should this be killed on the way, it can be done again
    kept = restore(settings.database_url, options.file, system_clock())
    engines = connect(settings.database_url)
    migrate(engines)
    engines.dispose()
    desk = compose.desk_for(settings)
    erased = desk.erasing.again({*carried.tombstones, *journal.read()})
    desk.trail.restored(carried.head, erased)
    desk.setup.ledger.close()
    if kept:
        print(f"What was there before is in {kept}. It holds what was erased since: delete it.")
    print(f"Erased anew, because the backup had brought them back: {erased}.")
    print("Restored. Nothing is said until you have looked at it and typed: brobot release")
    return 0


def _release(options: argparse.Namespace) -> int:
    ledger = Ledger(connect(_settings(connected=False).database_url))

    def work(books: Books) -> int:
        books.pulse.clear(HELD)
        books.audit.note(Noted(system_clock(), CONSOLE, Act.RELEASED, "", {"said": options.say}))
        return 0 if options.say else books.outbox.drop_unsettled("left unsaid after a restore")

    print(f"The bot speaks again. Left unsaid: {ledger.write(work)}.")
    ledger.close()
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    lines, well = report(compose.findings(_settings()))
    print("\n".join(lines))
    return 0 if well else 1


def _somebody(desk: Desk, words: str) -> Person:
    person = desk.homes.called(words)
    if person is None:
        raise SettingsError(f"Nobody here has the id or the e-mail address {words}.")
    return person


def _extract(options: argparse.Namespace) -> int:
    desk = _desk(_settings(connected=False))
    pieces = desk.extracting.handed_out(_somebody(desk, options.person))
    if options.json:
        print(json.dumps([asdict(piece) for piece in pieces], ensure_ascii=False, indent=2))
        return 0
    for heading, several in groupby(pieces, key=lambda piece: piece.heading):
        print(heading, "=" * len(heading), sep="\n")
        print("\n\n".join("\n".join(piece.words) for piece in several), end="\n\n")
    return 0


def _erase(options: argparse.Namespace) -> int:
    desk = _desk(_settings(connected=False))
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


def _dispose(options: argparse.Namespace) -> int:
    desk = _desk(_settings(connected=False))
    setup, by = desk.setup, desk.setup.today()
    if options.by and not options.dry_run:
        raise SettingsError("--by goes with --dry-run: nothing is removed before its day.")
    by = date.fromisoformat(options.by) if options.by else by
    rows = desk.disposing.at_the_console(by, dry_run=options.dry_run)
    print("\n".join(rows) or f"Nothing has outlived its rule by {by}.")
    setup.ledger.close()
    return 0


def _keep(options: argparse.Namespace) -> int:
    desk = _desk(_settings(connected=False))
    found = desk.setup.ledger.read(lambda books: books.reports.get(options.report))
    if found is None or not (options.why or options.lift):
        raise SettingsError("Give the number of a report that there is, and --why or --lift.")
    if options.lift:
        desk.disposing.no_longer_keep(found.case)
    else:
        desk.disposing.keep(found.case, options.why)
    return 0


def _audit(options: argparse.Namespace) -> int:
    trail = _desk(_settings(connected=False)).trail
    if options.action == "export":
        for entry in trail.export():
            print(json.dumps(entry, ensure_ascii=False))
        return 0
    verdict = trail.verdict(options.head)
    print("\n".join(said_of(verdict)))
    return 1 if verdict.fault else 0


def _manifest(options: argparse.Namespace) -> int:
    if options.url and not options.url.startswith("https://"):
        raise SettingsError("--url must begin with https://")
    print(slack_manifest(kinds(), options.url))
    return 0


def _plan(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise SettingsError(f"{options.file}: there is no such file")
    plan = compose.checked_plan(options.file)
    print(f"{options.file}: {len(plan.key_results)} key results, {len(plan.members)} members.")
    return 0


def _digest(options: argparse.Namespace) -> int:
    desk = _desk(_settings(connected=False))
    try:
        week = Week.parse(options.week) if options.week else desk.okr.latest_week()
    except ValueError as error:
        raise SettingsError(f"--week {options.week}: {error}") from None
    page = desk.okr.published(week)
    if page is None:
        print(f"{week} is not over yet: its digest is still to come.", file=sys.stderr)
        return 1
    print(in_text(page))
    return 0


def _demo(options: argparse.Namespace) -> int:
    # Here and not above: the demo's parts are not needed by a bot that runs for real.
    from playground.demo import play, serve  # noqa: PLC0415

    if options.script:
        return play()
    return serve(port=options.port, empty=options.empty)


if __name__ == "__main__":
    sys.exit(main())
