"""The story that the demo tells, which checks itself while it is told."""

import pytest

from playground.demo import play
from playground.story import tell
from playground.teller import StoryError, expect
from tests.talk import sv


@pytest.fixture(scope="module")
def transcript() -> str:
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("builtins.print", lambda line, **_: lines.append(line))
        assert play() == 0, lines[-1]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "sentence",
    [
        "Maria skriver: /workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare",
        sv("{value} of {target}", value=2, target=4),
        f"Amir trycker på [{sv('Approve as contact')}]",
        f"Nils trycker på [{sv('Nothing to report')}]",
        f"Lars trycker på [{sv('Later: tomorrow')}]",
        "Klockan är nu måndag 15 juni kl. 08.00.",
        "Karin skriver: /okr vecka 2026-v24",
        "Karin skriver: /etablering Projekt Falk 15 ha 40 mkr svar senast 30 juni",
        f"Maria trycker på [{sv('Acknowledge')}]",
        "Projekt Falk: svar är försenat.",
        f"Karin trycker på [{sv('Landed')}]",
        sv("A confidential case"),
        "4,6\u00a0% (345 av 7\u00a0500)",
    ],
)
def test_the_transcript_tells_it(transcript, sentence):
    assert sentence in transcript


def test_it_is_told_in_the_same_words_every_time(transcript, capsys):
    assert play() == 0
    assert capsys.readouterr().out.rstrip("\n") == transcript.rstrip("\n")


def test_it_fails_where_something_else_is_seen(town):
    """Without the example half-year Maria's workshop is the first, and not the second."""
    with pytest.raises(StoryError, match=sv("{value} of {target}", value=1, target=4)):
        tell(town, lambda _line: None)


def test_what_was_expected_and_what_was_seen_are_said():
    with pytest.raises(StoryError, match=r"(?s)expected 'two'.*saw:\none"):
        expect("one", "two")
