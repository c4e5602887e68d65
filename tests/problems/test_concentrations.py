"""Where a cause heaps up, and where it only looks so."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.problems.column_values import path_nodes, place_levels, plain_value, spread
from pipeline.problems.concentrations import concentrations
from pipeline.problems.evidence import weigh
from pipeline.records import Role
from tests.problems.cause_side import complaints, dump, planted, story, taken

CAUSES = ("扣费不明", "退费慢", "掉线", "上门爽约", "态度差")
LOST, LATE = 2, 3


def town(count=800, seed=0):
    """Complaints of five causes in two categories, spread evenly over crews, packs and districts of unequal size."""
    chance = np.random.default_rng(seed)
    causes = chance.integers(5, size=count)
    cities = ["滨城市江南区", "滨城市江北区", "滨城市高新区", "临江市老城区", "柳河市柳南区"]
    columns = {
        Role.PLACE: [
            f"{chance.choice(cities, p=[0.5, 0.2, 0.1, 0.1, 0.1])}人民路{n}号" for n in chance.integers(1, 300, count)
        ],
        Role.CHANNEL: chance.choice(["10000热线", "营业厅", "微信"], count, p=[0.8, 0.1, 0.1]).tolist(),
        Role.HANDLER_GROUP: chance.choice(["一班", "二班", "三班"], count).tolist(),
        Role.PRODUCT: [f"套餐{n}" for n in chance.integers(20, size=count)],
    }
    held = complaints(
        count, causes=CAUSES, columns=columns, categories=["billing" if cause < LOST else "service" for cause in causes]
    )
    return held, causes


def changed(held, role, rows, value):
    cells = list(held.columns[role])
    for row in rows:
        cells[row] = value
    return replace(held, columns={**held.columns, role: cells})


def some(causes, cause, count):
    return np.flatnonzero(causes == cause)[:count].tolist()


@pytest.mark.parametrize("seed", range(8))
def test_what_is_spread_evenly_heaps_up_nowhere(seed):
    held, causes = town(seed=seed)
    assert concentrations(held, causes, 3) == []


@pytest.mark.parametrize("role", [Role.HANDLER_GROUP, Role.PLACE, Role.CAMPAIGN])
def test_a_crew_a_street_or_a_campaign_with_too_much_of_a_cause_is_found(role):
    held, causes = town()
    held = replace(held, columns={Role.CAMPAIGN: [""] * len(held), **held.columns})
    rows = some(causes, LATE, 60)
    others = [row for cause in (0, 1, 4) for row in some(causes, cause, 5)]
    (found,) = concentrations(changed(held, role, rows + others, "东港市港口路7号"), causes, 10)
    assert (found.role, found.cause) == (role, LATE)
    assert found.members.tolist() == rows
    assert found.where == ("东港港口路7号" if role is Role.PLACE else "东港市港口路7号")
    assert found.lift == pytest.approx(60 / (causes == LATE).sum() / (75 / 800), rel=1)
    assert found.p < 1e-6


def test_one_pack_under_two_names_is_one():
    held, causes = town()
    rows = some(causes, 0, 40)
    held = changed(changed(held, Role.PRODUCT, rows[:30], "流量月包"), Role.PRODUCT, rows[30:], "悦享包")
    (found,) = concentrations(held, causes, 10)
    assert found.values == ("悦享包", "流量月包")
    assert found.members.tolist() == rows
    assert found.where == "悦享包、流量月包"


def test_customers_and_texts_are_counted_not_rows():
    held, causes = town()
    rows = some(causes, LATE, 40)
    held = changed(held, Role.HANDLER_GROUP, rows, "四班")
    assert len(concentrations(held, causes, 10)) == 1
    for field in ("customers", "texts"):
        same = [f"{cell}" if row not in rows else f"{row % 9}" for row, cell in enumerate(getattr(held, field))]
        assert concentrations(replace(held, **{field: same}), causes, 10) == [], field
    unknown = ["" if row in rows else cell for row, cell in enumerate(held.customers)]
    assert len(concentrations(replace(held, customers=unknown), causes, 10)) == 1


def test_what_belongs_to_the_trade_is_no_concentration():
    """Every complaint of a category comes from one pack, so its causes do too."""
    held, causes = town()
    held = changed(held, Role.PRODUCT, np.flatnonzero(causes >= LOST).tolist(), "宽带")
    assert concentrations(held, causes, 3) == []
    # a second line with three causes of its own among many
    kinds = np.where(np.arange(len(causes)) % 4 == 0, causes + 5, causes)
    held = changed(held, Role.PRODUCT, np.flatnonzero(kinds >= 5 + LOST).tolist(), "专线")
    assert concentrations(replace(held, causes=tuple("abcdefghij")), kinds, 3) == []


def test_what_nearly_all_of_a_cause_is_about_is_its_nature_unless_it_is_about_nothing_else():
    """Lines break, and have other complaints as well; a pack that only renews itself is the problem."""
    held, causes = town()
    lost = some(causes, LOST, 150)
    others = [row for cause in (0, 1, 3, 4) for row in some(causes, cause, 40)]
    line = changed(held, Role.PRODUCT, lost + others, "固定线路")
    assert concentrations(line, causes, 3) == []
    (found,) = concentrations(changed(held, Role.PRODUCT, lost, "固定线路"), causes, 3)
    assert found.members.tolist() == lost


def test_a_department_that_deals_with_all_of_a_cause_is_no_news():
    held, causes = town()
    held = replace(held, columns={Role.DEPARTMENT: [f"{cause}部" for cause in causes]})
    assert concentrations(held, causes, 3) == []


def test_a_cause_is_not_split_by_what_its_name_says():
    held, causes = town()
    held = changed(held, Role.PRODUCT, some(causes, LOST, 100), "IPTV")
    assert len(concentrations(held, causes, 10)) == 1
    renamed = replace(held, causes=tuple("IPTV掉线" if cause == "掉线" else cause for cause in CAUSES))
    assert concentrations(renamed, causes, 10) == []


def test_one_heap_seen_in_two_columns_is_told_once():
    held, causes = town()
    rows = some(causes, LATE, 50)
    held = changed(changed(held, Role.HANDLER_GROUP, rows, "四班"), Role.PLACE, rows[:45], "东港市渔湾区9号")
    found = concentrations(held, causes, 3)
    assert len(found) == 1
    two = changed(held, Role.HANDLER_GROUP, some(causes, LATE, 90)[50:], "五班")
    found = concentrations(two, causes, 3)
    assert len(found) == 2
    assert not set(found[0].members) & set(found[1].members)


def test_rows_in_another_order_give_the_same():
    held, causes = town()
    held = changed(held, Role.HANDLER_GROUP, some(causes, LATE, 50), "四班")
    held = changed(held, Role.PRODUCT, some(causes, LOST, 50), "套餐X")
    order = np.random.default_rng(5).permutation(len(held))
    one, other = concentrations(held, causes, 3), concentrations(taken(held, order), causes[order], 3)
    assert [(c.cause, c.role, c.values, c.p) for c in one] == [(c.cause, c.role, c.values, c.p) for c in other]
    assert [set(c.members) for c in one] == [set(order[c.members]) for c in other]


def test_little_or_nothing_is_no_concentration():
    nothing = np.zeros(0, np.int64)
    assert concentrations(complaints(0), nothing, 3) == []
    columns = {Role.PRODUCT: ["甲", "甲", "乙"]}
    assert concentrations(complaints(3, columns=columns, causes=CAUSES), np.array([0, 0, -1]), 1) == []
    alike = complaints(50, columns={Role.PRODUCT: ["甲"] * 50}, causes=CAUSES)
    assert concentrations(alike, np.zeros(50, np.int64), 3) == []
    assert concentrations(alike, np.full(50, -1), 3) == []


# --- cells


@pytest.mark.parametrize(
    ("cell", "levels"),
    [
        ("阳光小区3栋", ("阳光小区", "阳光小区3栋")),
        ("万和广场一楼", ("万和广场", "万和广场一楼")),
        ("一中家长陪读楼", ("一中家长陪读楼",)),
        ("东港市港区港湾大道32号", ("东港", "东港港区", "东港港区港湾大道", "东港港区港湾大道32号")),
        ("江东>滨城市>高新区", ("江东", "江东滨城", "江东滨城高新区")),
        ("其他", ()),
        ("", ()),
    ],
)
def test_a_place_lies_in_wider_places(cell, levels):
    assert place_levels(cell) == levels


def test_a_column_is_spread_over_its_values():
    column = spread(["滨城市高新区", "滨城市", "临江", "-"], place_levels, 2)
    assert column.values == ("滨城",)
    assert column.members(0).tolist() == [0, 1]
    assert column.filled.tolist() == [True, True, True, False]
    assert plain_value("-") == ()
    assert path_nodes("a → b>>c") == ("a", "b", "c")


# --- the sample dump


def test_the_renewing_pack_of_the_sample_dump_is_found_under_both_names():
    shares = weigh(dump())
    causes = np.where(shares.max(axis=1) >= 0.5, shares.argmax(axis=1), -1)
    found = concentrations(dump(), causes, 10)
    members = planted("autorenew")
    first = found[0]
    print("\n", [(dump().causes[one.cause], one.role.value, one.where, len(one.members)) for one in found])
    assert dump().causes[first.cause] == "流量包自动续订"
    assert first.values == ("悦享流量包", "流量月包15元")
    assert len(members & set(first.members)) >= 0.8 * len(members)
    assert len(members & set(first.members)) >= 0.9 * len(first.members)
    assert not planted("autorenew", "negative") & set(first.members)
    assert not {one.where for one in found} & {"滨城", "临江", "10000热线", "市场部", "网络部"}


@pytest.mark.parametrize("seed", range(3))
def test_causes_dealt_out_at_random_heap_up_nowhere_in_the_sample_dump(seed):
    true = np.array([dump().causes.index(row["cause"]) for row in story()])
    assert concentrations(dump(), np.random.default_rng(seed).permutation(true), 3) == []
