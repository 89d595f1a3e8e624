"""AB-MCTS: what is ours around the package's tree."""

import sys
from importlib import import_module
from typing import Any

import pytest

from orps_search.candidate import Candidate
from orps_search.config import SearchConfig
from orps_search.errors import ExtraMissing
from orps_search.events import StopReason
from orps_search.policies import POLICIES, require_extra
from orps_search.proposer import Expansion
from support.policies import Game
from support.searching import state

CONFIG = SearchConfig(samples_per_round=4, in_flight=2, seed=3)


def game(config: SearchConfig = CONFIG) -> Game:
    return Game(POLICIES["abmcts"].make(config))


def deeper_is_better(expansion: Expansion) -> Candidate:
    passed = [idx < expansion.round for idx in range(5)]
    return state(f"c{expansion.id}", round=expansion.round, passed=passed)


def test_it_writes_anew_and_goes_on_from_what_it_has() -> None:
    played = game()
    played.play(deeper_is_better)
    assert played.policy.stop_reason is StopReason.ROUNDS
    assert len(played.expansions) == played.policy.n_max == CONFIG.n_calls
    assert played.reviews == []
    parents = [expansion.parent for expansion in played.expansions]
    assert None in parents
    assert max(expansion.round for expansion in played.expansions) > 1


def test_it_goes_on_from_the_body_that_was_there() -> None:
    played = game()
    played.policy.begin(state("c0", passed=(True, False)))
    played.play(lambda _: None)
    assert "c0" in {e.parent.id for e in played.expansions if e.parent is not None}


def test_the_seed_decides_and_numpy_is_left_alone() -> None:
    numpy: Any = import_module("numpy.random")
    numpy.seed(5)
    drawn = list(numpy.random(3))
    numpy.seed(5)
    games = [game(), game()]
    for each in games:
        each.play(deeper_is_better)
    one, other = games
    assert one.asked == other.asked
    assert list(numpy.random(3)) == drawn


def test_without_its_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "treequest", None)
    with pytest.raises(ExtraMissing, match=r"orps-lsp\[abmcts\]"):
        require_extra("abmcts")
    with pytest.raises(ExtraMissing, match=r"orps-lsp\[abmcts\]"):
        POLICIES["abmcts"].make(CONFIG)
    require_extra("opal")
