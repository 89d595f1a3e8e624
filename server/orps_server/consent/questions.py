"""The questions, in words; whoever asks them may show them as they like."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orps_server.preview import Preview

_MAX_FILES = 6


class Choice(enum.StrEnum):
    """The buttons."""

    TRUST = "Trust this project"
    WORKSPACE = "Allow for this project"
    ONCE = "Allow once"
    PROMPT = "Show prompt"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    text: str
    choices: tuple[Choice, ...]


def about_trust(root: Path) -> Question:
    """May the tests and the candidates of this project run?"""
    return Question(
        text=f"ORPS will run the tests of {root}, with its own Python, and generated "
        "code against them, in a sandbox. Do you trust this project?",
        choices=(Choice.TRUST, Choice.ONCE, Choice.CANCEL),
    )


def about_host(host: str, shown: Preview, *, prompt: bool = True) -> Question:
    """May this be sent to this host?"""
    model = shown.endpoint.model if shown.endpoint else ""
    redactions = ""
    if shown.n_redactions:
        secrets = "secret is" if shown.n_redactions == 1 else "secrets are"
        redactions = f" {shown.n_redactions} {secrets} taken out."
    text = (
        f"ORPS will send code to {host}{f' ({model})' if model else ''}: "
        f"{_files(shown)}; about {shown.n_tokens} tokens a request.{redactions}"
    )
    choices = (Choice.WORKSPACE, Choice.ONCE, Choice.PROMPT, Choice.CANCEL)
    return Question(
        text=text,
        choices=choices if prompt else tuple(c for c in choices if c != Choice.PROMPT),
    )


def _files(shown: Preview) -> str:
    named = [f"{each.path} ({each.n_bytes} bytes)" for each in shown.files]
    return _and_more(named)


def _and_more(named: Sequence[str]) -> str:
    more = len(named) - _MAX_FILES
    listed = ", ".join(named[:_MAX_FILES])
    return f"{listed} and {more} more" if more > 0 else listed
