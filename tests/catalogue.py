"""The Swedish catalogue against the sentences in the code: `make catalogue` brings it up to date.

New sentences are added without a translation, sentences that are gone are dropped, and nothing is
guessed: `tests/bot/test_language.py` fails until every sentence has been translated.
"""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.language import LOCALE_FOLDER

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "schedules")
KEYWORDS = {"t": None, "n": (1, 2), "N_": None, "refusal": (2,)}
SWEDISH = LOCALE_FOLDER / "sv" / "LC_MESSAGES" / "brobot.po"
HEADER = b"""msgid ""
msgstr ""
"Language: sv\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def extracted() -> Catalog:
    """Every sentence that the code says."""
    found = Catalog()
    for room in ROOMS:
        for _, _, msgid, _, context in extract_from_dir(ROOT / room, keywords=KEYWORDS):
            found.add(msgid, context=context)
    return found


def translated() -> Catalog:
    with SWEDISH.open("rb") as source:
        return read_po(source, locale="sv")


def update() -> None:
    catalogue = translated()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    with SWEDISH.open("wb") as target:
        target.write(HEADER)
        write_po(
            target,
            catalogue,
            no_location=True,
            omit_header=True,
            sort_output=True,
            ignore_obsolete=True,
        )


if __name__ == "__main__":
    update()
