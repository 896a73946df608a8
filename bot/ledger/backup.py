"""A copy of the whole database while it is in use, and the way back from one.

What is said unasked is held after a restore: the database no longer knows what was said since the
copy was made, and would say it again. A copy takes the database's place in one stroke, held
already: whoever is killed on the way leaves the one or the other, whole.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import URL, make_url

from bot.ledger.store import HELD
from bot.ledger.tables import microseconds
from bot.machine import may_write
from bot.undone import UndoneError


class BackupError(UndoneError):
    """It was not done. The text says why, and holds no password."""


def backup(database_url: str, target: Path) -> None:
    """Write a consistent copy to `target`, which must not be there yet. Raises BackupError."""
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name.")
    folder = target.absolute().parent
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}.")
    if not may_write(folder):
        raise BackupError(f"This user may not write in {folder}.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    _remove(unfinished)  # one who was killed may have left it
    try:
        _copy(make_url(database_url), unfinished)
        unfinished.replace(target)  # only a whole copy gets the name
    finally:
        _remove(unfinished)


def _copy(url: URL, target: Path) -> None:
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(_file_of(url), target)
    else:
        _run(("pg_dump", "--format=custom", "--no-owner", f"--file={target}"), url)


def restore(database_url: str, source: Path, since: datetime) -> Path | None:
    """Put a copy in the place of the database, which nothing else may be using. Raises BackupError.

    Nothing is said unasked from then on: held `since`. Where the database was an SQLite file, what
    was there is kept beside it: its path is returned.
    """
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    if not os.access(source, os.R_OK):
        raise BackupError(f"This user may not read {source}.")
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _restore_sqlite(source, _file_of(url), _hold(since))
    _restore_postgresql(source, url, _hold(since))
    return None


def _hold(since: datetime) -> str:
    """What `Pulse.beat` does, in the words of both databases: here no ledger is open yet."""
    return (
        f"INSERT INTO pulse (name, at) VALUES ('{HELD}', {microseconds(since)}) "  # noqa: S608 - a constant and a number
        "ON CONFLICT (name) DO UPDATE SET at = excluded.at"
    )


# --- SQLite


def _file_of(url: URL) -> Path:
    if not url.database:
        raise BackupError("DATABASE_URL names no file.")
    return Path(url.database)


def _copy_sqlite(
    source: Path, target: Path, opened: Callable[[Path], sqlite3.Connection] = sqlite3.connect
) -> None:
    # A live file copied as a file is often unusable; the backup API waits for who is writing.
    # https://www.sqlite.org/backup.html
    if not source.is_file():
        raise BackupError(f"There is no database {source}.")
    try:
        with closing(opened(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)
            # So that it can be read where nothing can be written beside it.
            other.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} could not be copied: {error}.") from error
    _check_sqlite(target)


def _at_rest(file: Path) -> sqlite3.Connection:
    """A copy, which nobody writes: so SQLite need not write beside it to read it, which may not be
    allowed. https://www.sqlite.org/uri.html#uriimmutable"""
    whole = not any(part.exists() for part in _parts(file)[1:])
    options = "mode=ro&immutable=1" if whole else "mode=ro"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{options}", uri=True)


def _check_sqlite(file: Path) -> None:
    try:
        with closing(_at_rest(file)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = database.execute("SELECT count(*) FROM alembic_version").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of Brobot's: {error}.") from error
    if not (sound and ours):
        raise BackupError(f"{file} is damaged, or no backup of Brobot's.")


def _restore_sqlite(source: Path, file: Path, hold: str) -> Path | None:
    _check_sqlite(source)
    arriving = file.with_name(f"{file.name}.restoring")
    _remove(arriving)
    try:
        _copy_sqlite(source, arriving, _at_rest)
        with closing(sqlite3.connect(arriving)) as database, database:
            database.execute(hold)
        kept = _kept(file) if file.exists() else None
        for part in _parts(file)[1:]:  # of another file's they would be read as this one's
            part.unlink(missing_ok=True)
        arriving.replace(file)
    finally:
        _remove(arriving)
    return kept


def _kept(file: Path) -> Path:
    """What was there, beside it: as it is, also where it is damaged (a reason to restore)."""
    _bring_to_rest(file)
    names = (file.with_name(f"{file.name}.before-restore-{n}") for n in range(1, 10_000))
    kept = next(name for name in names if not name.exists())
    unfinished = kept.with_name(f"{kept.name}.unfinished")
    for part, place in zip(_parts(file)[1:], _parts(kept)[1:], strict=True):
        if part.exists():
            shutil.copy2(part, place)
    shutil.copy2(file, unfinished)
    return unfinished.replace(kept)


def _bring_to_rest(file: Path) -> None:
    """Bring what stands in the write-ahead log into the file, which only the last one may."""
    try:
        with closing(sqlite3.connect(file, timeout=1)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            used = f"{file} is in use. Stop web and worker first."
            raise BackupError(used) from error


def _parts(file: Path) -> tuple[Path, ...]:
    """A database's file, and what SQLite may have beside it. https://www.sqlite.org/tempfiles.html"""
    return tuple(Path(f"{file}{ending}") for ending in ("", "-wal", "-shm", "-journal"))


def _remove(file: Path) -> None:
    for part in _parts(file):
        part.unlink(missing_ok=True)


# --- PostgreSQL


_EMPTY = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
EXECUTE format('DROP TABLE %I CASCADE', name); END LOOP;
FOR name IN SELECT oid::regprocedure FROM pg_proc WHERE prorettype = 'trigger'::regtype
AND pronamespace = current_schema()::regnamespace LOOP
EXECUTE 'DROP FUNCTION ' || name || ' CASCADE'; END LOOP; END $$"""
"""Every table, and what triggers call, not only those that the copy has: a newer release may have
made more, which would be in the way when that release's migrations are run again."""


def _restore_postgresql(source: Path, url: URL, hold: str) -> None:
    # By a file and not by a pipe: of a pipe that breaks off, psql would keep the first half.
    with TemporaryDirectory() as folder:
        script = f"{folder}/restore.sql"
        _run(("pg_restore", "--no-owner", f"--file={script}", str(source)), url)
        steps = (f"--command={_EMPTY}", f"--file={script}", "--command=RESET search_path")
        whole = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run(("psql", *whole, f"--dbname={_without_password(url)}", *steps, f"-c{hold}"), url)


def _run(command: Sequence[str], url: URL) -> None:
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


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql")._replace(password=None).render_as_string()
