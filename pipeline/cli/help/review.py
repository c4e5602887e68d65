"""Help of the command that makes the review pack, in both languages."""

REVIEW_TEXTS: dict[str, tuple[str, str]] = {
    "review": (
        "评审包：生成（genyin review 投诉.xlsx -o 评审），导回填好的表（import），导出清单（list）和日报（daily）。",
        "The review pack: make it (genyin review complaints.xlsx -o review), read it back (import), lists and more.",
    ),
    "review_make": (
        "生成问题评审包：review.html（一个文件，离线打开，可打印）、review.xlsx（填写后可导回）、review.md、"
        "problems.json，以及 ServiceNow 和 Jira 的导入文件。\n\n"
        "INPUT 可以是投诉表、classify 生成的结果表；不写 INPUT 则用台账（--register）里的投诉。\n\n"
        "例：genyin review 投诉明细.xlsx --since 2026-06-01 --until 2026-06-30 -o 评审",
        "Make the review pack: review.html (one file, works offline, prints), review.xlsx (filled in, it can be read "
        "back), review.md, problems.json, and files for ServiceNow and Jira.\n\n"
        "INPUT may be dumps, or tables that classify wrote; without one the complaints are the register's "
        "(--register).\n\n"
        "Example: genyin review complaints.xlsx --since 2026-06-01 --until 2026-06-30 -o review",
    ),
    "review_out": ("评审包写到哪个文件夹（默认 genyin-review）。", "Folder for the pack (default genyin-review)."),
    "review_details": (
        "详写前几个问题（默认 50），其余在清单和 review.xlsx 中。",
        "So many problems are told in full (default 50); the others stand in the list and in review.xlsx.",
    ),
    "review_also": (
        "同时生成评审包，放在结果文件夹的 review 子文件夹中。",
        "Make the review pack as well, in the folder review within the results.",
    ),
}
