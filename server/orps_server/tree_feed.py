"""`orps/treeDidChange`: the nodes of a search's tree as they come about.

Only what is new, or has changed since it was sent: a critique arrives later than its
candidate, and a node is on a beam once something has been expanded from it.
"""

from collections.abc import Iterator

from orps_search.candidate import Candidate, CandidateId
from orps_search.journal.document import NodeState, node_state
from orps_search.journal.fold import SearchState
from orps_server.searches import Search

Json = dict[str, object]


class TreeFeed:
    """What of one search's tree an editor has been sent."""

    def __init__(self) -> None:
        self._sent: dict[str, Json] = {}

    def news(self, search: Search) -> Json | None:
        """`TreeDidChangeParams` of docs/lsp-extensions.md; `None` if nothing is new."""
        if search.journal.is_empty:
            return None
        nodes = {str(node["id"]): node for node in _nodes(search.journal.state())}
        new = [node for id_, node in nodes.items() if self._sent.get(id_) != node]
        self._sent = nodes
        return {"searchId": search.id, "nodes": new} if new else None


def _nodes(state: SearchState) -> Iterator[Json]:
    """Parents before their children."""
    parents = {each.parent for each in state.expansions.values()}
    for id_, candidate in state.candidates.items():
        yield _executed(candidate, is_parent=id_ in parents)
    for id_ in state.told - state.candidates.keys():
        asked = state.expansions[id_]
        yield _node(id_, asked.parent, asked.round) | {"state": NodeState.FAILED.value}


def _executed(candidate: Candidate, *, is_parent: bool) -> Json:
    critique = candidate.critique
    return _node(candidate.id, candidate.parent, candidate.round) | {
        "score": critique.process_reward if critique else None,
        "passed": candidate.outcome.n_passed,
        "total": candidate.outcome.n_total,
        "state": node_state(candidate, is_parent).value,
        "critique": critique.text if critique else None,
    }


def _node(id_: CandidateId, parent: CandidateId | None, depth: int) -> Json:
    return {
        "id": id_,
        "parent": parent,
        "depth": depth,
        "score": None,
        "passed": 0,
        "total": 0,
        "state": NodeState.RUNNING.value,
        "critique": None,
    }
