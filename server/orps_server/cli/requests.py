"""From a parsed command to the engine's request and settings."""

import os
from pathlib import Path

from orps_server.cli.options import TargetName
from orps_server.cli.streams import tell
from orps_server.errors import RequestFault
from orps_server.preparation import GenerateRequest
from orps_server.settings import Settings, settings_from_json
from orps_server.settings_layers import layered_settings


def request_of(target: TargetName, tests: tuple[str, ...]) -> GenerateRequest:
    """Paths are resolved against the working directory, as the shell's user means."""
    return GenerateRequest(
        file=absolute(target.file),
        qualname=target.qualname,
        tests=tuple(_test(test) for test in tests),
    )


def settings_for(root: Path, overrides: dict[str, object]) -> Settings:
    """All layers; a bad file costs a warning, a bad flag is a fault."""
    layers, complaints = layered_settings(root, os.environ)
    for complaint in complaints:
        tell(f"settings: {complaint}")
    settings, faults = settings_from_json(overrides, base=layers)
    if faults:
        raise RequestFault(faults[0], kind="badRequest")
    return settings


def absolute(name: str) -> Path:
    # Not resolved: a symbolic link is in the project where it stands.
    return Path(os.path.abspath(Path(name).expanduser()))  # noqa: PTH100


def _test(test: str) -> str:
    """Absolute if it exists from here; else it is relative to the project's root."""
    name, separator, inner = test.partition("::")
    path = absolute(name)
    return f"{path}{separator}{inner}" if path.exists() else test
