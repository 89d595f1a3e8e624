"""Settles how strongly runs are confined: the strongest tier that was seen to work."""

from dataclasses import dataclass
from pathlib import Path

from orps_sandbox.errors import SandboxUnavailable, TierUnavailable, UnconfinedRefused
from orps_sandbox.launching import isolating
from orps_sandbox.outcome import Tier
from orps_sandbox.slot import Slot

_failures: dict[tuple[Path, Tier], str] = {}
"""What this process has found not to work here, so that it is tried only once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    tier: Tier
    resources: str = ""
    """How all processes of a run are limited together, or why they are not."""
    shortfalls: tuple[str, ...] = ()
    """For each stronger tier that was tried: why it does not work, and the remedy."""


async def start_confined(
    slot: Slot, *, interpreter: Path, wanted: Tier | None, unconfined: bool
) -> Confinement:
    """Start the slot's worker in the wanted tier; `None` takes the strongest.

    That may be tier C, which confines nothing, only where `unconfined` says so.  A
    worker starts after its self-check has held, so this is an observation.

    Raises:
        UnconfinedRefused: only tier C works, and nobody has allowed it.
        SandboxUnavailable: the wanted tier does not work here, or nothing does.
    """
    shortfalls: list[str] = []
    for tier in isolating() if wanted is None else (wanted,):
        failure = _failures.get((interpreter, tier))
        if failure is None:
            slot.tier = tier
            try:
                await slot.start()
            except TierUnavailable as error:
                failure = _failures[interpreter, tier] = str(error)
            else:
                return Confinement(
                    tier=tier, resources=slot.resources, shortfalls=tuple(shortfalls)
                )
        shortfalls.append(f"tier {tier.value} does not work here: {failure}")
    if wanted is not None:
        raise SandboxUnavailable("; ".join(shortfalls))
    if not unconfined:
        raise UnconfinedRefused(
            f"nothing isolates candidates here: {'; '.join(shortfalls)}; to run them "
            "with limits only, which protects from accidents and not from malice, add "
            "the project's folder to orps.sandbox.unconfined or say --tier C"
        )
    slot.tier = Tier.C
    await slot.start()
    return Confinement(tier=Tier.C, shortfalls=tuple(shortfalls))
