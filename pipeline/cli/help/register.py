"""Help for the commands that keep problems, in both languages."""

REGISTER_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "problems_list": (
        "列出台账中的问题，投诉多的在前，子问题跟在上级问题后面。\n\n"
        "例：genyin problems list --state 处理中 --department 市场部 --register sqlite:///genyin.db",
        "List the problems of the register, those with most complaints first, parts below what they are part of.\n\n"
        "Example: genyin problems list --state fixing --department 市场部 --register sqlite:///genyin.db",
    ),
    "problems_show": (
        "显示一个问题的全部内容：状态、下一步可转的状态、计数、填写的各项、最近的投诉（已脱敏）。\n\n"
        "例：genyin problems show P-0001 --register sqlite:///genyin.db",
        "Show all that is known of a problem: its state and which may follow, counts, what was filled in, its latest "
        "complaints (masked).\n\n"
        "Example: genyin problems show P-0001 --register sqlite:///genyin.db",
    ),
    "problems_history": (
        "显示一个问题的经过：何时、何人、改了什么。事件编号用于 undo。\n\n"
        "例：genyin problems history P-0001 --register sqlite:///genyin.db",
        "Show what happened to a problem: when, who, what. The number of an event is what undo takes.\n\n"
        "Example: genyin problems history P-0001 --register sqlite:///genyin.db",
    ),
    "problems_similar": (
        "为一条新投诉（或一个问题，写其编号）查找案例：相似的已知问题、原因和有效的措施。已查明原因的问题，相似度按两倍排序。\n\n"
        "例：genyin problems similar “流量包到期自动续订扣了三十元” --register sqlite:///genyin.db",
        "Find cases for a new complaint, or for a problem by its id: others like it, their cause, what helped. In the "
        "order likeness counts double where a problem came as far as a known error.\n\n"
        'Example: genyin problems similar "流量包到期自动续订扣了三十元" --register sqlite:///genyin.db',
    ),
    "problems_set": (
        "填写字段（用中文名或英文名），或用 --state 改变状态。列表字段的多个值用 | 分开；等号后不写即清空。"
        "字段见 docs/register.md。\n\n"
        "例：genyin problems set P-0001 问题原因=到期不提醒 临时措施=短信告知 --state 已知错误",
        "Fill in fields (by English or Chinese name), or change the state with --state. Values of a list are parted by "
        "|; nothing after the = empties a field. docs/register.md lists the fields.\n\n"
        "Example: genyin problems set P-0001 root_cause=到期不提醒 workaround=短信告知 --state known_error",
    ),
    "problems_merge": (
        "把几个问题并入另一个；被并入的编号永远指向并入后的问题，以后的运行也照此归并。\n\n"
        "例：genyin problems merge P-0002 P-0003 --into P-0001",
        "Let problems live on in another one; their ids forward for ever, and every later run follows.\n\n"
        "Example: genyin problems merge P-0002 P-0003 --into P-0001",
    ),
    "problems_split": (
        "把问题的一部分拆成新问题：按投诉编号，或按投诉中的短语。以后的运行也照此拆分。\n\n"
        "例：genyin problems split P-0001 --phrase 宽带 --name 宽带断网",
        "Make a new problem of a part of another: of the listed complaints, or of all that hold a phrase. Every later "
        "run follows.\n\n"
        "Example: genyin problems split P-0001 --phrase 宽带 --name 宽带断网",
    ),
    "problems_rename": (
        '改名；名称从此锁定，任何运行都不再改。写空名称（""）则解除锁定。\n\n'
        "例：genyin problems rename P-0001 流量包到期自动续订",
        'Give a name that no run changes; an empty one ("") lets runs name the problem again.\n\n'
        "Example: genyin problems rename P-0001 流量包到期自动续订",
    ),
    "problems_dismiss": (
        "说明这不是问题；投诉超过上限之前不再出现。\n\n"
        "例：genyin problems dismiss P-0001 --reason 均为业务咨询 --limit 50",
        "Say that this is no problem; it stays away until it has more complaints than the limit.\n\n"
        "Example: genyin problems dismiss P-0001 --reason 均为业务咨询 --limit 50",
    ),
    "problems_link": (
        "说明几件投诉（用投诉表中的编号）同属一个问题，或属于 --problem；--apart 表示不属于。\n\n"
        "例：genyin problems link KF001 KF002 --problem P-0001",
        "Say that complaints (ids as in the dump) belong together, or to --problem; --apart says that they do not.\n\n"
        "Example: genyin problems link KF001 KF002 --problem P-0001",
    ),
    "problems_assign": (
        "指定责任人和主责部门；以后的运行不会改动。\n\n"
        "例：genyin problems assign P-0001 --owner 李工 --department 市场部",
        "Give a problem its owner and its lead department; no run changes them.\n\n"
        "Example: genyin problems assign P-0001 --owner 李工 --department 市场部",
    ),
    "problems_fix": (
        "开始整改：写明怎样验证、目标值和期限；用 --done 结束整改，进入待验证。\n\n"
        "例：genyin problems fix P-0001 --check volume --target 5 --due 2026-04-30\n\n"
        "例：genyin problems fix P-0001 --done 2026-04-20 --region 临江市",
        "Start a fix, saying how it will be checked, the target and the date due; --done ends it, and the problem is "
        "watched from then on.\n\n"
        "Example: genyin problems fix P-0001 --check volume --target 5 --due 2026-04-30\n\n"
        "Example: genyin problems fix P-0001 --done 2026-04-20 --region 临江市",
    ),
    "problems_verify": (
        "验证整改：比较整改前后的投诉率（有未整改地区时与之对照），通过则转为已完成，未通过则退回整改。\n\n"
        "例：genyin problems verify P-0001 --register sqlite:///genyin.db",
        "Check a fix: the rate of complaints before and after it, against untouched regions where there are any. A "
        "verified problem is closed, a failed one goes back to its owner.\n\n"
        "Example: genyin problems verify P-0001 --register sqlite:///genyin.db",
    ),
    "problems_note": (
        "记一条月度进展；只增不改。\n\n例：genyin problems note P-0001 “已完成短信模板改造” --month 2026-03",
        'Add a progress note; notes are never changed.\n\nExample: genyin problems note P-0001 "已完成短信模板改造" '
        "--month 2026-03",
    ),
    "problems_undo": (
        "撤销一次改动；两者都留在经过里。事件编号见 history。\n\n例：genyin problems undo 12",
        "Take a change back; both stay in the history, which shows the numbers.\n\nExample: genyin problems undo 12",
    ),
    "problems_proposals": (
        "列出需要人判断的建议（是否同一问题），或用 --accept、--refuse 处理一条。\n\n"
        "例：genyin problems proposals --accept 3",
        "List the uncertain matches that wait for a person, or answer one with --accept or --refuse.\n\n"
        "Example: genyin problems proposals --accept 3",
    ),
    "register_group": (
        "问题台账本身：升级、备份、导出、导入、检查。",
        "The problem register itself: migrate, back up, export, import, check.",
    ),
    "register_migrate": (
        "把台账升级到本版本的结构；先备份。\n\n例：genyin register migrate --register sqlite:///genyin.db",
        "Bring a register to this version's revision; make a backup first.\n\n"
        "Example: genyin register migrate --register sqlite:///genyin.db",
    ),
    "register_backup": (
        "备份台账，不影响他人使用：SQLite 存为数据库，PostgreSQL 存为导出文件。\n\n"
        "例：genyin register backup 备份.db --register sqlite:///genyin.db",
        "Copy the register while it is in use: SQLite as a database, PostgreSQL as an export.\n\n"
        "Example: genyin register backup copy.db --register sqlite:///genyin.db",
    ),
    "register_export": (
        "把整个台账导出为 JSON Lines；同样的台账得到同样的文件。\n\n"
        "例：genyin register export 台账.jsonl --register sqlite:///genyin.db",
        "Write the whole register as JSON Lines, the same bytes for the same register.\n\n"
        "Example: genyin register export register.jsonl --register sqlite:///genyin.db",
    ),
    "register_import": (
        "把导出文件读入一个空的台账（没有则新建）。\n\n"
        "例：genyin register import 台账.jsonl --register sqlite:///new.db",
        "Read an export into an empty register, which is made if there is none.\n\n"
        "Example: genyin register import register.jsonl --register sqlite:///new.db",
    ),
    "register_check": (
        "核对台账：各表是否与事件记录相符；不符时退出码为 1。\n\n"
        "例：genyin register check --register sqlite:///genyin.db",
        "Hold the tables against the events; where they differ, the exit code is 1.\n\n"
        "Example: genyin register check --register sqlite:///genyin.db",
    ),
    "register": (
        "问题台账的地址，如 sqlite:///genyin.db（默认取设置文件的 register，再取环境变量 GENYIN_REGISTER）。",
        "Address of the register, e.g. sqlite:///genyin.db (default: register in the settings file, then the "
        "environment variable GENYIN_REGISTER).",
    ),
    "run_dry_run": (
        "说明会找到哪些问题、台账会有哪些变化，不写任何文件。",
        "Say which problems there are and what would change in the register; write nothing.",
    ),
    "rehearse": ("只说明会改什么，不保存。", "Say what would change and save nothing."),
    "who": ("记在经过里的姓名（默认为系统用户）。", "Name for the history (default: the system's user)."),
    "expect": (
        "您读到的版本；若他人此后改过，则不保存并说明。",
        "The version that you read; if somebody has changed the problem since, nothing is saved.",
    ),
    "filter_state": (
        "只列这个状态或阶段（候选、处理中、待验证……），可多次使用。",
        "Only this state (candidate, watching ...) or stage (处理中 ...); repeatable.",
    ),
    "filter_category": ("只列这个类别。", "Only this category."),
    "filter_department": (
        "只列这个部门的问题（前端、后端、主责、辅责或落实部门）。",
        "Only problems of this department.",
    ),
    "filter_owner": ("只列这个责任人的问题。", "Only problems of this owner."),
    "filter_text": (
        "编号、名称、问题点、原因、措施中含有此文字。",
        "Only problems with this text in id, name, statement, cause or measures.",
    ),
    "filter_since": ("只列这一天起还有投诉的问题。", "Only problems with a complaint on or after this day."),
    "filter_until": (
        "只列到这一天（含当日）有投诉的问题；与 --since 同用：这段时间内有投诉的问题。",
        "Only problems with a complaint up to this day, included; with --since: with one in that period.",
    ),
    "filter_mark": (
        "只列有此标记的问题（新出现、上升、复发……）。",
        "Only problems with this mark (new, growing, regressed ...).",
    ),
    "limit": ("最多列出几个，0 为全部；JSON 总是全部。", "Show at most so many, 0 for all; JSON always holds all."),
    "members": ("显示最近几件投诉。", "Number of latest complaints to show."),
    "history_limit": ("只显示最近几个事件。", "Only the latest events."),
    "similar_limit": ("最多列出几个。", "Show at most so many."),
    "set_state": ("改为这个状态（中文名或英文名）。", "Change to this state (English or Chinese name)."),
    "migrate_dry_run": (
        "试着升级再退回：说明会升到哪个版本，不保存。",
        "Try it and take it back: say to which revision it would go, and save nothing.",
    ),
    "into": ("并入哪个问题。", "The problem to merge into."),
    "split_complaint": ("进入新问题的投诉编号，可多次使用。", "Id of a complaint for the new problem; repeatable."),
    "split_phrase": ("含有此短语的投诉进入新问题。", "Complaints that hold this phrase go to the new problem."),
    "split_name": ("新问题的名称。", "Name of the new problem."),
    "reason": ("为什么不是问题。", "Why this is no problem."),
    "dismiss_limit": (
        "投诉超过几件时重新出现（默认为现有的两倍）。",
        "Comes back with more complaints than this (default: twice as many as now).",
    ),
    "link_problem": ("投诉所属的问题。", "The problem that the complaints belong to."),
    "apart": ("说明不属于同一个问题。", "Say that they do not belong together."),
    "owner": ("责任人。", "Owner."),
    "department": ("主责部门。", "Lead department."),
    "check_by": ("按投诉量（volume）还是万投比（rate）验证。", "Check by volume or by rate per 10,000 users."),
    "check_target": (
        "目标值：30 天投诉量，或 30 天每万用户投诉量。",
        "Target: complaints in 30 days, or those per 10,000 users.",
    ),
    "due": ("计划完成时间。", "Date due."),
    "measure": ("整改措施。", "What is done about it."),
    "fix_date": ("整改完成日期；进入待验证。", "Day on which the fix was made; from then on the problem is watched."),
    "fix_regions": ("整改只涉及的地区，可多次使用。", "Region that was fixed, if not all; repeatable."),
    "as_of": ("按这一天为止的投诉验证（默认为台账中最后的投诉）。", "Check with the complaints up to this day."),
    "subscribers": (
        "用户数表（月份、地区、口径、用户数），用于万投比；默认见配置 subscribers。",
        "Table of users (month, region, base, users), for rates per 10,000; the setting subscribers is the default.",
    ),
    "users": (
        "用户数，用于万投比；也可按地区写 地区=用户数，可多次使用。",
        "Number of users, for rates per 10,000; or REGION=NUMBER, repeatable.",
    ),
    "month": ("所属月份（默认本月）。", "Month of the note (default: this one)."),
    "accept": (
        "接受这条建议：同一问题或合并则并入，拆分则成为另一问题的子问题。",
        "Accept this proposal: what is the same is merged, what split off becomes a part of the other.",
    ),
    "refuse": ("拒绝这条建议。", "Refuse this proposal."),
    "import_dry_run": ("只检查导出文件，不保存。", "Check the export only and save nothing."),
}
