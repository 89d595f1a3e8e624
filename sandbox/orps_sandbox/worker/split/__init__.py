"""The split judge: tests in one process, the candidate in another.

The judge runs the person's tests on the person's own modules and never executes a
line of the candidate.  Functions that the candidate has changed ask the candidate's
process, over `link`; what passes is plain data (`leaves`, `graph`), and whatever is
not stays where it was made and is represented by a handle (`remote`).
"""
