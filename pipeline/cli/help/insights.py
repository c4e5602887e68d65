"""Help for the command that makes the insights, in both languages."""

INSIGHT_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "insights": (
        "给出问题管理评审需要的数字：计数口径、问题排名与优先级、趋势与突增、疑似大面积故障、责任归属、"
        "离网风险、满意度、投诉链、万投比……每个数字的规则见 docs/insights.md。\n\n"
        "INPUT 可以是原始投诉表，也可以是 classify 写出的表（不再分类，快得多）；不给 INPUT 而给 --register "
        "时，用台账里的投诉。缺少的列不会报错：算不出的指标会列出，并说明需要哪一列。\n\n"
        "例：genyin insights 结果/classified.csv -o 评审数据",
        "Make the figures that a problem-management review asks for: what counts, ranking and priority of problems, "
        "trend and bursts, possible outages, responsibility, churn, satisfaction, complaint chains, rates ... The rule "
        "of every figure stands in docs/insights.md.\n\n"
        "INPUT may be raw dumps, or a table that classify wrote (not classified again, much quicker); without INPUT "
        "the complaints of --register are taken. No column has to be there: what cannot be told is listed with the "
        "column that would give it.\n\n"
        "Example: genyin insights out/classified.csv -o review",
    ),
    "insights_out": (
        "写入 JSON、每张表一个 CSV（Excel 可直接打开）、简报和缺失清单的文件夹；不给则只显示摘要。",
        "Folder for the JSON, a CSV per table (as Excel opens it), the brief and what is missing; without it only the "
        "summary is shown.",
    ),
    "insights_since": ("从哪个统计日起（2026-03-01）。", "First reporting day (2026-03-01)."),
    "insights_until": ("到哪个统计日止（含当日）。", "Last reporting day, included."),
    "insights_register": (
        "问题台账的地址：补充状态、标记和永久编号；没有 INPUT 时用其中的投诉。",
        "Address of the problem register: adds states, marks and permanent ids; its complaints without an INPUT.",
    ),
    "insights_subscribers": (
        "用户数表 CSV（月份、地区、口径、用户数），用于万投比和百万用户申诉率。",
        "CSV of subscribers (month, region, base, users) for the rates per users.",
    ),
    "insights_changes": (
        "变更日历 CSV（日期、事项），与问题的起点对照。",
        "CSV of changes (date, what) to be held against the onset of problems.",
    ),
    "insights_before": (
        "上次运行的结果文件夹：每个数字的变化拆分为新数据、迟到数据、模型、设置、人工决定。",
        "Result folder of the last run: every difference split into new data, late data, model, settings, decisions.",
    ),
    "insights_key": (
        "客户假名的密钥文件；同一密钥下同一客户的假名不变。",
        "File with the key of customers' pseudonyms; with the same key a customer keeps the same one.",
    ),
    "insights_no_notes": ("不用模型读处理意见（更快）。", "Do not let the model read the closing notes (quicker)."),
}
