from hypothesis import given
from hypothesis import strategies as st

from orps_server.positions import Encoding, Place, line_index

TEXT = st.text(alphabet="ab \u00e9\u20ac\U0001f600\u2028\x0c\x85\n\r")
ENCODING = st.sampled_from(Encoding)


@given(TEXT, ENCODING, st.data())
def test_a_place_leads_back_to_its_offset(
    text: str, encoding: Encoding, data: st.DataObject
):
    offset = data.draw(st.integers(0, len(text)))
    index = line_index(text, encoding)
    # Between CR and LF there is no position in LSP.
    if text[offset - 1 : offset + 1] != "\r\n":
        assert index.offset(index.place(offset)) == offset


@given(TEXT, ENCODING, st.integers(0, 9), st.integers(0, 99))
def test_whatever_an_editor_sends_is_inside_the_text(
    text: str, encoding: Encoding, line: int, character: int
):
    index = line_index(text, encoding)
    assert 0 <= index.offset(Place(line=line, character=character)) <= len(text)


@given(TEXT)
def test_characters_are_counted_in_the_units_of_the_encoding(text: str):
    for encoding, codec, width in (
        (Encoding.UTF8, "utf-8", 1),
        (Encoding.UTF16, "utf-16-le", 2),
        (Encoding.UTF32, "utf-32-le", 4),
    ):
        index = line_index(text, encoding)
        for start, end in zip(index.starts, index.ends, strict=True):
            n_units = len(text[start:end].encode(codec)) // width
            assert index.place(end).character == n_units


def test_lines_end_where_lsp_says_and_nowhere_else():
    index = line_index("a\x0cb\u2028c\r\nd\re\nf", Encoding.UTF16)
    assert index.place(len(index.text)) == Place(line=3, character=1)
    assert index.offset(Place(line=0, character=99)) == 5
    assert index.offset(Place(line=9, character=0)) == len(index.text)
