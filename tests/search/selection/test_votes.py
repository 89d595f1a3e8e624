from orps_search.selection.votes import Votes


def votes_of(*samples: tuple[str, ...]) -> Votes:
    votes = Votes()
    for each in samples:
        votes.add(each)
    return votes


def test_an_output_that_more_samples_share_has_more_support():
    votes = votes_of(("1", "2"), ("1", "2"), ("1", "3"))
    assert votes.support(("1", "2")) > votes.support(("1", "3"))


def test_the_few_that_return_what_most_refuse_gain_nothing_by_it():
    refusing, lenient = ("No", "!IndexError"), ("No", "Yes")
    votes = votes_of(refusing, refusing, refusing, lenient)
    assert votes.support(refusing) > votes.support(lenient)


def test_raising_where_most_return_a_value_counts_for_little():
    right, raising = ("1", "2"), ("1", "!KeyError")
    votes = votes_of(right, right, raising)
    assert votes.support(right) > votes.support(raising)


def test_two_that_never_end_do_not_agree():
    votes = votes_of(("1", "!timeout"), ("1", "!timeout"), ("1", "2"))
    assert votes.support(("1", "!timeout")) < votes.support(("1", "2"))


def test_an_input_that_all_refuse_tells_no_candidate_apart():
    votes = votes_of(("1", "!ValueError"), ("2", "!ValueError"), ("1", "!ValueError"))
    gap = votes.support(("1", "!ValueError")) - votes.support(("2", "!ValueError"))
    assert gap == votes_of(("1",), ("2",), ("1",)).support(("1",)) - 1
