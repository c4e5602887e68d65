"""Names of regions and ways of complaining, by the shipped tables and by own ones."""

import pandas as pd
import pytest

from pipeline.errors import SettingsError
from pipeline.insights.channels import ChannelOptions, channel_groups, escalated_by_channel, load_channels
from pipeline.insights.regions import RegionOptions, load_regions, normalised

CITIES = ("南昌", "九江", "上饶")


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("滨城市", "滨城"),
        ("滨城", "滨城"),
        ("滨城市分公司", "滨城"),
        ("延边地区", "延边"),
        ("津市市", "津市"),
        ("沙市", "沙市"),
        ("西海岸区", "西海岸区"),
        ("外省", "异地"),
        ("NULL", "其他"),
        ("", ""),
    ],
)
def test_a_region_has_one_name(cell, name):
    assert load_regions().name(cell) == name


def test_a_fixed_order_sorts_and_gathers_the_rest():
    table = load_regions(RegionOptions(order=("南昌市", "九江市", "上饶市")))
    assert table.order == CITIES
    assert [table.name(one) for one in ("九江", "杭州市", "外省")] == ["九江", "其他", "异地"]
    assert table.in_order(["", "异地", "上饶", "南昌", "其他"]) == ("南昌", "上饶", "异地", "其他", "")


def test_regions_outside_the_order_can_stay():
    table = load_regions(RegionOptions(order=CITIES, rest=""))
    assert table.name("杭州市") == "杭州"
    assert table.in_order(["杭州", "九江"]) == ("九江", "杭州")


def test_a_column_is_normalised_by_its_categories():
    cells = pd.Series(["滨城市", "滨城", "", "异地"], dtype="category")
    assert normalised(cells, load_regions()).astype(str).tolist() == ["滨城", "滨城", "", "异地"]


def test_an_own_table_replaces_the_shipped_one(tmp_path):
    own = tmp_path / "regions.toml"
    own.write_text('suffixes = ["州"]\norder = []\n[names]\n"洪城" = "南昌"\n[buckets]\n"省内" = ["全省"]\n', "utf-8")
    table = load_regions(RegionOptions(table=str(own)))
    assert [table.name(one) for one in ("黔东南州", "洪城", "全省", "滨城市")] == ["黔东南", "南昌", "省内", "滨城市"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("order = [", r"The table .*regions\.toml is not valid TOML"),
        (None, r"The table .*regions\.toml cannot be read"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path, content, message):
    path = tmp_path / "regions.toml"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_regions(RegionOptions(table=str(path)))


@pytest.mark.parametrize(
    ("cell", "group", "escalated"),
    [
        ("12300网站", "12300", True),
        ("12345转办", "12345", True),
        ("工信部申诉", "工信部", True),
        ("12315平台", "315", True),
        ("省电视台", "媒体", True),
        ("10000热线", "热线", False),
        ("掌上营业厅", "线上", False),
        ("营业厅", "营业厅", False),
        ("微博", "社交媒体", False),
        ("飞鸽传书", "飞鸽传书", False),
        ("", "", False),
    ],
)
def test_a_channel_has_a_group_and_is_an_escalation_or_not(cell, group, escalated):
    table = load_channels()
    assert (table.group(cell), table.is_escalated(cell)) == (group, escalated)


def test_single_channels_can_be_settled():
    table = load_channels(ChannelOptions(escalated=("总经理接待日",), not_escalated=("12345预约单",)))
    cells = pd.Series(["总经理接待日", "12345预约单", "12345转办", None], dtype="category")
    assert escalated_by_channel(cells, table).tolist() == [True, False, True, False]


def test_groups_of_a_column_without_any_channel():
    cells = pd.Series(["", ""], dtype="category")
    assert channel_groups(cells, load_channels()).tolist() == ["", ""]


def test_a_group_without_words_is_an_error(tmp_path):
    own = tmp_path / "channels.toml"
    own.write_text('[[group]]\nname = "热线"\n', "utf-8")
    with pytest.raises(SettingsError, match=r"every \[\[group\]\] needs a name and a list of words"):
        load_channels(ChannelOptions(table=str(own)))
