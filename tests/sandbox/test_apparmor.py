"""The remedy on Ubuntu 23.10 and later, as far as it can be tried elsewhere."""

from pathlib import Path

from orps_sandbox import apparmor
from orps_sandbox.worker import namespaces

PROFILE = """\
abi <abi/4.0>,
include <tunables/global>

profile orps-lsp-python "/opt/my python/bin/python3.12" flags=(unconfined) {
  userns,
}
"""


def host(root: Path, switch: str, value: str) -> Path:
    """A folder that stands in for /proc/sys of another host."""
    file = root / switch
    file.parent.mkdir(parents=True)
    file.write_text(f"{value}\n")
    return root


def test_the_profile_names_the_interpreter():
    interpreter = Path("/opt/my python/bin/python3.12")
    assert apparmor.profile(interpreter) == PROFILE
    assert PROFILE in apparmor.remedy(interpreter)
    assert apparmor.PROFILE_FILE in apparmor.remedy(interpreter)


def test_signs_of_patterns_are_taken_literally():
    assert r'"/a\[1\]/p\"y\*"' in apparmor.profile(Path('/a[1]/p"y*'))


def test_it_is_in_the_way_only_where_it_is_switched_on(tmp_path: Path):
    assert apparmor.is_in_the_way(host(tmp_path / "on", apparmor.SWITCH, "1"))
    assert not apparmor.is_in_the_way(host(tmp_path / "off", apparmor.SWITCH, "0"))
    assert not apparmor.is_in_the_way(tmp_path / "none")


def test_a_worker_that_is_refused_namespaces_tells_where_the_profile_is(tmp_path: Path):
    blocked = namespaces.remedy(host(tmp_path / "ubuntu", apparmor.SWITCH, "1"))
    assert "`orps-lsp doctor` prints" in blocked
    assert "\n" not in blocked
    other = host(tmp_path / "other", "user/max_user_namespaces", "0")
    assert "`sudo sysctl user.max_user_namespaces=15000`" in namespaces.remedy(other)
    assert "container" in namespaces.remedy(tmp_path / "none")
