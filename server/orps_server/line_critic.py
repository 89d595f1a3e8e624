"""The trained model of lines in the critic's seat, alone or beside who sits there."""

from collections.abc import Callable
from pathlib import Path

from orps_search.errors import ExtraMissing
from orps_search.proposer import Critic
from orps_server.errors import RequestFault
from orps_server.settings import Settings


def line_critic(settings: Settings) -> Callable[[Critic], Critic]:
    """Return what makes of a critic the one that is wanted; raises `RequestFault`."""
    if settings.search.critic == "llm":
        return lambda critic: critic
    # Slow to import, and an extra.
    from orps_search.prm.critic import BothCritics, PrmCritic  # noqa: PLC0415
    from orps_search.prm.model import LineModel, PrmError  # noqa: PLC0415

    if not settings.search.prm_model:
        raise RequestFault(
            "A critic of lines is wanted, and no model of lines is named.",
            kind="badRequest",
            hint="Name one with --prm-model or orps.search.prmModel; "
            "orps-lsp prm train makes it.",
        )
    try:
        lines = PrmCritic(LineModel.load(Path(settings.search.prm_model).expanduser()))
    except PrmError as error:
        raise RequestFault(str(error), kind="badRequest") from error
    except ExtraMissing as error:
        raise RequestFault(str(error), kind="badRequest", hint=error.remedy) from error
    if settings.search.critic == "prm":
        return lambda _: lines
    return lambda critic: BothCritics(lines, critic)
