"""Which failures are retried, when, and what people are told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orps_search.dialect import Dialect
from orps_search.endpoint_faults import (
    EndpointFailure,
    model_error,
    pause_seconds,
    retry_after_seconds,
)
from orps_search.model import ModelSettings

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SETTINGS = ModelSettings(
    base_url="https://models.example.com/v1", model="coder", api_key_env="CODER_KEY"
)


def failure(**fields: Any) -> EndpointFailure:
    given: dict[str, Any] = {"trouble": "status", "message": "No.", **fields}
    return EndpointFailure(**given)


@pytest.mark.parametrize(
    ("value", "expect"),
    [
        (None, None),
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
    ],
)
def test_retry_after(value: str | None, expect: float | None) -> None:
    assert retry_after_seconds(value, NOW) == expect


def test_pauses_grow_and_are_spread() -> None:
    failed = failure(status=500)
    pauses = [
        pause_seconds(failed, attempt=attempt, first_pause=1.0, jitter=jitter)
        for attempt, jitter in [(0, 0.0), (0, 1.0), (3, 1.0), (20, 1.0)]
    ]
    assert pauses == [0.5, 1.0, 8.0, 60.0]


def test_the_endpoint_may_ask_for_a_longer_pause() -> None:
    failed = failure(status=429, retry_after_seconds=20.0)
    assert pause_seconds(failed, attempt=0, first_pause=1.0, jitter=0.0) == 20.0


@pytest.mark.parametrize(
    ("failed", "expect"),
    [
        (failure(status=429), True),
        (failure(status=500), True),
        (failure(status=503), True),
        (failure(status=408), True),
        (failure(trouble="connection"), True),
        (failure(trouble="timeout"), True),
        (failure(trouble="empty"), True),
        (failure(status=400), False),
        (failure(status=401), False),
        (failure(status=404), False),
        (failure(status=429, code="insufficient_quota"), False),
        (failure(status=429, retry_after_seconds=3_600.0), False),
        (failure(status=500, message="exceeds the available context size"), False),
        (failure(trouble="tls"), False),
        (failure(trouble="not-json"), False),
    ],
)
def test_retryable(failed: EndpointFailure, expect: bool) -> None:
    assert failed.is_retryable is expect


@pytest.mark.parametrize(
    ("failed", "kind", "words"),
    [
        (failure(status=401), "auth", "CODER_KEY"),
        (failure(status=403), "auth", "CODER_KEY"),
        (failure(status=404), "badEndpoint", "'coder'"),
        (failure(status=404), "badEndpoint", "https://models.example.com/v1"),
        (failure(status=429), "rateLimited", "limits the rate"),
        (failure(status=500), "badEndpoint", "500"),
        (failure(status=418), "badEndpoint", "418"),
        (
            failure(status=400, message="This model's maximum context length is 4096"),
            "contextTooLong",
            "4096",
        ),
        (
            failure(status=400, code="context_length_exceeded"),
            "contextTooLong",
            "too long",
        ),
        (failure(trouble="connection", message="Refused"), "badEndpoint", "Refused."),
        (failure(trouble="timeout"), "badEndpoint", "within 120 s"),
        (failure(trouble="tls", message="self-signed certificate"), "tls", "CA bundle"),
        (failure(trouble="not-json"), "badEndpoint", "/v1"),
    ],
)
def test_what_people_are_told(failed: EndpointFailure, kind: str, words: str) -> None:
    error = model_error(failed, SETTINGS, has_key=True)
    assert error.kind == kind
    assert words in str(error)
    assert "models.example.com" in str(error)
    assert "\n" not in str(error)


def test_a_page_of_html_is_quoted_in_one_short_line() -> None:
    page = failure(status=502, message="<html>\n" + "<p>gateway</p>\n" * 500)
    assert len(str(model_error(page, SETTINGS, has_key=True))) < 500


PARAMETERS: dict[str, Any] = {"max_output_tokens": 9, "temperature": 0.5, "seed": 1}


def test_a_dialect_begins_with_everything() -> None:
    assert Dialect().parameters(**PARAMETERS) == {
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 9,
        "temperature": 0.5,
        "seed": 1,
    }


def test_what_was_not_asked_for_is_not_sent() -> None:
    parameters = Dialect(stream=False).parameters(
        max_output_tokens=9, temperature=None, seed=None
    )
    assert parameters == {"max_tokens": 9}


@pytest.mark.parametrize(
    ("message", "expect"),
    [
        ("Unknown field: stream_options", {"stream_usage": False}),
        ("'max_tokens' is not supported", {"limit_parameter": "max_completion_tokens"}),
        ("Unsupported value: 'temperature'", {"temperature": False}),
        ("extra fields not permitted: seed", {"seed": False}),
        ("stream is not supported", {"stream": False}),
        ("Streaming is not supported by this model", {"stream": False}),
        ("no structured outputs for this model", {"response_format": False}),
        (
            "maximum context length is 4096 tokens (404 + 4096 in the completion)",
            {"limit_parameter": None},
        ),
        (
            "max_tokens is too large: the context length is 4096, the input 404",
            {"limit_parameter": None},
        ),
    ],
)
def test_a_refused_parameter_is_left_out(message: str, expect: dict[str, Any]) -> None:
    simpler = Dialect().without(failure(status=400, message=message))
    assert simpler == replace(Dialect(), **expect)


@pytest.mark.parametrize(
    "failed",
    [
        failure(status=400, message="Bad request"),
        failure(status=401, message="seed"),
        failure(status=500, message="stream"),
        failure(status=400, message="an upstream error"),
        failure(status=400, message="maximum context length is 9, you sent 12"),
        failure(trouble="connection", message="temperature"),
    ],
)
def test_other_failures_blame_no_parameter(failed: EndpointFailure) -> None:
    assert Dialect().without(failed) is None


def test_the_plainest_dialect_answers_only_to_vague_refusals() -> None:
    plainest = Dialect().plainest(failure(status=400, message="Bad request"))
    assert plainest is not None
    assert plainest.parameters(**PARAMETERS) == {}
    assert plainest.plainest(failure(status=400)) is None
    for failed in (
        failure(status=401),
        failure(status=400, code="context_length_exceeded"),
        failure(trouble="timeout"),
    ):
        assert Dialect().plainest(failed) is None


def test_a_stream_that_is_none_is_not_asked_for_again() -> None:
    empty = failure(trouble="empty", is_empty_stream=True)
    simpler = Dialect().without(empty)
    assert simpler is not None
    assert simpler == Dialect(stream=False)
    assert simpler.without(empty) is None
