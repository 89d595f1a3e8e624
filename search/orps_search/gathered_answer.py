"""One answer of a chat-completions endpoint, from whatever pieces it came in."""

from collections.abc import Sequence
from typing import Any, cast

from orps_search.model import FinishReason, Message, Reply, estimated_tokens
from orps_search.proposer import Usage

_THINKING_FIELDS = ("reasoning_content", "reasoning")


class GatheredAnswer:
    """Gathers one answer, from one document or from the chunks of a stream.

    The client does not validate what it receives, and fields that its types call
    certain are missing from the answers of real endpoints.
    """

    def __init__(self) -> None:
        self.n_choices = 0
        """Those with a message, or a piece of one."""
        self.n_characters = 0
        """Of text and thinking together."""
        self.is_document = False
        self.refusal: str | None = None
        self.complaint: str | None = None
        """An error that came as if it were an answer."""
        self._finish: str | None = None
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._usage: Any = None

    def add(self, part: Any) -> None:  # noqa: ANN401 - see the class's docstring
        self.is_document = self.is_document or not isinstance(part, str)
        self._usage = getattr(part, "usage", None) or self._usage
        match getattr(part, "error", None):
            case {"message": str(message)} | str(message):
                self.complaint = message
            case _:
                pass
        for choice in (getattr(part, "choices", None) or ())[:1]:
            # A stream says `delta`, a document `message`.
            message = getattr(choice, "delta", None) or getattr(choice, "message", None)
            self._finish = getattr(choice, "finish_reason", None) or self._finish
            if message is not None:
                self.n_choices += 1
                self._add_message(message)
        if self._finish == "content_filter":
            self.refusal = self.refusal or "the endpoint's content filter stopped it"

    def _add_message(self, message: Any) -> None:  # noqa: ANN401
        texts = _texts(getattr(message, "content", None))
        self._text += texts
        self.n_characters += sum(map(len, texts))
        refusal = getattr(message, "refusal", None)
        if isinstance(refusal, str) and refusal:
            self.refusal = (self.refusal or "") + refusal
        for name in _THINKING_FIELDS:
            thinking = getattr(message, name, None)
            if isinstance(thinking, str) and thinking:
                self._thinking.append(thinking)
                self.n_characters += len(thinking)
                break

    def reply(self, messages: Sequence[Message], *, streamed: bool) -> Reply:
        text, thinking = _joined(self._text), _joined(self._thinking)
        # A stream that ends without a reason was cut off on its way.
        cut_off = self._finish == "length" or (streamed and self._finish is None)
        return Reply(
            text=text,
            thinking=thinking,
            finish=FinishReason.LENGTH if cut_off else FinishReason.STOP,
            usage=self._spent(messages, text + thinking),
        )

    def _spent(self, messages: Sequence[Message], written: str) -> Usage:
        asked = sum(estimated_tokens(message.content) for message in messages)
        return Usage(
            requests=1,
            input_tokens=self._told("prompt_tokens", asked),
            output_tokens=self._told("completion_tokens", estimated_tokens(written)),
        )

    def _told(self, name: str, estimate: int) -> int:
        number: object = getattr(self._usage, name, None)
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            return estimate
        return number


def _texts(content: object) -> list[str]:
    """Some endpoints send a list of parts, each with its type, instead of a string."""
    if isinstance(content, list):
        return [text for part in cast("list[object]", content) for text in _texts(part)]
    match content:
        case str(text) | {"type": "text", "text": str(text)}:
            return [text]
        case _:
            return []


def _joined(pieces: Sequence[str]) -> str:
    """The pieces as text that can be encoded.

    A character outside the BMP may come as two surrogates in two chunks; half of
    one is no character.
    """
    joined = "".join(pieces)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
