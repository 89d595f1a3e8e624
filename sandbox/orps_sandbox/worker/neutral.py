"""Takes back what plugins in a project's `addopts` would do to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Final

_NEUTRAL_OPTIONS: Final = {
    "--no-cov": ("pytest_cov", "pytest_cov.plugin"),
    "--randomly-dont-reorganize": ("randomly", "pytest_randomly"),
    "--reruns=0": ("rerunfailures", "pytest_rerunfailures"),
    "--timeout=0": ("timeout", "pytest_timeout"),
    "-n0": ("xdist", "xdist.plugin"),
}
"""By option: the names under which its plugin is loaded by itself or with `-p`. Left
alone, these plugins hide or repeat cases, start processes or take our alarm."""


class NeutralOptions:
    """Registered as `pytest.main(plugins=[...])`, as early as a plugin can be.

    Only pytest knows which plugins it has loaded, after `-p no:NAME` and all else
    that switches them on and off; the option of any other is a usage error.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(
        self, early_config: pytest.Config, args: list[str]
    ) -> None:
        plugins = early_config.pluginmanager
        args += [
            option
            for option, names in _NEUTRAL_OPTIONS.items()
            if any(plugins.hasplugin(name) for name in names)
        ]
