"""What each picker takes from the same samples."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orps_search.selection.pickers import PICKERS, agreement, codet, plurality
from orps_search.selection.samples import Sample
from support.searching import state


def sample(
    name: str, outputs: Sequence[str], *, passes: bool = True, n_found: int = 1
) -> Sample:
    candidate = replace(state(name, passed=(True, passes)), outputs=tuple(outputs))
    return Sample(candidate=candidate, n_found=n_found)


@pytest.mark.parametrize("name", sorted(PICKERS))
def test_every_picker_puts_the_visible_tests_first(name: str) -> None:
    picker = PICKERS[name]
    assert picker([]) is None
    wrong = [sample(f"c{idx}", "aaa", passes=False) for idx in range(2, 9)]
    right = sample("c1", "bbb")
    assert picker([*wrong, right]) is right
    assert picker(wrong) in wrong


def test_plurality_counts_replies_and_not_programs() -> None:
    often = sample("c1", "aa", n_found=3)
    others = [sample("c2", "bb"), sample("c3", "bb")]
    assert plurality([*others, often]) is often


def test_agreement_survives_a_class_that_falls_apart() -> None:
    # Three right programs, each odd on one input that means nothing; two equal wrong ones.
    right = [sample("c1", "aaaax"), sample("c2", "aaaay"), sample("c3", "aaaaz")]
    wrong = [sample("c4", "bbbbb"), sample("c5", "bbbbb")]
    assert plurality([*right, *wrong]) in wrong
    assert agreement([*right, *wrong]) in right


def test_codet_weighs_solutions_by_their_root() -> None:
    # sqrt(2) * (2 + 2 + 8) = 17.0 beats sqrt(3) * (3 + 3 + 3) = 15.6.
    few = [sample("c1", "aac"), sample("c2", "aac")]
    many = [sample(f"c{idx}", "bbd") for idx in (3, 4, 5)]
    rest = [sample(f"c{idx}", (f"{idx}", f"{idx}", "c")) for idx in range(6, 12)]
    assert codet([*few, *many, *rest]) in few
    assert plurality([*few, *many, *rest]) in many
