# EXPECT: FAIL; __class__ property lies
class L(object):
    @property
    def __class__(self): return int
    def __eq__(self, o): return True
    def __hash__(self): return 0
    def __repr__(self): return '6'
    def __index__(self): return 6
    def __int__(self): return 6
    def __bool__(self): return True
def solve(x): return L()
