"""Known vulnerabilities in what the lock file installs: `python -m tests.audit`.

Ends with 1 for a finding, and whenever a package has not been audited, for whatever reason: nobody
is to take silence for a clean bill. Where a release must not hang on somebody else's server,
`--offline-ok` lets an advisory service that cannot be reached fail nothing; that nothing was
audited is told loudly all the same.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK = "requirements.lock"
AUDIT = (
    *(str(Path(sys.executable).parent / "pip-audit"), "--require-hashes", "--disable-pip"),
    *("--progress-spinner=off", "--timeout=20", "--format=json", f"--requirement={LOCK}"),
)
UNREACHED = ("Could not connect", "requests.exceptions.", "not redirecting")
"""What pip-audit, or the library that it asks with, says when nobody answers."""


def verdict(report: str, trouble: str, *, offline_ok: bool = False) -> tuple[list[str], int]:
    """What to say of pip-audit's report (JSON, empty if there is none) and of its complaints
    (stderr), and the exit code. A package that it could not look up has not been audited, which
    fails unless that is `offline_ok`; a fault of our own (in the lock file) always does."""
    forgiven = 0 if offline_ok else 1
    if not report:
        unreached = any(words in trouble for words in UNREACHED)
        return ([*_unreached("all"), trouble[-500:]], forgiven) if unreached else ([trouble], 1)
    packages = json.loads(report)["dependencies"]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    found = [line for each in packages for line in _findings(each)]
    lines = [f"{len(packages) - len(skipped)} of {len(packages)} packages audited.", *found]
    if skipped:
        lines += _unreached(", ".join(skipped))
    return lines, 1 if found else (forgiven if skipped else 0)


def _findings(package: dict) -> Iterator[str]:
    for each in package.get("vulns", ()):
        mended = ", ".join(each["fix_versions"]) or "no release yet"
        yield f"✘ {package['name']} {package['version']}: {each['id']} (mended in {mended})"


def _unreached(which: str) -> list[str]:
    return [
        "!" * 80,
        f"NOT AUDITED, the advisory service did not know or answer: {which}",
        "!" * 80,
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description="Known vulnerabilities in what is installed.")
    told = "an advisory service that cannot be reached fails nothing"
    parser.add_argument("--offline-ok", action="store_true", help=told)
    offline_ok = parser.parse_args().offline_ok
    done = subprocess.run(AUDIT, check=False, capture_output=True, text=True)
    lines, code = verdict(done.stdout.strip(), done.stderr.strip(), offline_ok=offline_ok)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
