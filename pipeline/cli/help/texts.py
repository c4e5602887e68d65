"""Help and headings in both languages; the language is settled before the commands are built."""

import sys

from pipeline.cli.help.handing import HANDING_TEXTS
from pipeline.cli.help.insights import INSIGHT_TEXTS
from pipeline.cli.help.labels import LABEL_TEXTS
from pipeline.cli.help.models import MODEL_TEXTS
from pipeline.cli.help.register import REGISTER_TEXTS
from pipeline.cli.help.review import REVIEW_TEXTS
from pipeline.cli.help.short import SHORT_TEXTS
from pipeline.cli.language import asked_language, system_language

_TEXTS: dict[str, tuple[str, str]] = {
    # key: (Chinese, English)
    "genyin": (
        "根因：把客户投诉表变成分类结果和根因问题，全程离线。",
        "genyin: from dumps of Chinese customer complaints to classified rows and root causes, offline.",
    ),
    "classify": (
        "给投诉表的每一行分类：类别、置信度、根因、判断依据、是否需要人工复核。\n\n"
        "INPUT 可以是 CSV、Excel、JSON Lines、Parquet、.gz、.zip，可以有多个，也可以用通配符；"
        "用 - 表示从管道读入、以 JSON Lines 输出。\n\n"
        "例：genyin classify 投诉明细.xlsx -o 结果",
        "Classify every row of complaint dumps: category, confidence, root cause, deciding words, review flag.\n\n"
        "INPUT may be CSV, Excel, JSON Lines, Parquet, .gz or .zip, several of them, or a pattern; "
        "- reads a pipe and writes JSON Lines.\n\n"
        "Example: genyin classify complaints.xlsx -o out",
    ),
    "train": (
        "用带标签的投诉训练模型：按近似重复分组做交叉验证，选择学习器，校准置信度，设定阈值。\n\n"
        "标签列可写多个标签（billing|attitude），也可带根因（billing/流量包自动续订）。\n\n"
        "例：genyin train 已标注.csv --model 我的模型",
        "Train a model from labelled complaints: grouped cross-validation, choice of learner, calibration, "
        "thresholds.\n\n"
        "A label may be several (billing|attitude) and may carry a root cause (billing/流量包自动续订).\n\n"
        "Example: genyin train labelled.csv --model my-model",
    ),
    "evaluate": (
        "在带标签的投诉上检验模型：精确率、召回率、F1 及其区间、混淆矩阵、校准误差、覆盖率。\n\n"
        "例：genyin evaluate 已标注.csv --model 我的模型",
        "Measure a model on labelled complaints: precision, recall, F1 with intervals, confusion, calibration, "
        "coverage.\n\n"
        "Example: genyin evaluate labelled.csv --model my-model",
    ),
    "explain": (
        "解释一条投诉：每个类别的概率，以及支持和反对的词。\n\n例：genyin explain “宽带装了一个月没人上门”",
        "Explain one text: every label's probability, and the words for and against.\n\n"
        'Example: genyin explain "宽带装了一个月没人上门"',
    ),
    "columns": (
        "查看投诉表被怎样理解：编码、表头行、每一列的角色。不显示任何客户数据。\n\n例：genyin columns 投诉明细.xlsx",
        "Show how a dump is understood: encoding, header row, the role of each column. No customer data is shown.\n\n"
        "Example: genyin columns complaints.xlsx",
    ),
    "problems": (
        "找出投诉背后的问题：同一件具体的事，或同一个根因（不论怎么说）。写出 problems.csv（每个问题一行）"
        "和带问题编号的投诉表。classify 已包含这一步。\n\n"
        "例：genyin problems 投诉明细.xlsx -o 结果",
        "Find the problems behind complaints: the same concrete trouble, or the same root cause in whatever words. "
        "Writes problems.csv (a row per problem) and the complaints with their problem. Part of classify as well.\n\n"
        "Example: genyin problems complaints.xlsx -o out",
    ),
    "mask": (
        "生成可以分享的脱敏副本：文本中的个人信息换成占位符，客户号码换成带密钥的假名（同一客户仍可计数）。\n\n"
        "例：genyin mask 投诉明细.xlsx -o 脱敏",
        "Write a masked copy for sharing: personal data in texts becomes placeholders, customer numbers become keyed "
        "pseudonyms, so that the same customer stays countable.\n\n"
        "Example: genyin mask complaints.xlsx -o masked",
    ),
    "out": ("结果文件夹。", "Folder for the results."),
    "out_default": ("结果文件夹（默认 genyin-out）。", "Folder for the results (default genyin-out)."),
    "no_problems": ("只分类，不找问题。", "Classify only; do not look for problems."),
    "min_size": ("一个问题至少有几件投诉（默认 3）。", "Least complaints of a problem (default 3)."),
    "granularity": (
        "问题分得粗（coarse）、适中（normal，默认）还是细（fine）。",
        "How fine problems are told apart (default normal).",
    ),
    "inside_category": ("问题不跨类别。", "Never join complaints of different categories."),
    "keep_problems": (
        "输入里已有 problem_id 的投诉保留原来的问题，新的先尝试归入。",
        "Complaints that have a problem_id in the input keep it; new ones try to join those first.",
    ),
    "model": ("模型文件夹；不写则用随软件的默认模型。", "Model folder; the shipped model if not given."),
    "model_out": ("模型写到哪个文件夹。", "Folder to write the model to."),
    "format": (
        "结果表的格式（默认 csv，Excel 可直接打开）。",
        "Format of the result table (default csv, opens in Excel).",
    ),
    "jobs": ("进程数，-1 为全部核心。", "Number of processes, -1 for all cores."),
    "text": ("投诉文本列，可写多列，用逗号分开。", "Column(s) with the complaint text, parted by commas."),
    "column": (
        "指定列的角色，如 complaint_id=客服流水号；可多次使用。",
        "Say what a column is, e.g. complaint_id=客服流水号.",
    ),
    "sheet": ("只读 Excel 的这个工作表。", "Read this sheet of a workbook only."),
    "encoding": ("文件编码；不写则自动判断。", "Encoding of the files; found out if not given."),
    "delimiter": ("CSV 分隔符；不写则自动判断。", "Delimiter of CSV files; found out if not given."),
    "lang": ("界面语言（默认跟随系统和数据）。", "Language of messages (default: the system's, else the data's)."),
    "settings": ("设置文件（默认当前文件夹的 genyin.toml）。", "Settings file (default: genyin.toml in this folder)."),
    "quiet": ("不显示进度和摘要。", "No progress and no summary."),
    "dry_run": (
        "只检查输入并说明会做什么，不写任何文件；有台账时，说明台账会有哪些变化。",
        "Check the input and say what would be done, with a register what would change there; write nothing.",
    ),
    "json": ("以 JSON 输出。", "Print JSON."),
    "group": ("交叉验证时同组不拆开的列，如作者或批次。", "Column whose rows stay together in cross-validation."),
    "split": ("模型卡按此列分别报告，可多次使用。", "Column by which the model card reports apart; repeatable."),
    "target": (
        "自动判定的行要达到的精确率（默认 0.95），其余转人工复核。",
        "Precision that answered rows shall reach (default 0.95).",
    ),
    "cause_target": (
        "给出根因时要达到的精确率（默认 0.7）。",
        "Precision that named causes shall reach (default 0.7).",
    ),
    "folds": ("交叉验证的折数。", "Number of cross-validation folds."),
    "dictionary": (
        "自己的分词词典（每行一词），代替随软件的词典。",
        "Own word list for cutting, instead of the shipped one.",
    ),
    "stopwords": ("自己的停用词表，代替随软件的。", "Own stop words, instead of the shipped ones."),
    "customer_side": (
        "对话里标明双方时只看客户说的话。",
        "Where a dialogue marks its sides, keep the customer's only.",
    ),
    "key_file": (
        "假名的密钥文件，没有则新建（默认 genyin.key）。",
        "Key file of the pseudonyms, made if absent (default genyin.key).",
    ),
    "version": ("显示版本。", "Show the version."),
    "help": ("显示本说明并退出。", "Show this message and exit."),
    "usage": ("用法：", "Usage: "),
    "heading_options": ("选项：", "Options:"),
    "heading_commands": ("命令：", "Commands:"),
    "usage_options": ("[选项]", "[OPTIONS]"),
    "usage_command": ("命令 [参数]...", "COMMAND [ARGS]..."),
    "usage_main_command": ("INPUT... | 命令 ...", "INPUT... | COMMAND ..."),
    "kind_number": ("小数", "FLOAT RANGE"),
    "kind_whole_range": ("整数", "INTEGER RANGE"),
    "kind_whole": ("整数", "INTEGER"),
    "kind_text": ("文字", "TEXT"),
    "kind_path": ("路径", "PATH"),
    "required": ("必填", "required"),
    "default": ("默认 ", "default: "),
    **LABEL_TEXTS,
    **REGISTER_TEXTS,
    **REVIEW_TEXTS,
    **INSIGHT_TEXTS,
    **HANDING_TEXTS,
    **MODEL_TEXTS,
}


def text(key: str) -> str:
    """Return a text in the language of this run."""
    return _chosen(_TEXTS[key])


def short_text(command: str) -> str:
    """Return what a command, named after its group, does in a few words."""
    return _chosen(SHORT_TEXTS[command])


def _chosen(both: tuple[str, str]) -> str:
    chinese, english = both
    return chinese if (asked_language(sys.argv[1:]) or system_language()) == "zh" else english
