"""Tier C needs a person's word for the project at hand."""

from pathlib import Path

import pytest

from orps_sandbox.outcome import Tier
from orps_server.errors import RequestFault
from orps_server.isolation import isolation_of
from orps_server.setting_fields import Scope, leaves
from orps_server.settings import Settings, settings_from_json


def check(tier: str, *folders: str, root: Path) -> tuple[Tier | None, bool]:
    tree = {"sandbox": {"tier": tier, "unconfined": list(folders)}}
    settings, warnings = settings_from_json(tree)
    assert not warnings
    isolation = isolation_of(settings, root)
    return isolation.tier, isolation.unconfined


def test_isolation_is_what_is_asked_for(tmp_path: Path) -> None:
    assert check("auto", root=tmp_path) == (None, False)
    assert check("A", root=tmp_path) == (Tier.A, False)
    assert check("B", str(tmp_path), root=tmp_path) == (Tier.B, True)


def test_tier_c_is_refused_for_projects_that_nobody_named(tmp_path: Path) -> None:
    with pytest.raises(RequestFault, match="nobody allowed it") as caught:
        check("C", str(tmp_path / "other"), root=tmp_path / "project")
    assert "orps.sandbox.unconfined" in caught.value.hint
    assert "--tier C" in caught.value.hint


def test_tier_c_for_projects_in_a_named_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    for folder in (tmp_path, tmp_path / "link", "*"):
        assert check("C", str(folder), root=tmp_path / "p") == (Tier.C, True)


def test_a_repository_cannot_allow_it_for_itself() -> None:
    found = {leaf.name: leaf.about for leaf in leaves(Settings(), "orps")}
    assert not found["orps.sandbox.unconfined"].in_repository
    assert found["orps.sandbox.unconfined"].scope is Scope.MACHINE
