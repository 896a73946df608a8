"""The command line: `brobot`, also `python -m bot`."""

import gc

gc.disable()  # what is loaded now becomes no garbage: looking for some took a sixth of a start

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import compose, processes, upkeep
from bot.calendar import Week
from bot.doctor import report
from bot.ledger.backup import BackupError
from bot.ledger.journal import JournalError
from bot.plan.loader import PlanError
from bot.presence import ElsewhereError
from bot.reports import kinds
from bot.settings import SettingsError
from handlers.console import in_text
from handlers.slack.manifest import slack_manifest

gc.enable()


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
        "run": (processes.run, "web and worker in one process"),
        "web": (processes.web, "the web process alone"),
        "worker": (processes.worker, "the worker alone: digest, reminders, delivery"),
        "migrate": (upkeep.migrate, "bring the database to this release's schema"),
        "doctor": (_doctor, "look whether everything is in place, and say what to do"),
        "backup": (upkeep.backup, "write a copy of the database, while it is in use"),
        "restore": (
            upkeep.restore,
            "put a copy in the database's place; nothing is said until released",
        ),
        "release": (upkeep.release, "let the bot speak again after a restore"),
        "extract": (upkeep.extract, "all that is kept about somebody, for a request for access"),
        "erase": (upkeep.erase, "erase somebody's personal data; reports stay under a pseudonym"),
        "dispose": (upkeep.dispose, "remove what has outlived its rule in the plan file"),
        "keep": (upkeep.keep, "keep the case of a report from disposal, or no longer"),
        "audit": (upkeep.audit, "look whether the audit trail is whole, or print it as JSON lines"),
        "manifest": (_manifest, "the app manifest to paste into Slack"),
        "plan": (_plan, "check a plan file"),
        "digest": (_digest, "print a week's digest"),
    }


def _doctor(_options: argparse.Namespace) -> int:
    lines, well = report(compose.findings(compose.settings_here()))
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
    desk = compose.desk_here(compose.settings_here(connected=False))
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
