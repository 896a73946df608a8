"""A copy of the whole database while it is in use, and the way back from one.

What is said unasked is held after a restore: the database no longer knows what was said since the
copy was made, and would say it again.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import URL, make_url

from bot.ledger.tables import metadata


class BackupError(Exception):
    """It was not done. The text says why, and holds no password."""


def backup(database_url: str, target: Path) -> None:
    """Write a consistent copy to `target`, which must not be there yet. Raises BackupError."""
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name.")
    if not target.absolute().parent.is_dir():
        raise BackupError(f"There is no folder {target.absolute().parent}.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        _copy(make_url(database_url), unfinished)
        unfinished.replace(target)  # only a whole copy gets the name
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(url: URL, target: Path) -> None:
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(_file_of(url), target)
    else:
        _run(("pg_dump", "--format=custom", "--no-owner", f"--file={target}"), url)


def restore(database_url: str, source: Path) -> Path | None:
    """Put a copy in the place of the database, which nothing else may be using. Raises BackupError.

    Where the database was an SQLite file, what was there is kept beside it: its path is returned.
    """
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        _restore_postgresql(source, url)
        return None
    _check_sqlite(source)
    file = _file_of(url)
    kept = _free_name(file) if file.exists() else None
    if kept is not None:
        _copy_sqlite(file, kept)
    _copy_sqlite(source, file)
    return kept


# --- SQLite


def _file_of(url: URL) -> Path:
    if not url.database:
        raise BackupError("DATABASE_URL names no file.")
    return Path(url.database)


def _copy_sqlite(source: Path, target: Path) -> None:
    # A live file copied as a file is often unusable; the backup API waits for who is writing.
    # https://www.sqlite.org/backup.html
    if not source.is_file():
        raise BackupError(f"There is no database {source}.")
    try:
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
    except sqlite3.Error as error:
        raise BackupError(f"{source} could not be copied: {error}.") from error
    _check_sqlite(target)


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = database.execute("SELECT count(*) FROM alembic_version").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of Brobot's: {error}.") from error
    if not (sound and ours):
        raise BackupError(f"{file} is damaged, or no backup of Brobot's.")


def _free_name(file: Path) -> Path:
    names = (file.with_name(f"{file.name}.before-restore-{n}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())


# --- PostgreSQL


def _restore_postgresql(source: Path, url: URL) -> None:
    """All in one transaction: where it fails, what was there is there still.

    A copy from before a migration does not know the tables made since, which refer to those that
    it replaces: they go first, and the migration makes them again.
    """
    listed = _run(("pg_restore", "--list", str(source)), url)
    known = set(re.findall(r" TABLE \S+ (\w+) ", listed))
    newer = sorted(set(metadata.tables) - known)
    with TemporaryDirectory() as folder:
        first, then = Path(folder, "newer.sql"), Path(folder, "copy.sql")
        first.write_text("".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in newer))
        clean = ("--clean", "--if-exists", "--no-owner", f"--file={then}")
        _run(("pg_restore", *clean, str(source)), url)
        whole = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        files = (f"--file={first}", f"--file={then}")
        _run(("psql", *whole, *files, f"--dbname={_without_password(url)}"), url)


def _run(command: Sequence[str], url: URL) -> str:
    """PostgreSQL's own programs. The password goes by the environment: others see a command."""
    program = command[0]
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed (Debian: postgresql-client).")
    if program == "pg_dump":
        command = (*command, f"--dbname={_without_password(url)}")
    environment = {**os.environ, "PGPASSWORD": url.password or os.environ.get("PGPASSWORD", "")}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - the program and its arguments are ours
    if done.returncode != 0:
        raise BackupError(f"{program}: {done.stderr.strip()}")
    return done.stdout


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql")._replace(password=None).render_as_string()
