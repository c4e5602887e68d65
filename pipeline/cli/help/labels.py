"""Help for the commands about labels, in both languages."""

LABEL_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "label_group": (
        "标注：导出值得人工看的投诉，导入填好的工作簿，检查可疑标签，列出标签用于训练。",
        "Labels: export the complaints worth a person's minute, import what was filled in, look at suspected labels, "
        "and list labels for training.",
    ),
    "label_export": (
        "从投诉表中挑选值得人工标注的行，写成 Excel 工作簿：没有把握的、与相近投诉的标签不一致的、稀少类别的、"
        "有新词的、代表一大批的；不重复。其中一部分随机抽取，用来估计其余投诉的错误率。已有标签的文本不再问。\n\n"
        "例：genyin label export 结果/classified.csv -o 复核.xlsx --rows 200",
        "Choose the rows of dumps that are worth a person's minute and write them as a workbook: uncertain ones, those "
        "at odds with labelled neighbours, of rare categories, with new words, representative of many; no two alike. "
        "Some are drawn at random, to estimate the errors among the rest. Texts with a label are not asked again.\n\n"
        "Example: genyin label export out/classified.csv -o queue.xlsx --rows 200",
    ),
    "label_import": (
        "导入填好的工作簿（可以几个、几个人的）：逐格检查，列出分歧和一致性，存入标签库。历史只增不改；"
        "同一文件再导入一次不会改变任何内容。有错的行不导入，其余照常导入，退出码为 1。\n\n"
        "例：genyin label import 张三.xlsx 李四.xlsx --store labels.jsonl",
        "Import filled-in workbooks (several, of several people): each cell is checked, disagreement and agreement are "
        "shown, and the answers go into the label store. History is only added to; the same file again changes "
        "nothing. Rows with mistakes are left out, the others are imported, and the exit code is 1.\n\n"
        "Example: genyin label import queue-zhang.xlsx queue-li.xlsx --store labels.jsonl",
    ),
    "label_suspects": (
        "找出看起来标错的标签，写成 Excel 工作簿，可疑的在前；近似重复却标签不同的也列出。"
        "填好后用 label import 导入。\n\n"
        "例：genyin label suspects labels.csv -o 可疑.xlsx",
        "Find labels that look wrong and write them as a workbook, the worst first, with near-duplicates that bear "
        "different labels. What comes back is imported with label import.\n\n"
        "Example: genyin label suspects labels.csv -o suspects.xlsx",
    ),
    "label_list": (
        "把标签库里的有效标签写成 CSV，可直接用于 genyin train；有争议未裁定的不写。\n\n"
        "例：genyin label list -o labels.csv && genyin train labels.csv --model my-model",
        "Write the labels that count as CSV for genyin train; contested ones that nobody settled are left out.\n\n"
        "Example: genyin label list -o labels.csv && genyin train labels.csv --model my-model",
    ),
    "label_out": ("要写的文件", "file to write"),
    "label_rows": ("要问多少行", "how many rows to ask about"),
    "label_control": ("其中随机抽取的比例（0–1）", "share of them drawn at random (0-1)"),
    "label_seed": ("换一组同样随机的抽样", "draw another, equally random sample"),
    "label_store": ("标签库文件；给了台账则存入台账", "file of the label store; with a register the labels go there"),
    "labeller": ("标注人列为空时的标注人", "who labelled, where a row does not say"),
    "new_label": ("认可的新标签（可重复）", "a new label to accept (repeatable)"),
    "label_settle": ("这些答案用于裁定分歧", "these answers settle what is contested"),
    "label_dry_run": ("只检查和报告，什么都不存", "check and report only; nothing is stored"),
}
