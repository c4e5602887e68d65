"""Help for the way back from a review, in both languages."""

HANDING_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "review_import": (
        "把评审会填好的工作簿（review.xlsx，或操作者的溯源清单、派发表）导回台账：逐格检查，显示改动，发现冲突，一次写入，可撤销。\n\n"
        "例：genyin review import review.xlsx --register sqlite:///genyin.db --dry-run",
        "Read what a review filled into its workbook (review.xlsx, or the operator's own list or dispatch sheet) into "
        "the register: every cell is checked, changes are shown, conflicts found; all is written at once and can be "
        "undone.\n\n"
        "Example: genyin review import review.xlsx --register sqlite:///genyin.db --dry-run",
    ),
    "prefer": (
        "表格和台账都改过的单元格以哪边为准：sheet 表格，register 台账。",
        "Which side counts where both the sheet and the register were changed.",
    ),
    "review_list": (
        "把台账中的问题写成本单位在用的表：tracing 为 27 列溯源问题清单，dispatch 为 11 列派发表（另有隐藏的编号列）。"
        "填写后可用 import 导回。\n\n"
        "例：genyin review list --shape tracing -o 溯源问题清单.xlsx --register sqlite:///genyin.db",
        "Write the problems of the register as the operators' own sheets: tracing has 27 columns, dispatch 11 "
        "and, hidden, the id. Filled "
        "in, they come back with import.\n\n"
        "Example: genyin review list --shape tracing -o list.xlsx --register sqlite:///genyin.db",
    ),
    "review_daily": (
        "写重复投诉日报（原始数据、结果、文本、统计、日报总表）：当日（默认截至 16:00）又来投诉、30 天内两次及以上的"
        "号码。号码为假名，文本已脱敏。\n\n"
        "例：genyin review daily 投诉.xlsx --day 2026-03-31 -o 日报.xlsx --previous 昨日日报.xlsx",
        "Write the daily workbook of repeated complaints (raw data, result, text, statistic, running table): numbers "
        "that complained within the reporting day (to 16:00) and twice or more in 30 days. Numbers are pseudonyms, "
        "texts masked.\n\n"
        "Example: genyin review daily complaints.xlsx --day 2026-03-31 -o daily.xlsx --previous yesterday.xlsx",
    ),
    "force": (
        "覆盖已有的工作簿，即使有人填写过（默认不覆盖）。",
        "Write over a workbook that is there, even if somebody filled it in (which is refused otherwise).",
    ),
    "shape": ("表的样式（默认 tracing）。", "Which of the operators' sheets (default tracing)."),
    "list_state": ("只列这些状态的问题，可多次使用。", "Only problems in this state; repeatable."),
    "sheet_out": ("写到哪个文件（.xlsx）。", "File to write (.xlsx)."),
    "daily_day": ("日报的日期。", "The reporting day."),
    "daily_days": ("合并几天（周一用 3）。", "Reporting days taken together (3 on a Monday)."),
    "daily_previous": ("上一份日报，其总表接着累加。", "The last workbook, whose running table goes on."),
}
