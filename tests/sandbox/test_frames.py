"""Frames from a hostile peer: decoded, refused, never anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_sandbox.outcome import CaseStatus
from orps_sandbox.reports import read_attempt
from orps_sandbox.worker import frames
from orps_sandbox.worker.excerpt import MAX_CHARACTERS, MAX_LINES, excerpt
from orps_sandbox.worker.frames import FrameError, FrameReader, decode, encode

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_FRAMES = st.lists(st.dictionaries(st.text(), _JSON), max_size=5)


@settings(deadline=None, max_examples=40)
@given(sent=_FRAMES, data=st.data())
def test_frames_survive_any_cutting(sent: list[dict[str, object]], data: st.DataObject):
    stream = b"".join(map(encode, sent))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6).map(sorted))
    reader = FrameReader()
    received: list[dict[str, object]] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        received += reader.feed(stream[start:end])
    assert received == sent


@settings(deadline=None, max_examples=40)
@given(garbage=st.binary())
def test_garbage_is_refused_or_waits_for_more(garbage: bytes):
    try:
        received = list(FrameReader().feed(garbage))
    except FrameError:
        return
    assert all(type(frame) is dict for frame in received)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
    ],
)
def test_bodies_that_are_refused(body: bytes):
    with pytest.raises(FrameError):
        decode(body)


def test_sizes_are_bounded():
    too_long = (frames.MAX_FRAME_BYTES + 1).to_bytes(4, "big")
    with pytest.raises(FrameError, match="bytes"):
        list(FrameReader().feed(too_long))
    reader = FrameReader(max_total_bytes=20)
    assert list(reader.feed(encode({"a": 1}))) == [{"a": 1}]
    with pytest.raises(FrameError, match="too much"):
        list(reader.feed(encode({"a": 1})))


_KINDS = st.sampled_from(
    ["born", "collecting", "problem", "collected", "begin", "start", "case", "end", "?"]
)
_FIELDS = st.sampled_from(
    [
        *("id", "status", "message", "where", "terminal", "docstrings", "case_ids"),
        *("wall_seconds", "cpu_seconds", "page_faults", "address_space_bytes"),
        "exit_status",
    ]
)


def _report(kind: str, fields: dict[str, object]) -> dict[str, object]:
    return {**fields, "kind": kind}


_REPORTS = st.builds(_report, _KINDS, st.dictionaries(_FIELDS, _JSON))


@settings(deadline=None, max_examples=40)
@given(reports=st.lists(_REPORTS))
def test_reports_of_any_shape_are_read_into_types(reports: list[dict[str, object]]):
    attempt = read_attempt(reports)
    for result in attempt.results:
        assert isinstance(result.id, str)
        assert isinstance(result.status, CaseStatus)
        assert result.wall_seconds is None or result.wall_seconds >= 0


@settings(deadline=None, max_examples=40)
@given(text=st.text(), lines=st.integers(1, 100))
def test_excerpts_are_short_and_keep_the_end(text: str, lines: int):
    short = excerpt("\n".join([text] * lines + ["the end"]), copy_root="/copy")
    assert len(short) <= MAX_CHARACTERS
    assert len(short.splitlines()) <= MAX_LINES + MAX_CHARACTERS
    assert short.endswith("the end")


def test_excerpts_name_files_as_the_user_does():
    assert excerpt("\n/copy/a/b.py:1: in f\n", copy_root="/copy") == "a/b.py:1: in f"
