# EXPECT: PASS; no other way of naming a file leads to it
import os


def solve(x):
    target = "/tmp/canary/secret.txt"
    os.symlink(target, "detour") if not os.path.lexists("detour") else None
    paths = [
        "detour",
        f"/proc/self/root{target}",
        f"/proc/{os.getppid()}/root{target}",
        f"/proc/self/cwd/../../../../..{target}",
        f"/dev/fd/../root{target}",
    ]
    for path in paths:
        try:
            with open(path) as file:
                return file.read()
        except OSError:
            pass
    try:
        os.link(target, "hard")
    except OSError:
        return 2 * x
    return "linked"
