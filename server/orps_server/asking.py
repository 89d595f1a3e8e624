"""Asks the person through the editor, by `window/showMessageRequest`."""

from collections.abc import Callable
from contextlib import suppress
from typing import cast

from lsprotocol import types

from orps_server.consent.gate import CannotAsk
from orps_server.consent.questions import Choice, Question
from orps_server.preview import Preview
from orps_server.profile import Profile
from orps_server.protocol import NoAnswer, OrpsProtocol, UnreadableAnswer

Show = Callable[[Preview], None]


class EditorAsker:
    def __init__(self, *, protocol: OrpsProtocol, profile: Profile, show: Show) -> None:
        self._protocol = protocol
        self._profile = profile
        self._show = show

    async def ask(self, question: Question) -> Choice | None:
        """Wait as long as it takes; cancelling the search withdraws the wait."""
        if not self._profile.shows_questions:
            raise CannotAsk
        params = types.ShowMessageRequestParams(
            type=types.MessageType.Warning,
            message=question.text,
            actions=[
                types.MessageActionItem(title=choice.value)
                for choice in question.choices
            ],
        )
        try:
            answer = await self._protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        except UnreadableAnswer:
            # It was shown, and nobody has said yes.
            return None
        except NoAnswer as error:
            raise CannotAsk from error
        title = _title(answer)
        with suppress(ValueError):
            return Choice(title)
        return None

    async def show(self, shown: Preview) -> None:
        self._show(shown)


def _title(answer: object) -> str:
    if isinstance(answer, types.MessageActionItem):
        return answer.title
    # A plain object, where the client sent more than the type knows.
    return str(cast("object", getattr(answer, "title", "")))
