# EXPECT: FAIL|ERROR|CRASH; numbers of the judge's handles cannot be guessed into objects
import gc


def links():
    return [o for o in gc.get_objects() if type(o).__name__ in ("Link", "_Candidate")]


def solve(x):
    for link in links():
        ask = getattr(link, "_ask", None)
        if ask is not None:
            for number in range(1, 4):
                for name in (".__class__", ".f_globals", "__call__", ".gi_frame"):
                    try:
                        ask(number, name, (), {})
                    except Exception:
                        pass
    return None
