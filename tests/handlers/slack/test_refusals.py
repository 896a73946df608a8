"""How each of Slack's refusals is understood: what waits, what is looked for, what is final."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.door import DeliveryError
from handlers.slack.refusals import understood

DOCUMENTED = {
    "may have been posted": """
        fatal_error internal_error request_timeout service_unavailable
    """,
    "too much at once": """
        rate_limited ratelimited message_limit_exceeded
    """,
    "an operator can put it right": """
        access_denied accesslimited account_inactive channel_not_found ekm_access_denied
        enterprise_is_restricted invalid_auth is_archived messages_tab_disabled missing_scope
        no_permission not_allowed_token_type not_authed not_in_channel org_login_required
        team_access_not_granted team_added_to_org token_expired token_revoked
        two_factor_setup_required
    """,
    "final": """
        as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message
        deprecated_endpoint invalid_arg_name invalid_arguments invalid_array_arg invalid_blocks
        invalid_blocks_format invalid_charset invalid_form_data invalid_metadata_format
        invalid_metadata_schema invalid_post_type markdown_text_conflict
        metadata_must_be_sent_from_app metadata_too_large method_deprecated missing_file_data
        missing_post_type msg_blocks_too_long msg_too_long no_text restricted_action
        restricted_action_non_threadable_channel restricted_action_read_only_channel
        restricted_action_thread_locked restricted_action_thread_only_channel team_not_found
        too_many_attachments too_many_contact_cards
    """,
}
"""Every error that https://docs.slack.dev/reference/methods/chat.postMessage names."""

NAMES = [(name, meant) for meant, names in DOCUMENTED.items() for name in names.split()]


def refused(name: str, status: int = 200, headers: dict | None = None) -> DeliveryError:
    data = {"ok": False, "error": name}
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return understood(SlackApiError("refused", response))


def meaning(error: DeliveryError) -> str:
    match (error.permanent, error.unsure, error.trouble):
        case (False, True, _):
            return "may have been posted"
        case (False, False, "ratelimited"):
            return "too much at once"
        case (False, False, _):
            return "an operator can put it right"
        case (True, False, _):
            return "final"
    return "contradictory"


@pytest.mark.parametrize(("name", "meant"), NAMES)
def test_every_documented_refusal_is_understood(name: str, meant: str):
    error = refused(name)
    assert meaning(error) == meant
    assert (error.wait > 0) == (meant in {"too much at once", "an operator can put it right"})


def test_a_refusal_that_nobody_has_documented_is_final_and_told_by_its_name():
    """Never said twice, and it holds up nobody: the admins are told what Slack said."""
    error = refused("something_new")
    assert (meaning(error), error.trouble) == ("final", "something_new")


@pytest.mark.parametrize("name", ["something_new", "invalid_blocks", "is_archived", ""])
def test_whatever_a_failing_server_says_may_have_been_posted(name: str):
    assert meaning(refused(name, status=500)) == "may have been posted"


@pytest.mark.parametrize("name", ["something_new", "<html>Down</html>", ""])
def test_too_many_requests_is_a_wait_whatever_stands_beside_it(name: str):
    error = refused(name, status=429, headers={"retry-after": ["7"]})
    assert (meaning(error), error.wait) == ("too much at once", 7)


@pytest.mark.parametrize("name", ["<html>Down</html>", "an error, in words", ""])
def test_what_is_no_name_of_an_error_may_have_been_posted(name: str):
    assert meaning(refused(name)) == "may have been posted"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("3", 3), ("soon", 30), ("-5", 30), ("1.5", 30), ("²", 30), ("9" * 400, 3600), (None, 30)],
)
def test_a_wait_is_taken_at_its_word_if_it_is_one(said: str | None, seconds: float):
    headers = {} if said is None else {"Retry-After": said}
    assert refused("ratelimited", 429, headers).wait == seconds


def test_only_what_is_wrong_with_the_conversation_alone_leaves_somebody_to_tell():
    shut = {name for name, _ in NAMES if refused(name).shut}
    assert shut == {"channel_not_found", "is_archived", "not_in_channel"}
