"""The command line: `brobot`, also `python -m bot`."""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from bot.undone import UndoneError

_COMMANDS = {
    "demo": "bot, worker, database and a stand-in Slack, with a page to try them",
    "run": "web and worker in one process",
    "web": "the web process alone",
    "worker": "the worker alone: digest, reminders, delivery",
    "migrate": "bring the database to this release's schema",
    "doctor": "look whether everything is in place, and say what to do",
    "backup": "write a copy of the database, while it is in use",
    "restore": "put a copy in the database's place; nothing is said until released",
    "release": "let the bot speak again after a restore",
    "extract": "all that is kept about somebody, for a request for access",
    "erase": "erase somebody's personal data; reports stay under a pseudonym",
    "dispose": "remove what has outlived its rule in the plan file",
    "keep": "keep the case of a report from disposal, or no longer",
    "audit": "look whether the audit trail is whole, or print it as JSON lines",
    "manifest": "the app manifest to paste into Slack",
    "plan": "check a plan file",
    "digest": "print a week's digest",
}

_FILES = {
    "demo": "playground.demo",
    **{each: f"bot.processes.{each}" for each in ("run", "web", "worker")},
    **dict.fromkeys(("doctor", "manifest", "plan", "digest"), "bot.shown"),
}
"""Where a command is a function of its name; the others are in `bot.upkeep`. By name, so that a
process loads what its own command needs and no other's: with all of them it would take half as
much memory again."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. The exit code: 0 done, 1 not done (and why, on stderr), 2 misused."""
    options = _parser().parse_args(arguments)
    try:
        return _loaded(options.command)(options)
    except UndoneError as error:
        print(error, file=sys.stderr)
        return 1


def commands() -> tuple[str, ...]:
    return tuple(_COMMANDS)


def _loaded(command: str) -> Callable[[argparse.Namespace], int]:
    """What is loaded stays: to look for garbage among it would take a sixth of a start."""
    gc.disable()
    file = import_module(_FILES.get(command, "bot.upkeep"))
    gc.freeze()
    gc.enable()
    run: Callable[[argparse.Namespace], int] = getattr(file, command)
    return run


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("brobot", description="How the plan stands, from reports.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    added = {}
    for name, words in _COMMANDS.items():
        added[name] = subparsers.add_parser(name, help=words, description=words)
        added[name].set_defaults(command=name)
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
    added["dispose"].add_argument("--by", type=_day, help="what goes by this day, as 2037-12-31")
    added["keep"].add_argument("report", type=int, help="the number of any report in the case")
    added["keep"].add_argument("--why", default="", help="the reason, for the record")
    added["keep"].add_argument("--lift", action="store_true", help="no longer keep it")
    added["audit"].add_argument("action", choices=["verify", "export"])
    added["audit"].add_argument("--head", default="", help="a head that was noted elsewhere")
    added["release"].add_argument("--say", action="store_true", help="say what has been waiting")
    added["digest"].add_argument("--week", help="as 2026-v11; without: the latest")
    return parser


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words} is no day: 2037-12-31") from None


if __name__ == "__main__":
    sys.exit(main())
