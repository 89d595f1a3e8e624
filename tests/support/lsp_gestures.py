"""What a person does in an editor, in terms of the protocol."""

from support.lsp_client import Json, LspClient


def titles(actions: list[Json]) -> list[str]:
    return [action["title"] for action in actions]


async def finished(client: LspClient) -> None:
    """Wait for the hint of a search that is over."""
    await client.message(
        "textDocument/publishDiagnostics",
        lambda params: any(
            hint["code"] == "candidate" for hint in params["diagnostics"]
        ),
    )


async def take(client: LspClient, uri: str, action: Json) -> None:
    """Do what an editor does with a chosen action, by what it can do."""
    declared = client.capabilities["textDocument"]["codeAction"]
    if "edit" not in action and "resolveSupport" in declared:
        action = await client.request("codeAction/resolve", action)
    if "edit" in action:
        client.apply(action["edit"])
    if "command" in action:
        command = action["command"]
        await client.command(command["command"], *command["arguments"])
