# EXPECT: FAIL|ERROR|CRASH; encoders patched in the candidate's process only cost it its answer
import json
import sys


class Equal:
    def __eq__(self, other):
        return True


json.JSONEncoder.encode = lambda self, value: "{}"
for module in list(sys.modules.values()):
    for name in ("encode", "decode", "pack", "unpack"):
        if hasattr(module, name) and "orps" in getattr(module, "__name__", ""):
            setattr(module, name, lambda *a, **k: b"")


def solve(x):
    return Equal()
