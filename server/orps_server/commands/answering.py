"""The answer to a question becomes a test, by an edit that the editor makes."""

import anyio
from lsprotocol import types

from orps_search.source.edits import Edit
from orps_server.chosen_test import chosen_test, first_test_file
from orps_server.commands.applying import APPLY_SECONDS
from orps_server.commands.lookup import known_search
from orps_server.errors import RequestFault
from orps_server.from_proto import JsonObject, option_of, search_ref
from orps_server.language_server import OrpsLanguageServer
from orps_server.protocol import NoAnswer
from orps_server.searches import Search
from orps_server.to_proto import workspace_edit


async def answer(server: OrpsLanguageServer, value: JsonObject) -> dict[str, object]:
    """Add the test, and put first who passes it; `applied` is the editor's answer."""
    search = known_search(server, search_ref(value))
    option = option_of(value)
    edit = _edit(server, search, option)
    params = types.ApplyWorkspaceEditParams(edit=edit, label="Add the chosen test")
    with anyio.move_on_after(APPLY_SECONDS):
        try:
            said = await server.protocol.ask(types.WORKSPACE_APPLY_EDIT, params)
        except NoAnswer as error:
            return {"applied": False, "reason": str(error)}
        assert isinstance(said, types.ApplyWorkspaceEditResult)
        if said.applied:
            search.answered(option)
            server.tell(search)
        return {"applied": said.applied, "reason": said.failure_reason}
    return {"applied": None, "reason": "The editor has not answered yet."}


def _edit(
    server: OrpsLanguageServer, search: Search, option: int
) -> types.WorkspaceEdit:
    insight = search.progress.insight
    question = insight.question if insight else None
    if insight is None or question is None:
        raise RequestFault("There is no question any more.", kind="stale")
    path = first_test_file(insight.problem)
    if path is None or not 0 <= option < len(question.options):
        raise RequestFault("The question has no such answer.", kind="badRequest")
    file = insight.root / path
    uri = file.as_uri()
    document = server.files.read(uri, file)
    test = chosen_test(
        insight.problem,
        insight.root,
        document.text,
        question,
        question.options[option].answer,
    )
    if test is None:
        raise RequestFault(
            "No test can be written for this answer.",
            kind="badRequest",
            hint="Write one by hand; the question says on which call they differ.",
        )
    edits = [
        Edit(start=offset, end=offset, text=text)
        for offset, text in test.edit.insertions
    ]
    return workspace_edit(
        edits,
        uri=document.uri,
        text=document.text,
        version=document.version,
        profile=server.connection.profile,
    )
