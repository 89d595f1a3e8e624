"""A policy taken to the point where its journal ends.

Policies are machines that the same tells bring to the same state, so nothing of a
policy is stored: its moves are played again. What it asks for on the way is compared
with what it asked for then, for a policy of another version may think otherwise.
"""

from dataclasses import replace

from orps_search.candidate import Candidate, CandidateId
from orps_search.finalists import settled
from orps_search.journal.codec import JournalFault
from orps_search.journal.entries import (
    Advice,
    Asked,
    AskedExpansion,
    Executed,
    Told,
    ToldCritique,
    ToldWinner,
)
from orps_search.journal.fold import Move, SearchState
from orps_search.policies import POLICIES
from orps_search.policies.advised import Advised
from orps_search.policy import Contest, Review, Work, tell_winner
from orps_search.proposer import Expansion
from orps_search.reward import answer_key


def played_back(state: SearchState) -> Advised:
    """Raise `JournalFault` when the policy does not do what it did."""
    name = state.config.policy
    if name not in POLICIES:
        raise JournalFault(f"its policy {name!r} is not one of this orps-lsp")
    policy = Advised(POLICIES[name].make(state.config))
    executed = {id_: _unread(each) for id_, each in state.candidates.items()}
    for move in state.moves:
        _play(policy, move, executed)
    return policy


def ranking(state: SearchState) -> tuple[Candidate, ...]:
    """As the policy ranks; in the paper's order if the policy has changed since.

    What finalists were measured to cost has the last word among equals.
    """
    try:
        ranked = played_back(state).ranking()
    except JournalFault:
        return settled(sorted(state.candidates.values(), key=answer_key))
    known = {candidate.id for candidate in ranked}
    # The policy has not been told of those yet.
    late = [each for id_, each in state.candidates.items() if id_ not in known]
    return settled((*ranked, *late))


def asked(works: tuple[Work, ...]) -> Asked:
    """What a policy asked for, as the journal has it."""
    return Asked(
        expansions=tuple(
            AskedExpansion(
                id=work.id,
                parent=work.parent.id if work.parent else None,
                round=work.round,
                sample=work.sample,
            )
            for work in works
            if isinstance(work, Expansion)
        ),
        reviews=tuple(work.candidate.id for work in works if isinstance(work, Review)),
        contests=tuple(
            (work.first.id, work.second.id)
            for work in works
            if isinstance(work, Contest)
        ),
    )


def _play(policy: Advised, move: Move, executed: dict[CandidateId, Candidate]) -> None:
    match move:
        case Executed(candidate=initial):
            policy.begin(initial)
        case Advice(candidate=id_, text=text, n_samples=n_samples):
            policy.advise(executed[id_], text, n_samples=n_samples)
        case Asked():
            if asked(policy.ask()) != move:
                raise JournalFault(
                    "its policy now decides otherwise than when it was recorded"
                )
        case Told(expansion=expansion, candidate=id_):
            policy.tell(expansion, None if id_ is None else executed[id_])
        case ToldCritique(candidate=id_, critique=critique):
            policy.tell_critique(id_, critique)
        case ToldWinner(contest=contest, winner=winner):
            tell_winner(policy, contest, winner)


def _unread(candidate: Candidate) -> Candidate:
    return replace(candidate, critique=None)
