"""From JSON and lsprotocol types to ours, in one place each; nothing comes out half-read."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from lsprotocol import types
from pygls.uris import to_fs_path

from orps_search.candidate import CandidateId
from orps_server.errors import RequestFault
from orps_server.lsp_ext import (
    ApplyData,
    CandidateRef,
    CritiqueArguments,
    FunctionRef,
    GenerateArguments,
    ResumeArguments,
    SearchRef,
)
from orps_server.positions import Place

JsonObject = Mapping[str, object]

_LOCAL_HOST = re.compile(r"^file://localhost/", re.IGNORECASE)


def place(position: types.Position) -> Place:
    return Place(line=position.line, character=position.character)


def file_path(uri: str) -> Path | None:
    """The file behind a `file:` URI; an unsaved or virtual document has none."""
    # Some clients name the host, which to pygls is a share of the network.
    path = to_fs_path(_LOCAL_HOST.sub("file:///", uri))
    return Path(path) if path else None


def command_object(arguments: Sequence[object]) -> JsonObject:
    """Commands take one JSON object; none at all is an empty one."""
    if not arguments:
        return {}
    if len(arguments) > 1 or not isinstance(arguments[0], Mapping):
        raise _bad("Give the command one JSON object.")
    return cast("JsonObject", arguments[0])


def generate_arguments(value: JsonObject) -> GenerateArguments:
    return GenerateArguments(
        function=function_ref(value),
        tests=_strings(value, "tests"),
        overrides=value.get("overrides"),
    )


def search_ref(value: JsonObject) -> SearchRef:
    return SearchRef(search=_string(value, "searchId"), function=_function(value))


def option_of(value: JsonObject) -> int:
    """Which of a question's answers, from 0."""
    option = value.get("option")
    if not isinstance(option, int) or isinstance(option, bool):
        raise _bad("`option` must say which answer, from 0.")
    return option


def candidate_ref(value: JsonObject) -> CandidateRef:
    search = search_ref(value)
    candidate = _string(value, "candidateId")
    return CandidateRef(
        search=search, candidate=CandidateId(candidate) if candidate else None
    )


def resume_arguments(value: JsonObject) -> ResumeArguments:
    search = _string(value, "searchId")
    if search is None:
        raise _bad("`searchId` is missing.")
    return ResumeArguments(search=search, budget=value.get("budget"))


def critique_arguments(value: JsonObject) -> CritiqueArguments:
    text = _string(value, "text")
    if text is None or not text.strip():
        raise _bad("`text` must say what is wrong with the candidate.")
    return CritiqueArguments(about=candidate_ref(value), text=text.strip())


def function_ref(value: JsonObject) -> FunctionRef:
    function = _function(value)
    if function is None:
        raise _bad("`uri` is missing.")
    if function.name is None and function.place is None:
        raise _bad("Say which function: give `position` or `name`.")
    return function


def secret(value: JsonObject) -> tuple[str, str | None]:
    """Name and value; no value takes the secret away. Never quoted in an error."""
    name = value.get("name")
    given = value.get("value")
    if not isinstance(name, str) or not name:
        raise _bad("`name` must be the name of an environment variable.")
    if given is not None and not isinstance(given, str):
        raise _bad("`value` must be a string or null.")
    return name, given


def apply_data(data: object) -> ApplyData | None:
    """Our own data of an action to apply a candidate; `None` for any other action."""
    if not isinstance(data, Mapping):
        return None
    value = cast("JsonObject", data)
    search, candidate = value.get("s"), value.get("c")
    if value.get("op") not in ("apply", "replace") or value.get("v") != 1:
        return None
    if not isinstance(search, str) or not isinstance(candidate, str):
        return None
    return ApplyData(
        search=search,
        candidate=CandidateId(candidate),
        confirmed=value.get("op") == "replace",
    )


def asks_for(only: Sequence[str] | None, kind: str) -> bool:
    """Whether a code action request wants actions of this kind, or of every kind."""
    return not only or any(
        not wanted or kind == wanted or kind.startswith(f"{wanted}.") for wanted in only
    )


def names_kind(only: Sequence[str] | None, kind: str) -> bool:
    """Whether the request asks for this very kind, or for one below it."""
    return any(wanted == kind or wanted.startswith(f"{kind}.") for wanted in only or ())


def opted_in(initialization_options: object) -> object:
    """`clientCapabilities.orps` in the options, for clients without `experimental`."""
    if not isinstance(initialization_options, Mapping):
        return None
    declared = cast("JsonObject", initialization_options).get("clientCapabilities")
    if not isinstance(declared, Mapping):
        return None
    return cast("JsonObject", declared).get("orps")


def says_trusted(initialization_options: object) -> bool:
    """`trusted: true` in the options: projects that are opened here may run."""
    return (
        isinstance(initialization_options, Mapping)
        and cast("JsonObject", initialization_options).get("trusted") is True
    )


def initial_settings(initialization_options: object) -> object:
    """The settings in the options: all but what else travels there."""
    if not isinstance(initialization_options, Mapping):
        return initialization_options
    options = cast("JsonObject", initialization_options)
    return {
        key: value
        for key, value in options.items()
        if key not in ("clientCapabilities", "trusted")
    }


def _function(value: JsonObject) -> FunctionRef | None:
    uri = _string(value, "uri")
    if uri is None:
        return None
    path = file_path(uri)
    if path is None:
        raise _bad(f"{uri} is not a file; save it first, its tests need a project.")
    return FunctionRef(
        uri=uri, path=path, name=_string(value, "name"), place=_position(value)
    )


def _position(value: JsonObject) -> Place | None:
    position = value.get("position")
    if position is None:
        return None
    if isinstance(position, Mapping):
        fields = cast("JsonObject", position)
        line, character = fields.get("line"), fields.get("character")
        if isinstance(line, int) and isinstance(character, int) and line >= 0:
            return Place(line=line, character=max(character, 0))
    raise _bad("`position` must be an object with a `line` and a `character`.")


def _string(value: JsonObject, key: str) -> str | None:
    text = value.get(key)
    if text is None or isinstance(text, str):
        return text
    raise _bad(f"`{key}` must be a string.")


def _strings(value: JsonObject, key: str) -> tuple[str, ...]:
    texts = value.get(key)
    if texts is None:
        return ()
    if isinstance(texts, list | tuple):
        items = cast("Sequence[object]", texts)
        if all(isinstance(item, str) for item in items):
            return tuple(cast("Sequence[str]", items))
    raise _bad(f"`{key}` must be a list of strings.")


def _bad(message: str) -> RequestFault:
    return RequestFault(message, kind="badRequest")
