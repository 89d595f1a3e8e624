"""Work that can be done anywhere: on this machine, or on the nodes of a Ray cluster.

A work is a value that performs itself and shares nothing with another. Whoever spreads
it sees results in the order in which they come, and must not depend on it.
"""
