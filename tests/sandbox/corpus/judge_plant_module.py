# EXPECT: FAIL|ERROR|CRASH; a module left where the judge imports from is not executed there
import os

CODE = "import builtins, _pytest.runner\n_pytest.runner.call_runtest_hook = None\n"
for name in ("pytest", "conftest", "sitecustomize", "statistics", "test_more", "colorsys"):
    try:
        with open(name + ".py", "w") as file:
            file.write(CODE)
    except OSError:
        pass


def solve(x):
    return None
