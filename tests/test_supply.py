"""What is installed and what is committed: no known holes, no secrets, a list of all parts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

from tests.audit import verdict

ROOT = Path(__file__).parent.parent

GENERATED = (".lock", "package-lock.json", "index.css", "page.js", ".po", ".png", ".svg")
"""Full of hashes and of other people's code, or no text."""

DETECTORS = (
    *("SlackDetector", "BasicAuthDetector", "PrivateKeyDetector", "JwtTokenDetector"),
    *("GitHubTokenDetector", "AWSKeyDetector", "HexHighEntropyString"),
)
"""What this project or its hosts could have. Slack's signing secret is 32 hexadecimal digits."""

HARMLESS = {
    "bot/ledger/migrations/versions/20261124_cases_with_parts_readings.py": "a migration's id",
    "bot/ledger/migrations/versions/20261125_outbox_index.py": "a migration's id",
    "bot/ledger/migrations/versions/20261125_privacy_and_audit.py": "a migration's id",
    "bot/ledger/schema.py": "migrations' ids",
    "bot/ledger/migrations/versions/20261125_tallies_of_the_plan.py": "a migration's id",
    "bot/ledger/migrations/versions/20261126_tallies_by_day.py": "a migration's id",
    "tests/bot/ledger/test_backup.py": "a password that must not be shown",
    "tests/bot/ledger/test_restoring_erasures.py": "a migration's id",
    "tests/bot/ledger/test_transactions.py": "a database that is never asked",
    "tests/torture/storage/previous_release.json": "a migration's id",
    "tests/torture/test_secrets.py": "secrets to look for in logs",
    "tests/test_supply.py": "an example of what is to be found",
    "tests/test_command_line.py": "a password that must not be shown",
    "tests/test_doctor.py": "a password that must not be shown",
}


def committed() -> list[str]:
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def secrets_in(files: list[Path]) -> list[str]:
    found = SecretsCollection()
    plugins = [{"name": name} for name in DETECTORS]
    with transient_settings({"plugins_used": plugins, "filters_used": []}):
        for file in files:
            found.scan_file(str(file))
    return [f"{name}:{secret.line_number} {secret.type}" for name, secret in found]


def test_no_secret_is_committed():
    names = [each for each in committed() if not each.endswith(GENERATED) and each not in HARMLESS]
    assert secrets_in([ROOT / name for name in names]) == []


@pytest.mark.parametrize(
    "line",
    [
        "SLACK_BOT_TOKEN=xoxb-" + "123456789012-123456789012-" + "AbCdEfGhIjKlMnOpQrStUvWx",
        "DATABASE_URL=postgresql://brobot:" + "s3cretpassw0rd@db.example.se/brobot",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        'SLACK_SIGNING_SECRET = "' + "9f84c27a3be1" + "5d608e7f" + '12ab34cd56e0"',
    ],
)
def test_a_secret_that_somebody_commits_is_found(tmp_path, line):
    (tmp_path / "settings.env").write_text(f"{line}\n")
    assert secrets_in([tmp_path / "settings.env"])


def test_what_is_excused_is_still_there_and_still_looks_like_a_secret():
    excused = {name for name in HARMLESS if secrets_in([ROOT / name])}
    assert excused == set(HARMLESS)


def report(*packages: dict) -> str:
    return json.dumps({"dependencies": packages})


SOUND = {"name": "babel", "version": "2.18.0", "vulns": []}
HOLE = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
FAULTY = {"name": "oldlib", "version": "1.0", "vulns": [HOLE]}
UNKNOWN = {"name": "starlette", "skip_reason": "Dependency not found on PyPI"}


def test_a_known_hole_fails_the_audit_and_is_named_with_its_remedy():
    lines, code = verdict(report(SOUND, FAULTY), "")
    assert code == 1
    assert "✘ oldlib 1.0: PYSEC-1 (mended in 2.0)" in lines


def test_what_could_not_be_looked_up_is_not_called_sound():
    lines, code = verdict(report(SOUND, UNKNOWN), "")
    assert code == 1
    assert verdict(report(SOUND, UNKNOWN), "", offline_ok=True) == (lines, 0)
    assert lines[0] == "1 of 2 packages audited."
    assert any("NOT AUDITED" in line and "starlette" in line for line in lines)


@pytest.mark.parametrize(
    ("trouble", "away"),
    [
        ("ERROR: Could not connect to PyPI's vulnerability feed", True),
        ("requests.exceptions.ProxyError: HTTPSConnectionPool", True),
        ("ERROR: requirement babel is missing a hash", False),
        ("", False),
    ],
)
def test_only_a_service_that_does_not_answer_is_forgiven_where_that_was_asked_for(trouble, away):
    lines, code = verdict("", trouble)
    assert code == 1
    assert any("NOT AUDITED" in line for line in lines) is away
    assert verdict("", trouble, offline_ok=True) == (lines, 0 if away else 1)


def test_a_known_hole_is_not_forgiven_because_the_service_did_not_know_the_rest():
    assert verdict(report(FAULTY, UNKNOWN), "", offline_ok=True)[1] == 1


def test_the_sbom_names_every_package_of_the_lock_file(tmp_path):
    made = tmp_path / "sbom.json"
    tool = Path(sys.executable).parent / "cyclonedx-py"
    options = ("--pyproject", "pyproject.toml", "--no-validate", "--of", "JSON", "-o", made)
    command = (tool, "requirements", "requirements.lock", *options)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    locked = (ROOT / "requirements.lock").read_text().splitlines()
    wanted = {line.partition("==")[0] for line in locked if "==" in line and line[0].isalpha()}
    assert {part["name"] for part in json.loads(made.read_text())["components"]} == wanted
