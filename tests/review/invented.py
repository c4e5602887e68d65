"""A small review of invented complaints: three problems in two months, and texts of a test's own choosing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from pipeline.insights.cases import make_cases
from pipeline.insights.report import make_insights
from pipeline.review.building import build_summary
from pipeline.review.material import Kept, Material, Story
from pipeline.review.summary import About, Decided, Resembling, Source, Span

ROWS = 120
PROBLEMS = (
    ("G001", "宽带晚高峰慢", "network"),
    ("G002", "流量包自动续订", "billing"),
    ("G003", "上门爽约", "installation"),
)
ABOUT = About(
    run="0123456789",
    made="2026-05-02T08:30:00Z",
    genyin="0.1.0",
    model="default",
    sources=(Source("invented.csv", "abcdef"),),
    span=Span(date(2026, 3, 1), date(2026, 4, 29)),
    period=Span(date(2026, 4, 1), date(2026, 4, 29)),
    before=Span(date(2026, 3, 1), date(2026, 3, 31)),
    rows=125,
    used=ROWS,
    rejected=5,
    counted=ROWS,
    problems=3,
    grouped=ROWS,
    needs_review=4,
    register=True,
)


def invented_cases(marks=None, states=None):
    """Return 120 complaints; ``marks`` and ``states`` go by the id of a problem."""
    marks, states = marks or {}, states or {}
    kinds = [PROBLEMS[row % 7 % 3] for row in range(ROWS)]
    problems = [
        {
            "id": one,
            "name": name,
            "kind": "cause",
            "category": category,
            "cause": name,
            "back_department": "网络部",
            "front_department": "10000号客服",
            "marks": marks.get(one, ()),
            "state": states.get(one, ""),
        }
        for one, name, category in PROBLEMS
    ]
    columns = {
        "id": [f"TS{row}" for row in range(ROWS)],
        "accepted": [datetime(2026, 3, 1, 9) + timedelta(hours=12 * row) for row in range(ROWS)],
        "customer": [f"c{row % 90}" for row in range(ROWS)],
        "text": [f"第{row}件投诉" for row in range(ROWS)],
        "category": [category for _, _, category in kinds],
        "cause": [name for _, name, _ in kinds],
        "problem": [one for one, _, _ in kinds],
        "region": [("江州", "滨城", "临江")[row % 3] for row in range(ROWS)],
        "channel": [("10000热线", "12300")[row % 9 == 0] for row in range(ROWS)],
        "tier": [row % 8 for row in range(ROWS)],
        "satisfaction": [("满意", "不满意", "")[row % 3] for row in range(ROWS)],
        "solved": [("已解决", "未解决")[row % 4 == 0] for row in range(ROWS)],
    }
    return make_cases(columns, problems)


@cache
def usual():
    """Return the usual complaints and the insights into them."""
    cases = invented_cases(
        marks={"G001": ("growing",), "G002": ("new",), "G003": ("regressed",)},
        states={"G001": "fixing", "G002": "candidate", "G003": "closed"},
    )
    return cases, make_insights(cases)


def invented_material(text="网速慢得像蜗牛", cases=None):
    """Return what a summary is made of; ``text`` stands wherever a customer or a colleague may have written."""
    cases, found = (cases, make_insights(cases)) if cases else usual()
    known = cases.problems
    names = [text if one == "G002" else name for one, name in zip(known["id"], known["name"], strict=True)]
    cases = replace(cases, problems=known.assign(name=names))
    kept = Kept(
        {"statement": text, "owner": text, "root_cause": text, "due": "2026-06-01", "check": "verified"},
        (Decided("2026-04-02", text, "set", text),),
        (Resembling("G003", text, "closed", 0.5, text, text, text),),
    )
    return Material(
        ABOUT,
        cases,
        found,
        {"G001": Story((text,), (text, "师傅没有来"))},
        {"G001": kept},
    )


def invented_summary(text="网速慢得像蜗牛"):
    return build_summary(invented_material(text))


def only_cards(summary):
    """Return the summary without its sections, for tests of what the cards and the list show."""
    return replace(summary, sections=())
