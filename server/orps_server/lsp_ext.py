"""The names that only this server and its clients know; see docs/lsp-extensions.md."""

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from orps_server.positions import Place

if TYPE_CHECKING:
    # A name for `str`; its module is too much for the greeting to wait for.
    from orps_search.candidate import CandidateId

PROTOCOL_VERSION = 1
"""Announced as `capabilities.experimental.orps.protocol`."""

ACTION_KIND = "refactor.rewrite.orps"
DIAGNOSTIC_SOURCE = "orps"
SECTION = "orps"
SCHEME = "orps"
"""Of the URIs of virtual documents."""


class CommandName(enum.StrEnum):
    GENERATE = "orps.generate"
    CANCEL = "orps.cancel"
    RESUME = "orps.resume"
    CRITIQUE = "orps.critique"
    APPLY = "orps.apply"
    PREVIEW = "orps.preview"
    ANSWER = "orps.answer"
    REVERIFY = "orps.reverify"
    DISMISS = "orps.dismiss"
    PREVIEW_PROMPT = "orps.previewPrompt"
    REPORT = "orps.report"
    STATUS = "orps.status"
    CLEAR_CACHE = "orps.clearCache"


SEARCH_DID_CHANGE = "orps/searchDidChange"
TREE_DID_CHANGE = "orps/treeDidChange"
SEARCHES = "orps/searches"
CANDIDATE = "orps/candidate"
TREE = "orps/tree"
PROMPT = "orps/prompt"
SET_SECRET = "orps/setSecret"  # noqa: S105 - a method, not a value
SERVER_STATUS = "experimental/serverStatus"
"""The name that rust-analyzer made common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRef:
    """A function as a client names it: by name, or by a position inside it."""

    uri: str
    path: Path
    name: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateArguments:
    function: FunctionRef
    tests: tuple[str, ...] = ()
    overrides: object = None
    """Settings for this one search, in the shape of section `orps`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeArguments:
    search: str
    budget: object = None
    """Bounds for all of the search, in the shape of section `orps.budget`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRef:
    """One search, the latest of one function, or, with neither, all of them."""

    search: str | None = None
    function: FunctionRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRef:
    search: SearchRef
    candidate: "CandidateId | None" = None
    """`None` is the best."""

    @classmethod
    def of(cls, search: str, candidate: str) -> Self:
        return cls(
            search=SearchRef(search=search), candidate=cast("CandidateId", candidate)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CritiqueArguments:
    about: CandidateRef
    text: str
    """What the person says about the candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyData:
    """What an action to apply a candidate carries, from offer to resolve."""

    search: str
    candidate: "CandidateId"
    confirmed: bool = False
    """May replace a body that somebody wrote: the title said so."""
