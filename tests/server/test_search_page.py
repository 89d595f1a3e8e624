"""The search view as a file: self-contained, and closed to what a model wrote."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

from orps_server.search_page import search_page

SAMPLE = Path(__file__).parents[2] / "extension/test/samples/search.json"
EMBEDDED = re.compile(
    r'<script type="application/json" id="orps-document">(.*?)</script>', re.DOTALL
)


def page() -> str:
    return search_page(json.loads(SAMPLE.read_text(encoding="utf-8")))


def test_the_document_arrives_as_it_was():
    embedded = EMBEDDED.search(page())
    assert embedded is not None
    assert json.loads(embedded[1]) == json.loads(SAMPLE.read_text(encoding="utf-8"))


def test_code_of_a_model_cannot_end_the_script_element():
    hostile = {"candidates": [{"code": "</script><script>alert(1)</script><!--"}]}
    clean: dict[str, object] = {"candidates": []}
    for mark in ("</script", "<script", "<!--"):
        assert search_page(hostile).count(mark) == search_page(clean).count(mark)


def test_the_policy_admits_the_one_script_and_nothing_from_elsewhere():
    text = page()
    script = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(script) == 1
    digest = b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", text)
