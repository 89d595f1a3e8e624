# EXPECT: PASS; copying, renaming, linking and removing in the temporary folder works
import os
import shutil
import tempfile
from pathlib import Path


def solve(x):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a").write_text(str(2 * x))
        shutil.copy(folder / "a", folder / "b")
        (folder / "sub").mkdir()
        os.replace(folder / "b", folder / "sub" / "c")
        (folder / "link").symlink_to("sub/c")
        os.link(folder / "a", folder / "hard")
        return int((folder / "link").read_text())
