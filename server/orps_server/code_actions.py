"""What the light bulb offers for a function: to search, to stop, to take a candidate.

An action to take a candidate has one of three shapes, by what the editor can do:
data that `codeAction/resolve` turns into an edit; the command `orps.apply`; or, for
an editor that can neither resolve nor be sent edits, the edit itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types

from orps_search.candidate import Candidate
from orps_search.source.target import Target
from orps_search.verdicts import passes
from orps_server.lsp_ext import ACTION_KIND, DIAGNOSTIC_SOURCE, CommandName
from orps_server.open_files import Document
from orps_server.profile import Profile
from orps_server.searches import Search
from orps_server.staleness import (
    Stale,
    has_own_body,
    is_body_only,
    present_target,
    replacement,
)
from orps_server.to_proto import workspace_edit
from orps_server.wording import done_of, evidence, remark

MAX_CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The function under the cursor, and what to know for its actions."""

    document: Document
    target: Target
    search: Search | None
    named: bool
    """Our kind was asked for, so an implemented function is offered too."""
    profile: Profile
    diagnostics: Sequence[types.Diagnostic] = ()
    """The request's; ours among them are linked to the actions."""


def code_actions(offer: Offer) -> list[types.CodeAction]:
    """Nothing for a function that is neither a stub nor searched nor asked for."""
    actions: list[types.CodeAction] = []
    if offer.search:
        actions += _candidates(offer, offer.search)
        actions += _of_stale(offer, offer.search)
        actions += _questions(offer, offer.search)
        actions += _preview(offer.search)
    if offer.search and offer.search.is_running:
        actions.append(_stop(offer.search))
    elif offer.search or offer.target.is_stub or offer.named:
        actions.append(_generate(offer))
    linked = [hint for hint in offer.diagnostics if hint.source == DIAGNOSTIC_SOURCE]
    for action in actions:
        action.kind = ACTION_KIND
        action.diagnostics = linked or None
        if offer.profile.llm_tag:
            action.tags = [types.CodeActionTag.LlmGenerated]
    return actions


def _candidates(offer: Offer, search: Search) -> Iterator[types.CodeAction]:
    present = present_target(search, offer.document.text)
    for idx, candidate in enumerate(search.offered[:MAX_CANDIDATES]):
        rank = idx + 1
        parts = (
            f"ORPS #{rank}",
            evidence(candidate),
            search.progress.outdated,
            remark(candidate),
        )
        action = types.CodeAction(title=" - ".join(part for part in parts if part))
        if isinstance(present, Stale):
            if offer.profile.disabled_actions:
                action.disabled = types.CodeActionDisabled(reason=present.reason)
                yield action
            continue
        if rank == 1 and candidate.outcome.may_be_applied and _is_settled(search):
            action.is_preferred = offer.profile.preferred_actions or None
        if _equip(action, offer, search, candidate):
            yield action


def _is_settled(search: Search) -> bool:
    return not (search.is_busy or search.progress.outdated)


def _of_stale(offer: Offer, search: Search) -> Iterator[types.CodeAction]:
    """What is left when the function, or what decides about it, has been changed."""
    is_stale = isinstance(present_target(search, offer.document.text), Stale)
    if not search.offered or not (is_stale or search.progress.outdated):
        return
    best = search.offered[0]
    profile = offer.profile
    # Somebody's work is replaced only by an editor that shows it and asks first.
    asks = profile.resolves_edits and profile.confirms_edits
    if is_stale and asks and is_body_only(search, offer.target):
        yield types.CodeAction(
            title=f"Replace my body with ORPS #1 ({passes(best.outcome)})",
            data=_data("replace", search, best),
        )
    if not search.is_busy and not has_own_body(search, offer.target):
        title = "Re-verify ORPS candidates"
        arguments = {"searchId": search.id}
        yield types.CodeAction(
            title=title, command=_command(title, CommandName.REVERIFY, arguments)
        )


def _questions(offer: Offer, search: Search) -> Iterator[types.CodeAction]:
    """Each answer that can be a test, for an editor that can be sent edits."""
    insight = search.progress.insight
    if insight is None or insight.question is None or not offer.profile.applies_edits:
        return
    groups = insight.comparison.groups
    place = {each.id: f"#{idx}" for idx, each in enumerate(search.offered, start=1)}
    for idx, option in enumerate(insight.question.options):
        id_ = groups[option.groups[0]].representative.id
        if not option.answer.is_sayable or id_ not in place:
            continue
        said = f"{insight.question.call}: {place[id_]} {option.answer.words}"
        arguments = {"searchId": search.id, "option": idx}
        yield types.CodeAction(
            title=f"ORPS {said} - add this as a test",
            command=_command("Add the test", CommandName.ANSWER, arguments),
        )


def _preview(search: Search) -> Iterator[types.CodeAction]:
    if search.offered:
        title = f"Preview ORPS candidates ({len(search.offered)})"
        arguments = {"searchId": search.id}
        yield types.CodeAction(
            title=title, command=_command(title, CommandName.REPORT, arguments)
        )


def _equip(
    action: types.CodeAction, offer: Offer, search: Search, candidate: Candidate
) -> bool:
    """Give the action its effect; false if it can have none."""
    profile = offer.profile
    if profile.resolves_edits:
        action.data = _data("apply", search, candidate)
        return True
    if profile.applies_edits:
        arguments = {"searchId": search.id, "candidateId": candidate.id}
        action.command = _command("Apply", CommandName.APPLY, arguments)
        return True
    placed = replacement(search, candidate, offer.document.text)
    if isinstance(placed, Stale):
        return False
    # Nothing tells us which of the edits the editor will make.
    search.accept(placed.source)
    action.edit = workspace_edit(
        placed.edits,
        uri=offer.document.uri,
        text=offer.document.text,
        version=offer.document.version,
        profile=profile,
    )
    return True


def _generate(offer: Offer) -> types.CodeAction:
    if offer.search:
        title = "Generate again with ORPS"
    elif offer.target.is_stub:
        title = "Generate with ORPS"
    else:
        title = "Improve with ORPS"
    arguments = {"uri": offer.document.uri, "name": offer.target.qualname}
    return types.CodeAction(
        title=title, command=_command(title, CommandName.GENERATE, arguments)
    )


def _stop(search: Search) -> types.CodeAction:
    done = done_of(search.progress)
    title = f"Stop ORPS search ({done})" if done else "Stop ORPS search"
    arguments = {"searchId": search.id}
    return types.CodeAction(
        title=title, command=_command(title, CommandName.CANCEL, arguments)
    )


def _data(op: str, search: Search, candidate: Candidate) -> dict[str, object]:
    return {"v": 1, "op": op, "s": search.id, "c": candidate.id}


def _command(title: str, name: CommandName, arguments: object) -> types.Command:
    return types.Command(title=title, command=name.value, arguments=[arguments])
