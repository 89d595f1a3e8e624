"""What the connected editor can do, read once from what it declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from lsprotocol import types

from orps_server.positions import Encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Absent means no: an undeclared capability is never used."""

    encoding: Encoding = Encoding.UTF16
    resolves_edits: bool = False
    """Asks `codeAction/resolve` for the edit of an action that it was shown."""
    applies_edits: bool = False
    """Answers `workspace/applyEdit`, so an action may rely on it."""
    refuses_edits: bool = False
    """Says that it does not; one that says nothing may be asked when it asks us."""
    versioned_edits: bool = False
    """Understands `documentChanges`."""
    disabled_actions: bool = False
    preferred_actions: bool = False
    llm_tag: bool = False
    work_done_progress: bool = False
    lens_refresh: bool = False
    markdown_hover: bool = False
    pulls_configuration: bool = False
    registers_configuration: bool = False
    show_document: bool = False
    virtual_documents: bool = False
    """Shows documents of our own scheme, asked from us (LSP 3.18)."""
    document_refresh: bool = False
    hint_refresh: bool = False
    inline_completion: bool = False
    confirms_edits: bool = False
    """Asks people before it makes an edit that is annotated so."""
    watches_files: bool = False
    """Can be told which files we want to hear about."""
    server_status: bool = False
    """Declares `experimental.serverStatusNotification`."""
    shows_questions: bool = False
    """Lets people choose among the answers of `window/showMessageRequest`."""
    own_trust: bool = False
    """Declares `experimental.orps.workspaceTrust`: it asks people itself."""
    custom_messages: bool = False
    """Opted in to `orps/searchDidChange`."""
    trees: bool = False
    """Opted in to `orps/treeDidChange` as well."""


def read_profile(
    capabilities: types.ClientCapabilities, *, opted_in: object
) -> Profile:
    """`opted_in`: what `initializationOptions.clientCapabilities.orps` holds."""
    document = capabilities.text_document or types.TextDocumentClientCapabilities()
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    window = capabilities.window or types.WindowClientCapabilities()
    action = document.code_action or types.CodeActionClientCapabilities()
    edit = workspace.workspace_edit or types.WorkspaceEditClientCapabilities()
    hover = document.hover or types.HoverClientCapabilities()
    lens, changes = workspace.code_lens, workspace.did_change_configuration
    hints, watched = workspace.inlay_hint, workspace.did_change_watched_files
    declared = opted_in or _experimental(capabilities, "orps")
    resolved = action.resolve_support.properties if action.resolve_support else ()
    return Profile(
        encoding=_encoding(capabilities.general),
        # Who resolves at all sends the whole action back, so `data` with it.
        resolves_edits="edit" in resolved,
        applies_edits=bool(workspace.apply_edit),
        refuses_edits=workspace.apply_edit is False,
        versioned_edits=bool(edit.document_changes),
        disabled_actions=bool(action.disabled_support),
        preferred_actions=bool(action.is_preferred_support),
        llm_tag=action.tag_support is not None,
        work_done_progress=bool(window.work_done_progress),
        lens_refresh=bool(lens and lens.refresh_support),
        markdown_hover=types.MarkupKind.Markdown in (hover.content_format or ()),
        pulls_configuration=bool(workspace.configuration),
        registers_configuration=bool(changes and changes.dynamic_registration),
        show_document=bool(window.show_document and window.show_document.support),
        virtual_documents=workspace.text_document_content is not None,
        document_refresh=workspace.text_document_content is not None,
        hint_refresh=bool(hints and hints.refresh_support),
        inline_completion=document.inline_completion is not None,
        # An annotation can only be put on an edit of `documentChanges`.
        confirms_edits=bool(
            edit.document_changes
            and edit.change_annotation_support
            and action.honors_change_annotations
        ),
        watches_files=bool(watched and watched.dynamic_registration),
        server_status=bool(_experimental(capabilities, "serverStatusNotification")),
        shows_questions=window.show_message is not None,
        own_trust=_says(declared, "workspaceTrust"),
        custom_messages=bool(declared),
        trees=_says(declared, "tree"),
    )


def _says(declared: object, key: str) -> bool:
    """Whether the opt-in, which may be a plain `true`, has this member."""
    return isinstance(declared, Mapping) and bool(
        cast("Mapping[str, object]", declared).get(key)
    )


def _encoding(general: types.GeneralClientCapabilities | None) -> Encoding:
    """Choose the client's first, as pygls does when it answers `initialize`."""
    offered = (general and general.position_encodings) or ()
    known = {encoding.value for encoding in Encoding}
    return next((Encoding(name) for name in offered if name in known), Encoding.UTF16)


def _experimental(capabilities: types.ClientCapabilities, name: str) -> object:
    declared = capabilities.experimental
    if not isinstance(declared, Mapping):
        return None
    return cast("Mapping[str, object]", declared).get(name)
