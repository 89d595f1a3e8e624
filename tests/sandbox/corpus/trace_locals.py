# EXPECT: FAIL|ERROR|TIMEOUT; trace rewrites locals
import sys
def tr(f, e, a):
    if 'doubled' in f.f_locals: f.f_locals['doubled'] = -1
    return tr
sys.settrace(tr); sys.setprofile(tr)
import threading; threading.settrace(tr)
def solve(x): return -1
