"""Which of the candidates that were found should be shown: pure, after any search.

Search and selection are two things: a policy decides what is found, a picker which of
it is taken. With pickers apart from policies, the same nodes can be judged by each.
"""
