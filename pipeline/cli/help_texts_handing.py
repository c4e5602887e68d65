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
}
