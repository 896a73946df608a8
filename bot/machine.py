"""Which machine this is, and whether an SQLite file lies where only this machine has it.

SQLite serves one machine: its lock and its write-ahead log work in shared memory, which no network
file system has. https://www.sqlite.org/wal.html#overview
"""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy.engine import URL, make_url

NETWORKED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "glusterfs"}
    | {"fuse.sshfs", "fuse.glusterfs"}
)
"""Types of file system, as /proc/mounts names them, that several machines may share."""

USE_POSTGRESQL = "For several machines set DATABASE_URL to a PostgreSQL database."


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine as it may be told from others. Two containers on one host have the same `boot`
    and different `host`; a machine before and after its restart has the same `host`."""

    boot: str
    host: str

    def is_same_as(self, other: "Machine") -> bool:
        return self.boot == other.boot or self.host == other.host


def this_machine() -> Machine:
    """Marks that lead back to nothing. Without a /proc its name has to do."""
    boot, host = _read("/proc/sys/kernel/random/boot_id"), _read("/etc/machine-id")
    return Machine(_mark(boot or platform.node()), _mark(host or platform.node()))


def sqlite_file(database_url: str | URL) -> Path | None:
    """The file of an SQLite database; None for any other."""
    url = make_url(database_url)
    sqlite = url.get_backend_name() == "sqlite"
    return Path(url.database).absolute() if sqlite and url.database else None


def network_of(file: Path, mounts: str) -> str | None:
    """The type of the network file system that a file lies on, or None. `mounts` is what stands
    in /proc/mounts. https://man7.org/linux/man-pages/man5/proc_mounts.5.html"""
    kinds = {}
    for line in mounts.splitlines():
        _device, place, kind, *_rest = line.split()
        kinds[Path(place.replace("\\040", " "))] = kind  # the last of one place lies on top
    above = next((kinds[each] for each in (file, *file.parents) if each in kinds), "")
    return above if above in NETWORKED else None


def mounts() -> str:
    """Empty where the system does not tell."""
    return _read("/proc/mounts")


def on_a_network(database_url: str, mounted: str) -> str | None:
    """What is wrong with where an SQLite file lies, as a sentence."""
    file = sqlite_file(database_url)
    kind = network_of(file.resolve(), mounted) if file else None
    if kind is None:
        return None
    return (
        f"{file} lies on a network file system ({kind}), where SQLite loses what it saves. "
        f"Put it on a disk of this machine. {USE_POSTGRESQL}"
    )


MAKE_WRITABLE = "Make it and let the bot's user write there, or put DATABASE_URL right."


def may_write(path: Path) -> bool:
    return os.access(path, os.W_OK)


def unwritable(database_url: str | URL, may: Callable[[Path], bool] = may_write) -> str | None:
    """Why an SQLite database can be neither made nor written by this user, as part of a sentence.
    The log beside it counts as well: it may have been left by root."""
    file = sqlite_file(database_url)
    if file is None:
        return None
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}"
    if file.is_dir():
        return f"{file} is a folder, not a file"
    beside = (Path(f"{file}{end}") for end in ("", "-wal", "-shm"))
    refused = (each for each in (file.parent, *beside) if each.exists() and not may(each))
    return next((f"this user may not write {each}" for each in refused), None)


def _mark(identity: str) -> str:
    return sha256(f"brobot {identity}".encode()).hexdigest()[:12]


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
