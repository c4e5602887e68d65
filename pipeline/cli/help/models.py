"""Help for training with new labels and for choosing among models, in both languages."""

MODEL_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "models_group": (
        "模型的比较、启用、回退、漂移检查和标签集的变更。模型放在一个文件夹里（默认 genyin-models），其中一个在用。",
        "Compare, activate and roll back models, look for drift, change label sets. Models stand in one folder "
        "(genyin-models), and one of them is active.",
    ),
    "models_compare": (
        "在两个模型都没学过的文本上比较候选模型与在用模型：各标签的差异及区间、McNemar 检验、覆盖率；"
        "加 --dump 说明在一份投诉表上会改变什么。\n\n"
        "例：genyin models compare 六月 --dump 上月投诉.xlsx",
        "Compare a candidate with the active model on texts that neither has learned from: difference by label with "
        "intervals, McNemar test, coverage; with --dump also what would change on a dump.\n\n"
        "Example: genyin models compare june --dump last-month.xlsx",
    ),
    "models_activate": (
        "启用一个模型：先比较，更差的不予启用，除非用 --reason 说明原因（会记录下来）。\n\n"
        "例：genyin models activate 六月",
        "Make a model the active one: it is compared first, and a worse one is refused unless a --reason is given, "
        "which is recorded.\n\n"
        "Example: genyin models activate june",
    ),
    "models_rollback": (
        "退回上一个启用的模型；结果与当时逐字节相同。\n\n例：genyin models rollback --reason 误判增多",
        "Go back to the model that was active before; it answers as it did then, to the byte.\n\n"
        'Example: genyin models rollback --reason "more mistakes at billing"',
    ),
    "models_list": (
        "列出全部模型：哪个在用、何时训练、用了多少行、从哪个模型而来。\n\n例：genyin models list",
        "List all models: which is active, when each was trained, on how many rows, from which parent.\n\n"
        "Example: genyin models list",
    ),
    "models_history": (
        "列出何时、何人、因何启用或退回了哪个模型。\n\n例：genyin models history",
        "Show which model became active when, by whom, and on what grounds.\n\nExample: genyin models history",
    ),
    "models_drift": (
        "检查一份投诉表与训练时相比变了多少：类别构成、置信度、转人工比例、生词；"
        "并列出可能的新类别（没有人训练过的内容）。\n\n"
        "例：genyin models drift 投诉明细.xlsx",
        "See how far a dump is from the training: mix of categories, confidence, share for review, unknown words; and "
        "which texts may be new categories that nobody trained on.\n\n"
        "Example: genyin models drift complaints.xlsx",
    ),
    "models_curve": (
        "学习曲线：再标 200 条大约能提高多少，以及是否可以停止标注。\n\n例：genyin models curve --store labels.jsonl",
        "Learning curve: what 200 more labels would bring, and whether labelling may stop.\n\n"
        "Example: genyin models curve --store labels.jsonl",
    ),
    "models_seed": (
        "没有标签时起步：按词给出弱标签，并显示覆盖率和冲突。写出 weak_labels.csv（可训练第一个模型）"
        "和 conflicts.csv。\n\n"
        "例：genyin models seed 投诉明细.xlsx --seed-words 资费=扣费,话费 --seed-words 网络=断网,网速 -o 起步",
        "Start without labels: words give weak labels, with their coverage and conflicts. Writes weak_labels.csv (to "
        "train a first model on) and conflicts.csv.\n\n"
        "Example: genyin models seed dump.csv --seed-words billing=扣费,话费 --seed-words network=断网,网速 -o start",
    ),
    "models_relabel": (
        "标签集变更（改名、合并、拆分）：确定的行直接改标签，不确定的行写入 queue.csv 待人工判断。\n\n"
        "例：genyin models relabel 已标注.csv --changes 变更.toml -o 新标签",
        "Carry labelled rows over to a changed label set (renamed, merged, split): rows that are certain get their new "
        "label, the others go to queue.csv for a person.\n\n"
        "Example: genyin models relabel labelled.csv --changes changes.toml -o relabelled",
    ),
    "models_dir": (
        "模型文件夹（默认取设置文件的 models，再取 genyin-models）。",
        "Folder of the models (default: models in the settings file, then genyin-models).",
    ),
    "compare_with": ("与这个模型比较，而不是在用的。", "Compare with this model instead of the active one."),
    "compare_labels": (
        "另外用这些带标签的文件检验，可多次使用；模型学过的行不算。",
        "Labelled files to compare on as well; repeatable. Rows that a model has learned from do not count.",
    ),
    "compare_dump": (
        "说明在这份投诉表上会改变什么，可多次使用。",
        "A dump on which to say what would change; repeatable.",
    ),
    "why": ("为什么；会记录下来。", "Why; it is recorded."),
    "who_models": ("记录在案的姓名（默认为系统用户）。", "Name for the record (default: the system's user)."),
    "curve_model": (
        "用这个模型的训练数据（默认在用的模型）。",
        "The model whose rows to use (default: the active one).",
    ),
    "curve_store": (
        "标签库，其中的随机对照样本用于判断是否可以停止（默认取台账，再取 labels.jsonl）。",
        "The label store whose control sample says whether to stop (default: the register, then labels.jsonl).",
    ),
    "seed_words": ("标签=词,词；可多次使用。", "LABEL=WORD,WORD; repeatable."),
    "changes": (
        "标签集变更文件（TOML，见 docs/retraining.md）。",
        "File of changes of the label set (TOML, see docs/retraining.md).",
    ),
    "from": (
        "在这个模型（文件夹、名称或 default）的基础上训练：沿用其数据、学习器和分词方式，快得多。",
        "Go on from this model (folder, name, or default): its rows, its learner and its word list are taken over, "
        "which is much quicker.",
    ),
    "weigh": (
        "某来源的行的权重，如 --weigh parent=0.5（原模型的行）；可多次使用。",
        "What rows of a source count, e.g. --weigh parent=0.5 for those of the parent; repeatable.",
    ),
    "half_life": (
        "标签每旧这么多天，权重减半（按 at 列）。",
        "Days after which a label counts half (by the column at).",
    ),
    "use_all": (
        "也学习留作比较的十分之一文本；这样的模型无法公平比较。",
        "Learn from the tenth of the texts that is held back as well; such a model cannot be compared fairly.",
    ),
}
