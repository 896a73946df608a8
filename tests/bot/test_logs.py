"""The log, as lines for people or as a line of JSON each."""

import json
import logging
import sys

import pytest

from bot import logs


@pytest.fixture
def set_up():
    """`logs.set_up` on a log that nobody has set up yet; afterwards all is as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def begin(level: str, style: str) -> None:
        root.handlers.clear()
        logs.set_up(level, style)

    yield begin
    root.handlers[:] = before
    root.setLevel(level)


def logged(capsys) -> str:
    return capsys.readouterr().err


def test_in_json_each_record_is_one_line_with_its_fields(set_up, capsys):
    set_up("INFO", "json")
    logging.getLogger("brobot.test").warning("message %s åäö", 7, extra={"error_id": "4f2a"})
    found = json.loads(logged(capsys))
    assert found["message"] == "message 7 åäö"
    assert (found["level"], found["logger"]) == ("WARNING", "brobot.test")
    assert found["error_id"] == "4f2a"
    assert "time" in found


def test_in_json_nothing_is_meant_for_a_terminal(set_up, capsys):
    set_up("INFO", "json")
    logging.getLogger("uvicorn.error").info("up", extra={"color_message": "\x1b[1mup\x1b[0m"})
    assert "\\u001b" not in logged(capsys)


def test_a_traceback_does_not_break_the_line(set_up, capsys):
    set_up("INFO", "json")
    try:
        int("x")
    except ValueError:
        logging.getLogger("brobot.test").exception("ill")
    line = logged(capsys)
    assert line.count("\n") == 1
    assert "ValueError, raised at" in json.loads(line)["exc_info"]


def test_as_text_a_person_reads_when_how_bad_where_and_what(set_up, capsys):
    set_up("INFO", "text")
    logging.getLogger("brobot.test").warning("message %s", 7)
    assert logged(capsys).endswith(" WARNING brobot.test message 7\n")


def test_at_debug_the_libraries_that_log_what_is_sent_stay_quiet(set_up, capsys):
    set_up("DEBUG", "text")
    logging.getLogger("slack_sdk.web.base_client").debug("text: hemligt")
    assert logged(capsys) == ""


def test_it_goes_to_stderr_where_hosts_look_for_it(set_up):
    set_up("INFO", "text")
    handlers = logging.getLogger().handlers
    assert [each.stream for each in handlers] == [sys.stderr]
