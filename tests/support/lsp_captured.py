"""What real editors declare at `initialize`, as it was captured from them.

The captures are not part of this repository. Without them the tests run on three files
of its own: an editor with everything, one that resolves, and a plain one.
"""

import json
import os
import sys
from pathlib import Path

from support.lsp_client import Json

_ROOT = Path(__file__).parents[2]
CAPTURES = Path(
    os.environ.get(
        "ORPS_CLIENT_CAPABILITIES", _ROOT / "../shared/data/client-capabilities"
    )
)
_OWN = _ROOT / "tests" / "server" / "lsp" / "clients"
N_CAPTURED = 11


def client_files() -> list[Path]:
    captured = sorted(CAPTURES.glob("*.json"))
    if captured:
        return captured
    sys.stderr.write(f"No editors' captures in {CAPTURES}: using {_OWN.name}/\n")
    return sorted(_OWN.glob("*.json"))


def capabilities(file: Path) -> Json:
    return json.loads(file.read_text(encoding="utf-8"))
