"""Code actions, lenses, hovers, inlay hints, ghost text and documents of our own."""

from functools import partial

from lsprotocol import types

from orps_search.source.target import Target
from orps_server.code_actions import Offer, code_actions
from orps_server.code_lens import code_lenses
from orps_server.commands.applying import resolve
from orps_server.commands.showing import text_of
from orps_server.from_proto import apply_data, asks_for, names_kind, place
from orps_server.hover import MARKDOWN, PLAIN, leaderboard
from orps_server.inlay_hints import inlay_hints
from orps_server.inline_completion import inline_completions
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import ACTION_KIND
from orps_server.open_files import Document
from orps_server.positions import line_index
from orps_server.searches import FunctionKey, Search
from orps_server.targets import is_readable, target_under
from orps_server.to_proto import text_range


def register(server: OrpsLanguageServer) -> None:
    options = types.CodeActionOptions(
        code_action_kinds=[ACTION_KIND], resolve_provider=True
    )
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(offer_actions)
    server.feature(types.CODE_ACTION_RESOLVE)(resolve_action)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(show_lenses)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(show_hints)
    server.feature(
        types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions()
    )(complete_inline)
    server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)(content)


def offer_actions(
    ls: OrpsLanguageServer, params: types.CodeActionParams
) -> list[types.CodeAction]:
    document = ls.files.open_document(params.text_document.uri)
    only = params.context.only
    if document is None or not asks_for(only, ACTION_KIND):
        return []
    profile = ls.connection.profile
    target = target_under(document.text, profile.encoding, place(params.range.start))
    if target is None:
        return []
    offer = Offer(
        document=document,
        target=target,
        search=_search_of(ls, document, target),
        named=names_kind(only, ACTION_KIND),
        profile=profile,
        diagnostics=params.context.diagnostics,
    )
    return code_actions(offer)


def resolve_action(
    ls: OrpsLanguageServer, params: types.CodeAction
) -> types.CodeAction:
    """Editors send every chosen action without an edit, so also those of commands."""
    data = apply_data(params.data)
    return resolve(ls, params, data) if data else params


def show_lenses(
    ls: OrpsLanguageServer, params: types.CodeLensParams
) -> list[types.CodeLens]:
    document = ls.files.open_document(params.text_document.uri)
    if document is None or not ls.configuration.now(document.path).code_lens:
        return []
    return ls.lens_lines.steady(
        document,
        is_readable=is_readable(document.text),
        compute=partial(
            code_lenses,
            document,
            ls.connection.profile.encoding,
            partial(_search_of, ls, document),
        ),
    )


def hover(ls: OrpsLanguageServer, params: types.HoverParams) -> types.Hover | None:
    """Answers on the name of a function that has a search, and nowhere else."""
    document = ls.files.open_document(params.text_document.uri)
    if document is None or not ls.configuration.now(document.path).hover:
        return None
    profile = ls.connection.profile
    at = place(params.position)
    target = target_under(document.text, profile.encoding, at)
    offset = line_index(document.text, profile.encoding).offset(at)
    if target is None or not target.name_start <= offset <= target.name_end:
        return None
    search = _search_of(ls, document, target)
    if search is None:
        return None
    kind = types.MarkupKind.Markdown if profile.markdown_hover else None
    style = MARKDOWN if profile.markdown_hover else PLAIN
    return types.Hover(
        contents=types.MarkupContent(
            kind=kind or types.MarkupKind.PlainText, value=leaderboard(search, style)
        ),
        range=text_range(
            document.text,
            profile.encoding,
            start=target.name_start,
            end=target.name_end,
        ),
    )


def show_hints(
    ls: OrpsLanguageServer, params: types.InlayHintParams
) -> list[types.InlayHint]:
    document = ls.files.open_document(params.text_document.uri)
    if document is None or not ls.configuration.now(document.path).inlay_hints:
        return []
    return inlay_hints(
        document,
        ls.connection.profile.encoding,
        range(params.range.start.line, params.range.end.line + 1),
        partial(_search_of, ls, document),
    )


def complete_inline(
    ls: OrpsLanguageServer, params: types.InlineCompletionParams
) -> types.InlineCompletionList:
    """Only what is stored; a list that is empty costs the editor nothing."""
    document = ls.files.open_document(params.text_document.uri)
    items: list[types.InlineCompletionItem] = []
    if document and ls.configuration.now(document.path).inline_suggestions != "off":
        encoding, at = ls.connection.profile.encoding, place(params.position)
        target = target_under(document.text, encoding, at)
        search = _search_of(ls, document, target) if target else None
        if target and search:
            items = inline_completions(
                document,
                encoding,
                offset=line_index(document.text, encoding).offset(at),
                target=target,
                search=search,
            )
    return types.InlineCompletionList(items=items)


def content(
    ls: OrpsLanguageServer, params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    return types.TextDocumentContentResult(text=text_of(ls, params.uri))


def _search_of(
    ls: OrpsLanguageServer, document: Document, target: Target
) -> Search | None:
    return ls.session.by_key(FunctionKey(path=document.path, qualname=target.qualname))
