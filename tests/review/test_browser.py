"""The page in a real browser: quiet, usable by keyboard and reader, searchable, printable."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pipeline.review.page import render_page
from tests.review.invented import invented_summary
from tests.review.test_page import HOSTILE

SERIOUS = {"serious", "critical"}
FEW = """() => [['#list tbody tr', 8], ['article', 3], ['main table:not(#list) tbody tr', 60]].forEach(
    ([what, most]) => [...document.querySelectorAll(what)].slice(most).forEach(one => one.remove())
)"""
A4 = {"width": 688, "height": 971}  # 182 by 257 mm at 96 dpi: what the margins leave of the sheet


@pytest.fixture
def opened(browser, sample_page):
    """Open the sample's page and collect what it asks for and complains of."""
    made = []

    def open_page(path=sample_page, **how):
        context = browser.new_context(**how)
        made.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in made:
        context.close()


def test_it_asks_for_nothing_and_says_nothing(opened, sample_page):
    page = opened()
    assert page.asked == [sample_page.as_uri()]
    assert page.said == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_no_serious_fault_of_accessibility(opened, scheme, width):
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 900})
    # a few of each kind tell as much as hundreds, and are looked at in a tenth of the time
    page.evaluate(FEW)
    found = Axe().run(page).response["violations"]
    told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in SERIOUS]
    assert told == []


def test_nothing_but_scrolling_boxes_is_wider_than_a_telephone(opened):
    page = opened(viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_search_filters_and_order_work_on_list_and_cards(opened, sample_review):
    page, every = opened(), len(sample_review[0].summary.lines)
    rows, cards = page.locator("#list tbody tr:visible"), page.locator("#deck article:visible")
    assert (rows.count(), cards.count()) == (every, 50)
    page.fill("#q", "戏曲频道")
    assert 1 <= rows.count() < 10
    assert page.inner_text("#found") == f"共 {rows.count()} 个问题符合条件"
    page.fill("#q", "这样的词没有人写")
    assert page.inner_text("#found").startswith("没有符合条件")
    page.click("button[type=reset]")
    page.wait_for_function(f"document.querySelectorAll('#list tbody tr:not([hidden])').length == {every}")
    page.select_option("#f-category", "network")
    assert set(rows.evaluate_all("all => all.map(one => one.dataset.category)")) == {"network"}
    assert 0 < cards.count() < 50
    page.select_option("#f-category", "")
    page.select_option("#sort", "rows")
    counts = rows.evaluate_all("all => all.map(one => +one.dataset.rows)")
    assert counts == sorted(counts, reverse=True)


def test_a_link_to_a_card_opens_it_even_when_a_filter_hides_it(opened, sample_page):
    page = opened()
    page.fill("#q", "这样的词没有人写")
    assert not page.is_visible("#G001")
    page.evaluate("location.hash = '#G001'")
    page.wait_for_selector("#G001:visible")
    assert page.is_visible("#G001")


def test_the_theme_can_be_chosen_against_the_system(opened):
    page = opened(color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_everything_can_be_reached_by_keyboard(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#answer"


def test_no_table_is_cut_on_paper(opened):
    page = opened(viewport=A4)
    page.emulate_media(media="print")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('table, .chart, article')]
            .filter(one => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    assert page.evaluate("getComputedStyle(document.querySelector('.rail')).display") == "none"


def test_a_page_full_of_hostile_texts_opens_and_runs_nothing(opened, tmp_path):
    path = tmp_path / "review.html"
    path.write_text(render_page(invented_summary(HOSTILE + "宽带" * 15_000), "zh"), encoding="utf-8")
    page = opened(path)
    assert page.asked == [path.as_uri()]
    assert page.said == []
    assert page.locator("#deck article").count() == 3
    page.fill("#q", "alert")
    assert page.locator("#list tbody tr:visible").count() >= 1
