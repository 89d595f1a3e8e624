"""`orps.critique`: a person's words reach the model, and what it makes of them is found."""

from pathlib import Path
from typing import Any

from support.cli import Folder
from support.killing import FILES, SEED
from support.lsp_client import LspClient
from support.lsp_process import server_process
from support.lsp_profiles import VSCODE
from support.replay_answers import ChatRequest
from support.replay_endpoint import ReplayEndpoint

OPTED_IN = {**VSCODE, "experimental": {"orps": {"tree": True}}}
WORDS = "It has to double, whatever the number."


def answer(request: ChatRequest) -> str:
    if request.role == "critic":
        return "Not yet.\nScore: 2/5\nAccept: no\n"
    is_told = any(WORDS in message["content"] for message in request.body["messages"])
    body = "x + x" if is_told else "4"
    return f"Because.\n```python\ndef double(x):\n    return {body}\n```\n"


async def ended(client: LspClient, *, passing: bool, after: int = 0) -> dict[str, Any]:
    search = await client.message(
        "orps/searchDidChange",
        lambda params: params["state"] == "done" and params["revision"] > after,
    )
    best = search["candidates"][0]
    assert (best["passed"] == best["total"]) is passing
    return search


def tree_of(client: LspClient, search_id: str) -> dict[str, Any]:
    """What a client knows that keeps the latest of each node."""
    nodes: dict[str, Any] = {}
    for params in client.messages("orps/treeDidChange"):
        assert params["searchId"] == search_id
        nodes |= {node["id"]: node for node in params["nodes"]}
    return {
        id_: (node["parent"], node["state"], node["critique"])
        for id_, node in nodes.items()
    }


async def test_words_on_a_candidate_bring_a_better_one(tmp_path: Path):
    folder = Folder(tmp_path, FILES)
    with ReplayEndpoint(answer) as endpoint:
        options = {
            "trusted": True,
            "llm": {"baseUrl": endpoint.url, "model": "r", "consent": "always"},
            "search": {"policy": "orps", "seed": SEED, "samples": 2, "rounds": 0},
        }
        environment = folder.environment({})
        async with server_process(
            OPTED_IN, folder.root, environment=environment
        ) as server:
            client = server.client
            await client.initialize(folder.root, initializationOptions=options)
            uri = client.open(folder.root / "m.py")
            await client.command("orps.generate", {"uri": uri, "name": "double"})
            before = await ended(client, passing=False)
            said = await client.command(
                "orps.critique",
                {
                    "searchId": before["searchId"],
                    "candidateId": before["candidates"][0]["id"],
                    "text": WORDS,
                },
            )
            assert said["searchId"] == before["searchId"]
            after = await ended(client, passing=True, after=before["revision"])
            best = after["candidates"][0]
            assert best["parent"] == before["candidates"][0]["id"]
            assert len(after["candidates"]) == len(before["candidates"]) + 1
            # Both drafts were the same program, so one of them is no candidate.
            (first,) = [each["id"] for each in before["candidates"]]
            (twin,) = {"c1", "c2"} - {first}
            assert tree_of(client, before["searchId"]) == {
                best["id"]: (first, "passing", None),
                first: (None, "beam", WORDS),
                twin: (None, "failed", None),
            }
            await client.leave()
