"""Kept problems on the real command line: a whole life, decisions, rehearsals, two people at once."""

import json

import pytest

from pipeline.register.store import Options, open_register
from tests.cli.kept import TEXTS, exported, shown
from tests.register.invented import complaint, findings, ticking


def test_list_and_show_agree_with_their_json(call):
    listed = json.loads(call("problems", "list", "--json").stdout)
    assert [(one["id"], one["complaints"], one["state"]) for one in listed] == [
        ("P-0001", 6, "candidate"),
        ("P-0002", 6, "candidate"),
    ]
    table = call("problems", "list").stdout
    assert "P-0001  晚高峰网速慢    candidate" in table
    assert table.splitlines()[-1] == "2 problems · candidate 2"
    one = shown(call, "p-0001", "--complaints", "2")
    assert one.pop("made_up_of") == {"own": 6, "parts": [], "elsewhere": 0}
    assert {**one, "members": [], "may_become": []} == {**listed[0], "members": [], "may_become": []}
    assert [member["accepted"] for member in one["members"]] == ["2026-03-05T10:00:00"] * 2
    text = call("problems", "show", "P-0001").stdout
    assert "may become      open, analysing, accepted risk, duplicate, not a problem" in text
    assert "latest complaints (5 of 6)" in text
    assert all(member["text"] in text for member in one["members"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("--state", "分析中"), ["P-0001"]),
        (("--state", "处理中"), ["P-0001"]),
        (("--state", "closed"), []),
        (("--state", "analysing", "--state", "candidate"), ["P-0001", "P-0002"]),
        (("--category", "网络质量"), ["P-0001", "P-0002"]),
        (("--category", "billing"), []),
        (("--owner", "李工"), ["P-0001"]),
        (("--department", "市场部"), ["P-0001"]),
        (("--text", "自动续订"), ["P-0002"]),
        (("--since", "2026-03-05"), ["P-0001", "P-0002"]),
        (("--since", "2026-03-06"), []),
        (("--until", "2026-01-04"), []),
        (("--until", "2026-01-05"), ["P-0001", "P-0002"]),
        (("--since", "2026-02-05", "--until", "2026-02-05"), ["P-0001", "P-0002"]),
        (("--since", "2026-02-06", "--until", "2026-02-28"), []),
        (("--mark", "上升"), ["P-0002"]),
    ],
)
def test_filters_keep_what_was_asked_for(call, url, asked, found):
    with open_register(url) as register:
        register.set("P-0001", {"owner": "李工", "lead_department": "市场部"})
        register.move("P-0001", "analysing")
        register.mark({"P-0002": ["new", "growing"]})
    assert [one["id"] for one in json.loads(call("problems", "list", "--json", *asked).stdout)] == found


def test_a_period_that_ends_before_it_begins_is_refused(call):
    refused = call("problems", "list", "--since", "2026-03-02", "--until", "2026-03-01", code=2, GENYIN_LANG="zh")
    assert "2026-03-01" in refused.stderr
    assert "--since" in refused.stderr
    refused = call("problems", "list", "--until", "March", code=2)
    assert "'March' is not a day; write it like 2026-03-01." in refused.stderr


def test_a_limit_says_what_it_leaves_out(call):
    assert call("problems", "list", "--limit", 1).stdout.splitlines()[-1] == "1 more are not shown: --limit 0"
    assert "P-0002" in call("problems", "list", "--limit", 0).stdout


def test_a_problem_lives_from_candidate_to_closed(call):
    call("problems", "assign", "P-0001", "--owner", "李工", "--department", "网络部", "--who", "王工")
    call("problems", "set", "P-0001", "--state", "新发起")
    refused = call("problems", "set", "P-0001", "--state", "known_error", code=1)
    assert "P-0001 needs root_cause, workaround before it can be known_error (已知错误)." in refused.stderr
    filled = ("问题原因=小区出口扩容滞后", "workaround=错峰", "whys=流量涨了一倍|没有扩容", "cause_class=资源")
    call("problems", "set", "P-0001", *filled, "--state", "known_error")
    refused = call("problems", "fix", "P-0001", "--measure", "扩容", code=1)
    assert "P-0001 needs check_by, check_target, due before it can be fixing (整改实施中)." in refused.stderr
    call("problems", "fix", "P-0001", "--measure", "扩容", "--check", "volume", "--target", 1, "--due", "2026-03-31")
    call("problems", "note", "P-0001", "设备已到货", "--month", "2026-03", "--who", "李工")
    refused = call("problems", "fix", "P-0001", "--done", "2019-03-20", code=1, GENYIN_LANG="zh")
    assert "P-0001 的整改完成时间不能是 2019-03-20：比台账中最早的投诉" in refused.stderr
    call("problems", "fix", "P-0001", "--done", "2026-03-19", "--region", "临江市", "--region", "平原市")
    # said a second time it puts the day right
    call("problems", "fix", "P-0001", "--done", "2026-03-20")
    watched = shown(call, "P-0001")
    assert (watched["state"], watched["fix_date"], watched["fix_regions"]) == (
        "watching",
        "2026-03-20",
        ["临江市", "平原市"],
    )
    assert (watched["check_by"], watched["check_target"], watched["due"]) == ("volume", 1.0, "2026-03-31")
    assert watched["whys"] == ["流量涨了一倍", "没有扩容"]
    assert [(note["month"], note["who"], note["text"]) for note in watched["notes"]] == [
        ("2026-03", "李工", "设备已到货")
    ]
    call("problems", "set", "P-0001", "close_reason=评审会同意关闭", "--state", "已完成")
    text = call("problems", "show", "P-0001", "--lang", "zh").stdout
    for line in (
        "状态            已完成",
        "问题原因        小区出口扩容滞后",
        "五个为什么      流量涨了一倍；没有扩容",
    ):
        assert line in text
    history = call("problems", "history", "P-0001").stdout
    assert history.count("state: ") == 5
    assert "owner: – → 李工" in history
    assert "设备已到货" in history
    call("register", "check")


def test_a_forbidden_step_lists_the_allowed_ones_in_both_languages(call):
    refused = call("problems", "set", "P-0001", "--state", "watching", code=1)
    assert refused.stderr == (
        "Error: P-0001 cannot go from candidate (候选) to watching (待验证). Allowed are: open (新发起), analysing "
        "(分析中), accepted_risk (接受风险), duplicate (重复), not_a_problem (不是问题).\n"
    )
    assert call("problems", "set", "P-0001", "--state", "watching", "--lang", "zh", code=1).stderr.startswith(
        "错误: P-0001 不能从 候选 变为 待验证。允许变为：新发起, 分析中"
    )


def test_a_merged_id_leads_on_for_ever(call):
    done = call("problems", "merge", "P-0002", "--into", "P-0001")
    assert "complaints: 6 → 12" in done.stdout
    assert "6 complaints moved" in done.stdout
    assert "P-0002 was merged into P-0001" in call("problems", "show", "P-0002").stdout
    call("problems", "assign", "P-0002", "--owner", "李工")
    assert (shown(call, "P-0001")["owner"], shown(call, "P-0002")["id"]) == ("李工", "P-0001")
    assert "P-0002 merged into: – → P-0001" in call("problems", "history", "P-0002").stdout


def test_a_split_takes_the_phrase_or_the_listed_complaints(call):
    done = json.loads(call("problems", "split", "P-0001", "--phrase", "断网", "--name", "小区断网", "--json").stdout)
    assert (done["problem"]["id"], done["problem"]["name"], done["moved"]) == ("P-0003", "小区断网", 3)
    assert {member["text"] for member in shown(call, "P-0003")["members"]} == {TEXTS[0], TEXTS[4], TEXTS[8]}
    call("problems", "split", "P-0002", "--complaint", "TS1", "--complaint", "TS3")
    assert shown(call, "P-0004")["complaints"] == 2
    both = call("problems", "split", "P-0002", "--phrase", "慢", "--complaint", "TS5", code=1)
    assert "A split needs either complaints or a phrase" in both.stderr


def test_a_name_given_by_a_person_is_locked(call, url):
    call("problems", "rename", "P-0001", "晚间网速不达标")
    more = [complaint(i) for i in range(20, 24)]
    with open_register(url) as register:
        register.add_run({}, more, findings(more, a="P-0001", b="P-0002"))
    assert (shown(call, "P-0001")["name"], shown(call, "P-0001")["complaints"]) == ("晚间网速不达标", 8)


def test_dismissed_means_gone_until_undone(call):
    assert "Missing option '--reason'" in call("problems", "dismiss", "P-0001", code=2).stderr
    before = shown(call, "P-0001")
    done = json.loads(call("problems", "dismiss", "P-0001", "--reason", "均为业务咨询", "--json").stdout)
    assert (done["saved"], done["problem"]["state"]) == (True, "not_a_problem")
    (event,) = done["events"]
    assert f"Event {event} was taken back." in call("problems", "undo", event).stdout
    assert {**shown(call, "P-0001"), "version": 0} == {**before, "version": 0}
    again = call("problems", "undo", event, code=1)
    assert f"Event {event} was taken back already, by event {event + 1}." in again.stderr


def test_links_move_complaints(call):
    call("problems", "link", "TS1", "TS3", "--problem", "P-0001")
    assert shown(call, "P-0001")["complaints"] == 8
    call("problems", "link", "TS0", "--problem", "P-0001", "--apart")
    assert shown(call, "P-0001")["complaints"] == 7
    assert "There is no complaint TS99 in the register." in call("problems", "link", "TS99", "TS1", code=1).stderr
    refused = call("problems", "link", "P-0001", "P-0002", code=1).stderr
    assert "P-0001 is a problem, and ids of complaints are needed here." in refused
    assert "give --state 已完成 instead" in call("problems", "set", "P-0001", "状态=已完成", code=2).stderr


def test_proposals_wait_for_an_answer(call):
    text = call("problems", "proposals", "--lang", "zh").stdout
    assert "1  同一问题? 把握 0.61" in text
    assert "- 根因相同：宽带网速慢" in text
    rehearsed = call("problems", "proposals", "--accept", 1, "--dry-run").stdout
    assert rehearsed.splitlines()[-2:] == ["  6 complaints moved", "Dry run: nothing was saved."]
    assert [one["id"] for one in json.loads(call("problems", "proposals", "--json").stdout)] == [1]
    assert "Give --accept N or --refuse N" in call("problems", "proposals", "--accept", 1, "--refuse", 1, code=2).stderr
    accepted = call("problems", "proposals", "--accept", 1)
    assert "6 complaints moved" in accepted.stdout
    assert shown(call, "P-0002")["id"] == "P-0001"
    assert call("problems", "proposals").stdout == "0 proposals wait\n"
    assert "There is no open proposal 1." in call("problems", "proposals", "--refuse", 1, code=1).stderr


CHANGES = [
    ("set", "P-0001", "owner=李工", "root_cause=扩容滞后", "--state", "open"),
    ("merge", "P-0002", "--into", "P-0001"),
    ("split", "P-0001", "--phrase", "断网"),
    ("rename", "P-0001", "另一个名字"),
    ("dismiss", "P-0001", "--reason", "咨询"),
    ("link", "TS1", "--problem", "P-0001"),
    ("link", "TS0", "TS2", "--apart"),
    ("assign", "P-0001", "--owner", "李工"),
    ("fix", "P-0002", "--check", "volume", "--target", "1", "--due", "2026-03-31"),
    ("note", "P-0001", "进展"),
    ("proposals", "--refuse", "1"),
    ("undo", "5"),
]


@pytest.mark.parametrize("args", CHANGES, ids=lambda args: args[0])
def test_a_dry_run_shows_the_change_and_saves_nothing(call, url, tmp_path, args):
    with open_register(url, Options(clock=ticking())) as register:
        register.move("P-0002", "analysing")
        assert register.history("P-0002")[-1].id == 5
    before = exported(url, tmp_path)
    told = call("problems", *args, "--dry-run").stdout
    assert told.splitlines()[-1] == "Dry run: nothing was saved."
    assert exported(url, tmp_path) == before
    call("problems", *args)
    assert exported(url, tmp_path) != before


def test_a_rehearsed_undo_names_the_fields_that_would_change(call):
    (event,) = json.loads(call("problems", "merge", "P-0002", "--into", "P-0001", "--json").stdout)["events"]
    told = call("problems", "undo", event, "--dry-run").stdout
    assert told.startswith(f"Event {event} would be taken back:\n")
    assert "  P-0002 merged into: P-0001 → –\n" in told
    assert "  P-0002 state: duplicate → candidate\n" in told
    assert "  6 complaints moved\n" in told
    facts = json.loads(call("problems", "undo", event, "--dry-run", "--json").stdout)
    assert (facts["saved"], facts["changes"]["P-0002"]["state"]) == (False, ["duplicate", "candidate"])
    assert shown(call, "P-0002")["id"] == "P-0001"
    assert "P-0002 状态: 重复 → 候选" in call("problems", "undo", event, "--lang", "zh").stdout


@pytest.mark.parametrize(
    "args",
    [("note", "P-0001", "进展"), ("split", "P-0001", "--phrase", "断网"), ("link", "TS1", "--problem", "P-0001")],
    ids=lambda args: args[0],
)
def test_notes_splits_and_links_can_expect_a_version(call, args):
    call("problems", "assign", "P-0001", "--owner", "李工")
    late = call("problems", *args, "--expect", 1, "--lang", "zh", code=1).stderr
    assert "填写 (责任人: – → 李工)。您的改动未保存" in late
    call("problems", *args, "--expect", 2)
    apart = call("problems", "link", "TS1", "TS3", "--expect", 1, code=2).stderr
    assert "--expect is the version of a problem: give --problem ID as well." in apart


def test_nothing_to_change_is_said(call, url, tmp_path):
    call("problems", "assign", "P-0001", "--owner", "李工")
    before = exported(url, tmp_path)
    assert call("problems", "assign", "P-0001", "--owner", "李工").stdout.splitlines()[-1] == "Nothing changed."
    assert exported(url, tmp_path) == before


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        (("note", "P-0001", "  "), "A progress note needs words", 1),
        (("rename", "P-0001", " "), "The field name was given nothing but spaces", 1),
        (("split", "P-0001", "--phrase", "网", "--name", " "), "The field name was given nothing but spaces", 1),
        (("assign", "P-0001", "--owner", "　"), "nothing at all (owner=) to empty it", 1),
        (("assign", "P-0001", "--department", " "), "The field lead_department was given nothing but spaces", 1),
        (("set", "P-0001", "root_cause= "), "The field root_cause was given nothing but spaces", 1),
        (("dismiss", "P-0001", "--reason", " "), "Say why this is not a problem", 1),
        (("set", "P-0001", "owner=李工", "--who", " "), "--who was given nothing but spaces", 2),
    ],
)
def test_what_says_nothing_is_refused(call, url, tmp_path, args, said, code):
    before = exported(url, tmp_path)
    assert said in call("problems", *args, code=code).stderr
    assert exported(url, tmp_path) == before


def test_two_people_at_once_lose_nothing(call):
    read = shown(call, "P-0001")["version"]
    call("problems", "assign", "P-0001", "--owner", "李工", "--who", "李工", "--expect", read)
    call("problems", "note", "P-0001", "已到货", "--month", "2026-03", "--who", "李工")
    late = call("problems", "rename", "P-0001", "别名", "--expect", read, code=1, GENYIN_LANG="zh")
    assert f"P-0001 在您读取之后（版本 {read}）已被改动。李工 " in late.stderr
    assert "填写 (责任人: – → 李工); 李工 " in late.stderr
    assert "进展 (月度进展: 已到货)。您的改动未保存" in late.stderr
    assert shown(call, "P-0001")["name"] == "晚高峰网速慢"
    call("problems", "rename", "P-0001", "别名", "--expect", shown(call, "P-0001")["version"])


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("list", "--register", "nowhere.db"), 1, "nowhere.db is not the address of a register"),
        (("list", "--register", "sqlite:///nowhere.db"), 1, "There is no register at nowhere.db"),
        (("list", "--state", "done"), 1, "There is no state 'done'. States are: candidate (候选)"),
        (("list", "--mark", "loud"), 2, "There is no mark 'loud'. Marks are: new (新出现)"),
        (("list", "--since", "gestern"), 2, "'gestern' is not a day; write it like 2026-03-01."),
        (("show", "P-0099"), 1, "There is no problem P-0099. List them with genyin problems list."),
        (("set", "P-0001"), 2, "Nothing to set: give FIELD=VALUE"),
        (("set", "P-0001", "owner"), 2, "'owner' cannot be used: write FIELD=VALUE"),
        (("set", "P-0001", "owner=a", "责任人=b"), 2, "The field owner is given twice."),
        (("set", "P-0001", "验证结果=好"), 2, "The field verification cannot be set: checks fill it in"),
        (("set", "P-0001", "colour=red"), 1, "There is no field 'colour'. Fields are: name, "),
        (("set", "P-0001", "due=soon"), 1, "The field due cannot be 'soon'; give a day such as 2026-03-01."),
        (("assign", "P-0001"), 2, "Nothing to assign: give --owner NAME"),
        (("fix", "P-0001", "--region", "临江市"), 2, "--region belongs to the end of a fix"),
        (("dismiss", "P-0001", "--reason", " "), 1, "Say why this is not a problem"),
        (("merge", "P-0001", "--into", "P-0001"), 1, "P-0001 cannot be merged into itself"),
        (("undo", "99"), 1, "There is no event 99."),
        (("undo", str(10**20)), 2, "is not in the range 0<=x<=2147483647"),
        (("note", "P-0001", "进展", "--month", "2026-13"), 2, "'2026-13' is not a month; write it like 2026-03."),
        (("rename", "P-0001", "\udcff"), 2, "is not written in the encoding of this system"),
        (("undo", "1"), 1, "Event 1 was written by a run and cannot be taken back"),
    ],
)
def test_bad_calls_end_with_a_sentence_and_a_code(call, args, code, message):
    assert message in call("problems", *args, code=code).stderr


def test_every_command_has_its_help_with_an_example_in_both_languages(run_genyin):
    from pipeline.cli.app import genyin, problems
    from pipeline.cli.help.register import REGISTER_TEXTS

    register = genyin.get_command(None, "register")
    named = {*problems.list_commands(None), *register.list_commands(None)} - {"find"}
    texts = {
        key.partition("_")[2]: pair
        for key, pair in REGISTER_TEXTS.items()
        if key.startswith(("problems_", "register_"))
    }
    assert named <= texts.keys()
    for name in named:
        chinese, english = texts[name]
        assert "例：genyin " in chinese, name
        assert "Example: genyin " in english, name
    assert "列出台账中的问题" in run_genyin("problems", "list", "--help", GENYIN_LANG="zh").stdout
    assert "List the problems of the register" in run_genyin("problems", "list", "--help").stdout
