"""What Slack delivers again changes nothing: bolt hands on every repetition."""

import pytest

from playground.town import MARIA, Town


@pytest.mark.parametrize("retry_num", [True, False])
def test_a_submission_that_comes_four_times_is_one_report_with_one_answer(
    town: Town, retry_num: bool
):
    maria = town.person(MARIA)
    maria.types("/workshop Exportdag 12 juni Kumla", channel="bro")
    maria.fills(theme="service")
    maria.submits()
    answers = town.slack.redeliver_last(3, retry_num=retry_num)
    assert [answer.body for answer in answers] == [{"response_action": "clear"}] * 3
    town.settle()
    known = town.desk.setup.ledger.read(lambda books: books.reports.known_at(town.clock()))
    assert [report.answers["title"] for report in known] == ["Exportdag"]
    assert len(maria.dm) == 1
