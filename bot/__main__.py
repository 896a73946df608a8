"""The command line: `brobot`, also `python -m bot`."""

import gc

gc.disable()  # what is loaded now becomes no garbage: looking for some took a sixth of a start

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import uvicorn

from bot import compose
from bot.calendar import Week
from bot.clock import system_clock
from bot.desk.desk import Desk
from bot.doctor import report
from bot.ledger.backup import BackupError, backup, restore
from bot.ledger.engine import connect
from bot.ledger.migrate import Schema, make_migration, migrate, schema
from bot.ledger.store import HELD, Books, Ledger
from bot.logs import set_up
from bot.machine import mounts, on_a_network, sqlite_file, this_machine
from bot.plan.loader import PlanError
from bot.presence import ElsewhereError, present
from bot.reports import kinds
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
    except (SettingsError, PlanError, BackupError, ElsewhereError) as error:
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


def _run(_options: argparse.Namespace) -> int:
    settings = _settings()
    _wait_for_database(settings)
    migrate(connect(settings.database_url))
    desk = _desk(settings)
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
    desk = _desk(settings)
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
    desk = _desk(settings)
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
    backup(_settings(connected=False).database_url, options.file)
    return 0


def _restore(options: argparse.Namespace) -> int:
    """What the database has forgotten must not be said again: the outbox is held."""
    url = _settings(connected=False).database_url
    kept = restore(url, options.file, system_clock())
    engines = connect(url)
    migrate(engines)
    engines.dispose()
    if kept:
        print(f"What was there before is in {kept}.")
    print("Restored. Nothing is said until you have looked at it and typed: brobot release")
    return 0


def _release(options: argparse.Namespace) -> int:
    ledger = Ledger(connect(_settings(connected=False).database_url))

    def work(books: Books) -> int:
        books.pulse.clear(HELD)
        return 0 if options.say else books.outbox.drop_unsettled("left unsaid after a restore")

    print(f"The bot speaks again. Left unsaid: {ledger.write(work)}.")
    ledger.close()
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    lines, well = report(compose.findings(_settings()))
    print("\n".join(lines))
    return 0 if well else 1


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
