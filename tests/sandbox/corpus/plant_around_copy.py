# EXPECT: PASS; the worker's own files around the copy can be neither changed nor joined


def solve(x):
    for name in (
        "../pytest.ini",
        "../conftest.py",
        "../worker.log",
        "../../pristine/solution.py",
    ):
        try:
            with open(name, "a") as file:
                file.write("\n")
        except OSError:
            continue
        return f"{name} can be written"
    return 2 * x
