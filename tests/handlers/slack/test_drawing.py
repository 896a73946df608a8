"""What is drawn for Slack keeps Slack's limits, in every language and whatever people wrote."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import unescape
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.desk import Desk
from bot.desk.report_forms import Asked, ReportForms
from bot.desk.setup import Setup
from bot.desk.submission import Submission
from bot.language import CODES, language
from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.store import Ledger
from bot.measures import cases
from bot.names import PlanNames
from bot.pages import Buttons, Picture, Text, said, text
from bot.picture import _cut, png
from bot.reminders import ReminderAnswers
from bot.reports import kinds
from handlers.slack.forms import errors_of, page_view, view_of
from handlers.slack.pages import blocks_of, text_of
from playground.blocks import all_texts
from playground.limits import (
    blocks_are_too_long,
    message_problems,
    view_is_too_large,
    view_problems,
)
from tests.bot.examples import BRO
from tests.handlers.slack import scenes
from tests.handlers.slack.every_page import pages
from tests.handlers.slack.scenes import NOW

ORDINARY = "Exportdag för småföretag"
HOSTILE = {
    "nothing": "",
    "a space": " ",
    "mentions": "<!channel> <!here> <@U1> <#C1> <http://x|y> <!subteam^S1>",
    "escapes": "&lt;!channel&gt; &amp; & && &#60;",
    "marks": "*fet* _kursiv_ ~struken~ `kod` ```kod``` > citat",
    "placeholders": "“citat” ”citat” {day} {0} {} { % %s \\ \" '",
    "controls": "\x00\x07\x1b[31m\x7f\u2028\u2029\r\n\t",
    "directions": "\u202e\u2066\u200f\u200b\u2060\ufeff",
    "emoji": "👩‍👩‍👧‍👦🇸🇪" * 200,
    "one long word": "x" * 10_000,
    "all escaped": "<" * 10_000,
    "lines": "&\n" * 5_000,
    "quotes": '"\\\x01' * 3_000,
    "marks over lines": "a b\n*c* " * 2_000,
}
hostile = (
    st.sampled_from(sorted(HOSTILE.values()))
    | st.text(max_size=600)
    | st.text("<>&*_`~|!@#\n ab", max_size=600)
)


# --- Pages


@cache
def ordinary(code):
    return pages(ORDINARY, code)


def problems_of(page):
    drawn = blocks_of(page, "F1")
    summary = text_of(page)
    return [
        *map(str, message_problems(drawn, lambda _file: True)),
        *(["msg_blocks_too_long"] if blocks_are_too_long(drawn) else []),
        *(["no text of its own for a notification"] if not 0 < len(summary) <= 3000 else []),
        *map(str, view_problems(page_view(page, language("sv")), "modal", lambda _file: True)),
        *map(str, view_problems({"type": "home", "blocks": drawn}, "home", lambda _file: True)),
    ]


def alive(drawn):
    """Texts in which Slack would find a mention, a link or a character to unescape."""
    if isinstance(drawn, list):
        return [each for inner in drawn for each in alive(inner)]
    if not isinstance(drawn, dict):
        return []
    if drawn.get("type") == "mrkdwn" and (not drawn["verbatim"] or _is_alive(drawn["text"])):
        return [drawn["text"]]
    return alive(list(drawn.values()))


def _is_alive(words):
    return bool(re.search(r"[<>]|&(?!amp;|lt;|gt;)", words))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ordinary("sv"))
def test_every_page_is_taken_by_slack_and_shown_whole(name, code):
    page = ordinary(code)[name]
    assert problems_of(page) == []
    assert not [words for words in all_texts(blocks_of(page)) if "…" in words]


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_what_people_write_is_shown_and_does_nothing(words):
    for name, page in pages(words, "sv").items():
        assert problems_of(page) == [], name
        assert alive(blocks_of(page)) == [], name
        assert not _is_alive(text_of(page)), name


@settings(max_examples=25)
@given(hostile)
def test_nothing_that_people_write_breaks_a_page(words):
    found = {
        name: problems_of(page) + alive(blocks_of(page))
        for name, page in pages(words, "sv").items()
    }
    assert {name: problems for name, problems in found.items() if problems} == {}


@given(st.text("<>&*_`~ab ", min_size=1, max_size=500))
def test_nothing_is_lost_in_drawing(words):
    assert [unescape(each) for each in all_texts(blocks_of(said(words)))] == [words]


@pytest.mark.parametrize("code", CODES)
def test_the_picture_has_room_for_every_word(code):
    page = pages(ORDINARY, code)["digest, full"]
    chart = page.picture.chart
    assert [bar.label for bar in chart.bars] == [_cut(bar.label) for bar in chart.bars]
    assert all(bar.value in page.picture.alt for bar in chart.bars)
    assert png(chart).startswith(b"\x89PNG")


@pytest.mark.parametrize("code", CODES)
def test_a_page_without_its_picture_says_so(code):
    page = pages(ORDINARY, code)["digest, full"].without_picture("Bilden saknas.")
    assert not [part for part in page.parts if isinstance(part, Picture)]
    assert "Bilden saknas." in list(all_texts(blocks_of(page)))


def test_only_what_is_typed_is_called_the_same_in_both_languages():
    english, swedish = (
        {t for page in pages("–", c).values() for t in said_in(page)} for c in ("en", "sv")
    )
    names = re.compile("|".join(map(re.escape, PlanNames(BRO, language("sv")).homes.values())))
    same = {e for e in english & swedish if re.search(r"[a-zåäö]{2}", names.sub("", e))}
    assert same == {"/okr", "/okr S4", "/okr Askersund", "/paminnelse", "Workshop –"}


def said_in(page):
    for part in page.parts:
        if isinstance(part, Text):
            yield from (s if isinstance(s, str) else s.text for s in part.spans)
        if isinstance(part, Buttons):
            yield from (button.label for button in part.buttons)


# --- Forms


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    url = f"sqlite:///{tmp_path_factory.mktemp('desk')}/brobot.db"
    engines = connect(url)
    migrate(engines)
    engines.dispose()
    setup = Setup(
        ledger=Ledger(connect(url)),
        plan=BRO,
        kinds=kinds(),
        clock=lambda: NOW,
        new_token=lambda: uuid4().hex,
        channel="slack:C1",
    )
    yield Desk(setup)
    setup.ledger.close()


def forms(desk, words, code):
    """Every form, by a name to be told apart with: as it opens, and as it comes back."""
    somebody = scenes.person(words, code)
    stranger = replace(somebody, home=None, email="ulla@exempelkonsult.se")
    about = {"report": "1"}
    alike = cases([scenes.report(words, number) for number in (1, 2, 3)])
    reports, voice = ReportForms(desk.setup), scenes.voice_of(stranger, code, words)
    same = Asked(reports.same_options(alike, voice, stranger), (words,), "mark", (text(words),))
    for kind, model in ((each.kind, each) for each in scenes.FORMED):
        answers = dict.fromkeys(model.model_fields, words) | {"members": ["1881"]}
        yield kind, reports.from_line(somebody, model, words)
        yield f"{kind} by a stranger", reports.from_line(stranger, model, "")
        yield f"{kind} changed", reports.form(somebody, model, answers, about)
        yield f"{kind} told before", reports.form(stranger, model, answers, {}, same)
        if model.step_of:
            continue
        submission = Submission(kind, answers, {}, "key")
        yield f"{kind} again", desk.reporting.submit(somebody, submission).form
    yield "withdraw", reports.withdrawal(somebody, 1, words, {})
    again = reports.withdrawal(somebody, 1, words, {"why": words + "x" * 301})
    yield "withdraw again", again.with_errors({"why": words})
    yield from _reminder_forms(desk, somebody, words)
    yield "settings", desk.people.begin_settings(somebody).form
    yield "settings again", desk.people.submit_settings(stranger, {"language": words}).form
    yield "person", desk.people._form(somebody, somebody, {"home": words, "roles": [words]})


def _reminder_forms(desk, admin, words):
    right = {"audience": "everyone", "start": "2026-07-01", "at": "09:00"}
    yield "reminder", desk.reminding.begin(admin, words).form
    yield (
        "reminder again",
        desk.reminding.submit(admin, dict.fromkeys(ReminderAnswers.model_fields, words), {}).form,
    )
    yield (
        "reminder_save",
        desk.reminding.submit(admin, right | {"say": words[:500] or "–"}, {}).form,
    )


def view_faults(form, code):
    view = view_of(form, language(code))
    return [
        *map(str, view_problems(view, "modal", lambda _file: True)),
        *(["view_too_large"] if view_is_too_large(view) else []),
        *alive(view),
        *sorted(set(errors_of(form)) - {block.get("block_id") for block in view["blocks"]}),
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_form_is_taken_by_slack_and_shown_whole(desk, code):
    for name, form in forms(desk, ORDINARY, code):
        assert view_faults(form, code) == [], name
        assert not [words for words in all_texts(view_of(form, language(code))) if "…" in words], (
            name
        )


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_whatever_was_typed_a_form_opens_and_comes_back(desk, words):
    for name, form in forms(desk, words, "sv"):
        assert view_faults(form, "sv") == [], name


@settings(max_examples=25)
@given(words=hostile)
def test_nothing_that_people_type_breaks_a_form(desk, words):
    found = {name: view_faults(form, "sv") for name, form in forms(desk, words, "sv")}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("code", CODES)
def test_every_form_can_be_left_and_sent_in_the_readers_language(desk, code):
    leave = {"sv": "Avbryt", "en": "Cancel"}[code]
    back = {"sv": "Tillbaka", "en": "Back"}[code]
    for name, form in forms(desk, ORDINARY, code):
        view = view_of(form, language(code))
        said = back if form.above else leave
        assert view["close"]["text"] == said, name
        assert view["title"]["text"] == form.title, name
        assert view["submit"]["text"] == form.submit, name
