"""Commands that show something and change nothing."""

import argparse
import os
import sys

from bot.calendar import Week
from bot.compose.desk import checked_plan, desk_here, settings_here
from bot.compose.doctor import findings
from bot.doctor import report
from bot.logs import set_up
from bot.reports import kinds
from bot.settings import SettingsError, settings_read
from handlers.console import in_text
from handlers.slack.manifest import slack_manifest


def doctor(_options: argparse.Namespace) -> int:
    settings, wrong = settings_read(os.environ)
    set_up(settings.log_level, settings.log_format)
    lines, well = report(findings(settings, wrong=wrong))
    print("\n".join(lines))
    return 0 if well else 1


def manifest(options: argparse.Namespace) -> int:
    if options.url and not options.url.startswith("https://"):
        raise SettingsError("--url must begin with https://")
    print(slack_manifest(kinds(), options.url))
    return 0


def plan(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise SettingsError(f"{options.file}: there is no such file")
    read = checked_plan(options.file)
    print(f"{options.file}: {len(read.key_results)} key results, {len(read.members)} members.")
    return 0


def digest(options: argparse.Namespace) -> int:
    desk = desk_here(settings_here(connected=False))
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
