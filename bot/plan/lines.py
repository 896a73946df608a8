"""On which line of a TOML text a key stands: `tomllib` gives values without their place."""

import re

Path = tuple[str | int, ...]

_STRING_OR_COMMENT = re.compile(
    r'"""(?:\\.|.)*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*$")
_KEY = re.compile(r"\s*([\w.\-]+)\s*=")


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and every key that begins a line.

    What stands inside an inline table or a list is found at the line of the key that holds it.
    The text must be valid TOML.
    """
    found: dict[Path, int] = {}
    lengths: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    for number, line in enumerate(_bare(text).split("\n"), start=1):
        if depth == 0 and (header := _HEADER.match(line)):
            table = _opened(table_name=header[2], listed=header[1] == "[[", lengths=lengths)
            found.setdefault(table, number)
        elif depth == 0 and (key := _KEY.match(line)):
            found[table + _names(key[1])] = number
        if not (depth == 0 and _HEADER.match(line)):
            depth += sum(line.count(c) for c in "[{") - sum(line.count(c) for c in "]}")
    return found


def line_of(path: Path, lines: dict[Path, int]) -> int:
    """The line of the key, or of the nearest table or key around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _bare(text: str) -> str:
    # Brackets and equals signs inside strings and comments mean nothing; line ends still count.
    return _STRING_OR_COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _names(dotted: str) -> Path:
    return tuple(part.strip() for part in dotted.split("."))


def _opened(table_name: str, *, listed: bool, lengths: dict[Path, int]) -> Path:
    # `[key_results.measure]` belongs to the last `[[key_results]]` above it.
    path: Path = ()
    *outer, last = _names(table_name)
    for name in outer:
        path = (*path, name)
        if path in lengths:
            path = (*path, lengths[path] - 1)
    path = (*path, last)
    if listed:
        lengths[path] = lengths.get(path, 0) + 1
        path = (*path, lengths[path] - 1)
    return path
