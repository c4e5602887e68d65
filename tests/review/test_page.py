"""The page is one file that needs nothing else, and whatever a customer wrote stays text."""

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.review.page import render_page
from tests.conftest import ROOT
from tests.review.invented import invented_summary, only_cards

HOSTILE = (
    "</style></script><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}\u202e\x07'\"--><svg/onload=alert(3)>"
)


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def elements(page):
    parser = Elements()
    parser.feed(page)
    return parser


def test_nothing_is_fetched_and_only_our_style_and_script_may_run(sample_page):
    page = sample_page.read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?!#)""", page)
    assert not re.search(
        r"""url\((?!#)|@import|\sstyle=|\son[a-z]+=""", re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S)
    )
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src &#39;none&#39;")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert hashlib.sha256(inside.encode()).digest() in digests(policy)


def digests(policy):
    import base64

    return [base64.b64decode(one) for one in re.findall(r"sha256-([A-Za-z0-9+/=]+)", policy.replace("&#43;", "+"))]


def test_fifty_problems_stay_below_three_megabytes(sample_page):
    assert sample_page.stat().st_size <= 3_000_000


def test_two_thousand_problems_stay_below_five_megabytes(sample_review):
    summary = sample_review[0].summary
    lines = [replace(summary.lines[i % len(summary.lines)], id=f"P-{i:04}", rank=i + 1, parent="") for i in range(2000)]
    cards = tuple(replace(summary.cards[i % len(summary.cards)], line=lines[i]) for i in range(50))
    nothing_said = replace(summary.headline, marked=(), talk=())
    page = render_page(replace(summary, headline=nothing_said, lines=tuple(lines), cards=cards), "zh")
    assert len(page.encode()) <= 5_000_000
    assert "其余 1,700 个" in page


def test_the_same_summary_gives_the_same_bytes_whatever_the_hash_seed(summary):
    code = (
        "import hashlib; from pipeline.review.page import render_page;"
        "from tests.review.invented import invented_summary;"
        "print(hashlib.sha256(render_page(invented_summary(), 'zh').encode()).hexdigest())"
    )
    elsewhere = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=elsewhere)
    assert done.stdout.decode().strip() == hashlib.sha256(render_page(summary, "zh").encode()).hexdigest()


def test_hostile_texts_change_no_element_of_the_page():
    harmless, hostile = (elements(render_page(invented_summary(text), "zh")) for text in ("abc", HOSTILE))
    assert hostile.tags == harmless.tags
    assert hostile.attributes == harmless.attributes


@settings(max_examples=25)
@given(
    st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'={}%#;/\x00\u202e")), max_size=80)
)
def test_any_text_stays_text(text):
    page = render_page(only_cards(invented_summary(text)), "zh")
    made = elements(page)
    assert made.tags.count("script") == 1
    assert made.tags.count("article") == 3
    assert not any(name.startswith("on") for name in made.attributes)


def test_thirty_thousand_characters_do_not_break_the_page():
    page = render_page(only_cards(invented_summary("宽带" * 15_000)), "zh")
    assert elements(page).tags.count("article") == 3


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_footer_tells_where_the_figures_are_from(summary, lang):
    page = render_page(summary, lang)
    for shown in ("0123456789", "abcdef", "2026-05-02T08:30:00Z", "125"):
        assert shown in page
