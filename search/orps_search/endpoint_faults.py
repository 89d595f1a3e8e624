"""What goes wrong at a model endpoint, and the sentence that helps the person."""

import email.utils
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from orps_search.errors import ModelError, ModelRejected, ModelUnavailable
from orps_search.model import ModelSettings

MAX_WAIT_SECONDS = 60.0
"""An endpoint that asks for a longer pause is not waited for."""

_RETRYABLE = {408, 409, 425, 429}
_FORBIDDEN = {401, 403}
_NOT_FOUND = 404
_RATE_LIMITED = 429
_SERVER_ERROR = 500
_SHOWN_CHARACTERS = 300

_CONTEXT = re.compile(
    r"context[ _](?:length|window|size)|maximum context|prompt is too long"
    r"|too many (?:input )?tokens|exceeds? the (?:available )?context",
    re.IGNORECASE,
)

Trouble = Literal["status", "connection", "timeout", "tls", "not-json", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFailure:
    """One request that brought no reply."""

    trouble: Trouble
    message: str
    """The endpoint's or the network's own words, without the key."""
    status: int | None = None
    code: str | None = None
    retry_after_seconds: float | None = None
    is_empty_stream: bool = False
    """A stream was asked for and nothing that is one came back."""

    @property
    def is_context_too_long(self) -> bool:
        return self.code == "context_length_exceeded" or bool(
            self.trouble == "status" and _CONTEXT.search(self.message)
        )

    @property
    def is_retryable(self) -> bool:
        if self.trouble == "status":
            assert self.status is not None
            return (
                (self.status in _RETRYABLE or self.status >= _SERVER_ERROR)
                and self.code != "insufficient_quota"
                and not self.is_context_too_long
                and (self.retry_after_seconds or 0) <= MAX_WAIT_SECONDS
            )
        return self.trouble in {"connection", "timeout", "empty"}


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        date = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


def pause_seconds(
    failure: EndpointFailure, *, attempt: int, first_pause: float, jitter: float
) -> float:
    """How long to wait before the next attempt; `jitter` is between 0 and 1."""
    backoff = first_pause * 2**attempt * (0.5 + jitter / 2)
    return min(MAX_WAIT_SECONDS, max(backoff, failure.retry_after_seconds or 0.0))


def model_error(
    failure: EndpointFailure, settings: ModelSettings, *, has_key: bool
) -> ModelError:
    """The same as an error: one or two sentences with the host and the remedy."""
    host = urlsplit(settings.base_url).netloc or settings.base_url
    words = _quoted(failure.message)
    match failure.trouble:
        case "status":
            return _status_error(failure, settings, host, has_key=has_key)
        case "tls":
            message = f"No secure connection to {host}: {words} Check the CA bundle."
            return ModelUnavailable(message, kind="tls")
        case "timeout":
            message = (
                f"{host} gave no answer within {settings.timeout_seconds:g} s. "
                f"Is the model {settings.model!r} still loading? Allow more time or "
                "choose a smaller model."
            )
        case "connection":
            message = f"Cannot reach {host}: {words} {_CHECK_URL}"
        case "not-json" | "empty":
            message = f"{host} sent no chat completion: {words} {_CHECK_URL}"
    return ModelUnavailable(message, kind="badEndpoint")


_CHECK_URL = (
    "Check that the endpoint runs and that the base URL (--base-url) is right; "
    "it usually ends in /v1."
)


def missing_key(settings: ModelSettings) -> ModelError:
    host = urlsplit(settings.base_url).netloc
    message = (
        f"No key for {host}: the environment variable {settings.api_key_env} is not "
        "set. Set it to the key of that endpoint."
    )
    return ModelRejected(message, kind="noApiKey")


def _status_error(
    failure: EndpointFailure, settings: ModelSettings, host: str, *, has_key: bool
) -> ModelError:
    words = _quoted(failure.message)
    variable = settings.api_key_env
    if failure.is_context_too_long:
        return ModelRejected(
            f"The prompt is too long for {settings.model!r} at {host}: {words} "
            "Lower the context size in the settings, or choose another model.",
            kind="contextTooLong",
        )
    if failure.status in _FORBIDDEN:
        what = f"the key in {variable}" if has_key else "requests without a key"
        return ModelRejected(
            f"{host} refuses {what} ({failure.status}): {words} "
            f"Set the environment variable {variable} to a valid key.",
            kind="auth",
        )
    if failure.status == _NOT_FOUND:
        return ModelRejected(
            f"{_not_found(settings, host)}: {words} Check --model and --base-url.",
            kind="badEndpoint",
        )
    if failure.status == _RATE_LIMITED:
        return ModelUnavailable(
            f"{host} limits the rate of requests for {settings.model!r}: {words} "
            "Try again later or with fewer samples.",
            kind="rateLimited",
        )
    message = f"{host} answered {failure.status} for {settings.model!r}: {words}"
    if failure.status is not None and failure.status >= _SERVER_ERROR:
        return ModelUnavailable(
            f"{message} Try again, or check the log of the endpoint.",
            kind="badEndpoint",
        )
    return ModelRejected(f"{message} Check --model.", kind="badEndpoint")


def _not_found(settings: ModelSettings, host: str) -> str:
    if not settings.model:
        return f"{host} lists no models under {settings.base_url}, and none was named"
    return (
        f"{host} does not know the model {settings.model!r}, or there is no "
        f"chat-completions API under {settings.base_url}"
    )


def _quoted(message: str) -> str:
    line = " ".join(message.split())[:_SHOWN_CHARACTERS].rstrip(". ")
    return f"{line}." if line else "no reason was given."
