# EXPECT: FAIL|ERROR|CRASH; an object with every comparison and operator is equal to nothing
class Yes:
    def _yes(self, *_):
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _yes
    __bool__ = __contains__ = __instancecheck__ = _yes
    __hash__ = lambda self: 0
    __sub__ = __rsub__ = __add__ = __abs__ = lambda self, *_: 0
    __class__ = int


def solve(x):
    return Yes()
