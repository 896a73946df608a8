"""What the README says is what there is."""

import re
from pathlib import Path

from bot.__main__ import commands
from bot.settings import Settings
from tests.promises import PAGE, ROW

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()


def test_every_setting_stands_in_the_readme_with_its_sentence():
    for field in Settings.model_fields.values():
        assert f"| `{field.alias}` | {field.description} |" in README


def test_the_readme_names_no_setting_that_there_is_not():
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert named == {field.alias for field in Settings.model_fields.values()}


def test_every_command_stands_in_the_readme_and_none_besides():
    named = set(re.findall(r"^\| `brobot ([a-z]+)", README, re.MULTILINE))
    assert named == set(commands())


def test_what_the_readme_links_to_is_there():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)


def test_every_file_of_the_bot_stands_in_the_architecture_and_none_besides():
    table = ARCHITECTURE.partition("### Inside `bot/`")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+(?:\.py|/))`", table))
    folders = {f"{path.name}/" for path in (ROOT / "bot").iterdir() if path.is_dir()}
    files = {path.name for path in (ROOT / "bot").glob("*.py")}
    assert named == (files | folders) - {"__init__.py", "__main__.py", "__pycache__/"}


def test_every_contract_stands_in_their_table_with_a_test_that_there_is():
    contracts = ROOT / "tests" / "contracts"
    named = set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", (contracts / "README.md").read_text()))
    written = {
        (path.name, name)
        for path in contracts.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert named == written


def test_every_promise_names_a_test_that_there_is():
    rows = list(ROW.finditer(PAGE.read_text()))
    assert rows
    assert [row["test"] for row in rows if row["test"] not in written_tests()] == []


def written_tests() -> set[str]:
    return {
        f"{path.relative_to(ROOT)}::{name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
