# EXPECT: FAIL|ERROR|TIMEOUT|CRASH; builtins replaced
import builtins
for n in ('isinstance', 'type', 'len', 'repr', 'str', 'id', 'getattr', 'hasattr', 'AssertionError', 'set', 'list', 'dict'):
    try: setattr(builtins, n, lambda *a, **k: True)
    except Exception: pass
def solve(x): return -1
