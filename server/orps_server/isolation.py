"""How strongly the executions of one project have to be confined.

Limits alone protect nobody from malice, so a project runs with nothing else only if
its person said so, for this project and not for all.
"""

from dataclasses import dataclass
from pathlib import Path

from orps_sandbox.outcome import Tier
from orps_server.errors import RequestFault
from orps_server.settings import Settings

EVERYWHERE = "*"
"""Instead of a folder: what `--tier C` says for one command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    tier: Tier | None
    """The tier that has to work; `None` for the strongest that does."""
    unconfined: bool
    """Whether that may be tier C."""


def isolation_of(settings: Settings, root: Path) -> Isolation:
    """Read the settings for one project.

    Raises:
        RequestFault: they ask for tier C, and not for this project.
    """
    chosen = settings.sandbox.tier
    unconfined = is_opted_in(root, settings.sandbox.unconfined)
    if chosen == Tier.C.value and not unconfined:
        raise RequestFault(
            f"Tier C runs candidates with limits only, and nobody allowed it for {root}.",
            kind="sandboxUnavailable",
            hint="Set orps.sandbox.tier to `auto`; or add the folder to "
            "orps.sandbox.unconfined; on the command line, --tier C allows it once.",
        )
    tier = None if chosen == "auto" else Tier(chosen)
    return Isolation(tier=tier, unconfined=unconfined)


def is_opted_in(root: Path, folders: tuple[str, ...]) -> bool:
    """Whether the project lies in one of the folders, links resolved."""
    return any(
        folder == EVERYWHERE
        or root.resolve().is_relative_to(Path(folder).expanduser().resolve())
        for folder in folders
    )
