# EXPECT: PASS; nothing can be left where the interpreter would load it later
import os
import sys
import sysconfig


def solve(x):
    places = [
        sysconfig.get_paths()["purelib"],
        sys.prefix,
        os.path.dirname(os.__file__),
    ]
    for place in places:
        try:
            os.close(os.open(f"{place}/orps_planted.pth", os.O_CREAT | os.O_WRONLY))
        except OSError:
            continue
        os.unlink(f"{place}/orps_planted.pth")
        return f"{place} can be written"
    return 2 * x
