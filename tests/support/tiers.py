"""Which confining tiers a test runs in: those that work here, and those that must."""

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import anyio

from orps_sandbox.errors import SandboxUnavailable
from orps_sandbox.executor import open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import Tier
from orps_sandbox.program import Project

REQUIRED = "ORPS_REQUIRE_TIER"
"""Tiers such as `A,B`: their tests run, and so fail, where they do not work."""


@cache
def confining_tiers() -> tuple[Tier, ...]:
    required = os.environ.get(REQUIRED, "").split(",")
    return tuple(
        tier
        for tier in (Tier.A, Tier.B)
        if tier.value in required or anyio.run(_works, tier)
    )


async def _works(tier: Tier) -> bool:
    with tempfile.TemporaryDirectory() as root:
        project = Project(root=Path(root), interpreter=Path(sys.executable))
        try:
            async with open_executor(project, limits=Limits(), slots=1, tier=tier):
                return True
        except SandboxUnavailable:
            return False
