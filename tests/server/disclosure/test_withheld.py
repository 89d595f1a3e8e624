"""Values of excluded files are taken out wherever they stand."""

from pathlib import Path

import pytest

from orps_server.disclosure.excludes import DEFAULT_EXCLUDES, excludes
from orps_server.disclosure.withheld import withheld_values
from orps_server.discovery.project_tree import ProjectTree
from support.projects import project


def withheld(root: Path, files: dict[str, str]) -> tuple[str, ...]:
    project(root, files)
    tree = ProjectTree(root=root, overlay={})
    return withheld_values(tree, excludes(DEFAULT_EXCLUDES).allows)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        (".env", "export URL=db7.example/a\nMODE=development\n", ("db7.example/a",)),
        ("deep/.env.local", "DB_PASSWORD='hunterhunter'\n", ("hunterhunter",)),
        ("credentials.json", '{\n  "client": "a1b2c3d4e5",\n}\n', ("a1b2c3d4e5",)),
        ("server.pem", "-----\n" + "Ab3" * 10 + "\n", ("Ab3" * 10,)),
        ("my_secrets.py", "total = add(x1, y1)\nTOKEN = 'a1b2c3d4e5'", ("a1b2c3d4e5",)),
        (".env", "PORT=8080\nNAME=some words of 12 letters\n", ()),
        ("m.py", "KEY = 'a1b2c3d4e5'\n", ()),
    ],
)
def test_what_an_excluded_file_holds(
    tmp_path: Path, name: str, text: str, values: tuple[str, ...]
) -> None:
    assert withheld(tmp_path, {name: text}) == values
