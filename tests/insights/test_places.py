"""Places: spots behind addresses, the common place of a problem, hot spots and those that are known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.insights.addresses import kind_of, spot_of
from pipeline.insights.cases import Missing, make_cases
from pipeline.insights.places import PlacesOptions, longest_common, places


@pytest.mark.parametrize(
    ("address", "spot", "kind"),
    [
        ("翡翠城21栋2904", "翡翠城", "estate"),
        ("滨城市西海岸区翡翠城[地址]", "翡翠城", "estate"),
        ("滨城市西海岸区建设街[地址]", "建设街", "road"),
        ("高新区学府街[地址]阳光家园", "阳光家园", "estate"),
        ("东风渠小区11栋", "东风渠小区", "estate"),
        ("锦绣江南4栋", "锦绣江南", "place"),
        ("平原县委党校", "平原县委党校", "school"),
        ("长兴镇腰屯", "长兴镇腰屯", "village"),
        ("银滩花园3期", "银滩花园", "estate"),
        ("国道302加油站", "国道302加油站", "station"),
        ("朝阳镇政府", "朝阳镇政府", "place"),
        ("F-HLH-1", "F-HLH-1", "cell"),
        ("老城区", "老城区", "district"),
        ("122.474716", "", "place"),
        ("[地址]", "", "place"),
        ("", "", "place"),
    ],
)
def test_the_spot_of_an_address(address, spot, kind):
    assert (spot_of(address), kind_of(spot)) == (spot, kind)


@given(st.text(max_size=30))
def test_any_text_has_a_spot_that_is_a_part_of_it(text):
    assert spot_of(text) in text


def test_the_longest_common_string_by_hand():
    assert longest_common({"东港大学城北门": 2, "东港大学城3栋": 1, "渔港路": 1}, 0.75, 4) == "东港大学城"
    assert longest_common({"东港大学城北门": 2, "东港大学城3栋": 1, "渔港路": 1}, 0.8, 4) == ""
    assert longest_common({"海港路12号": 1, "海港路13号": 1}, 1.0, 4) == ""
    assert longest_common({"F-HLH-1": 1, "F-HLH-2": 1}, 1.0, 4) == "F-HLH-"


@given(st.lists(st.text(alphabet="东港大学城一二", min_size=1, max_size=9), min_size=1, max_size=6, unique=True))
def test_a_common_string_is_the_longest_there_is(texts):
    found = longest_common(dict.fromkeys(texts, 1), 1.0, 4)
    shared = {texts[0][i:j] for i in range(len(texts[0])) for j in range(i + 4, len(texts[0]) + 1)}
    shared = {one for one in shared if all(one in text for text in texts)}
    assert len(found) == max(map(len, shared), default=0)


@pytest.fixture(scope="module")
def cases():
    """P1: four of five at one estate; P2: a university that no two tickets write alike; P3: nowhere in common."""
    rows = [("甲", f"翡翠城{n}栋", "P1", "abca"[n], f"2026-05-0{n + 1}") for n in range(4)]
    rows += [("甲", "建设街1号", "P1", "", "2026-05-09"), ("甲", "翡翠城5栋", "", "", None)]
    rows += [("乙", place, "P2", "x", "2026-05-01") for place in ("东港大学北门外", "东港大学操场边", "东港大学食堂旁")]
    rows += [("乙", place, "P3", "", "2026-05-01") for place in ("牧场路", "花溪巷")]
    rows += [("乙", "F-HLH-1", "", "", "2026-05-02")] * 2 + [("丙", "", "P3", "", "2026-05-03")]
    region, place, problem, customer, accepted = (list(one) for one in zip(*rows, strict=True))
    return make_cases(
        {"region": region, "place": place, "problem": problem, "customer": customer, "accepted": accepted}
        | {"category": ["network"] * len(rows)},
        [{"id": "P1", "name": "室内弱覆盖", "state": "confirmed"}, {"id": "P2"}, {"id": "P3", "name": "翡翠城停电"}],
    )


def test_the_common_place_of_a_problem(cases):
    found = {one.problem: one for one in places(cases).common}
    first, second = found["P1"], found["P2"]
    assert (first.place, first.kind, first.count, first.placed, first.found_as) == ("翡翠城", "estate", 4, 5, "spot")
    assert (second.place, second.kind, second.count, second.found_as) == ("东港大学", "school", 3, "string")
    assert "P3" not in found


def test_hot_spots_by_hand(cases):
    found = places(cases)
    assert (found.placed, found.hot) == (13, 2)
    estate, cell = found.spots
    # customers a, b, c and one unknown
    assert (estate.region, estate.spot, estate.rows, estate.customers) == ("甲", "翡翠城", 5, 4)
    assert (estate.first, estate.last) == (date(2026, 5, 1), date(2026, 5, 4))
    assert (estate.category, estate.problem, estate.of_problem) == ("network", "P1", 4)
    assert (cell.spot, cell.kind, cell.rows, cell.problem) == ("F-HLH-1", "cell", 2, "")


def test_a_spot_that_the_register_or_the_list_has_is_known(cases):
    estate, cell = places(cases, PlacesOptions(known=("甲 F-HLH-1 基站",))).spots
    # P3 speaks of the spot as well, but is in no register
    assert estate.known_by == ("P1",)
    assert cell.known_by == ("甲 F-HLH-1 基站",)


def test_limits_are_settings(cases):
    assert [one.spot for one in places(cases, PlacesOptions(least=6)).spots] == ["F-HLH-1"]
    short = places(cases, PlacesOptions(most=1))
    assert (short.hot, len(short.spots)) == (2, 1)
    assert "P1" not in {one.problem for one in places(cases, PlacesOptions(share=0.9)).common}


def test_without_places_the_column_is_named():
    found = places(make_cases({"problem": ["P1"]}, [{"id": "P1"}]))
    assert found.missing == (Missing("common places and hot spots", ("place",)),)
    assert (found.placed, found.common, found.spots) == (0, (), ())


def test_roads_of_one_name_in_two_towns_are_two_places():
    def found(regions):
        cases = make_cases(
            {"region": regions, "place": [f"滨河路{n}号" for n in range(6)], "problem": ["P1"] * 6}, [{"id": "P1"}]
        )
        return [(one.place, one.region, one.count) for one in places(cases).common]

    assert found(["甲"] * 3 + ["乙"] * 3) == []
    assert found(["甲"] * 4 + ["乙"] * 2) == [("滨河路", "甲", 4)]
