"""Our own hostile programs, in each tier that is meant to hold them."""

import sys
from pathlib import Path

import pytest

from orps_sandbox.outcome import Tier
from orps_server.corpus import run_corpus
from support.tiers import confining_tiers

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("tier", confining_tiers())
async def test_every_program_ends_as_it_should_and_leaves_no_trace(tier: Tier):
    rows = [row async for row in run_corpus(CORPUS, Path(sys.executable), tier=tier)]
    assert {row.name for row in rows} == {path.name for path in CORPUS.glob("*.py")}
    assert {row.tier for row in rows} == {tier}
    assert [row for row in rows if not row.is_ok] == []
