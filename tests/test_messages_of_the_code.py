"""Every English message of the code has its Chinese: the table is held against the sources themselves."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import errors
from pipeline.resources import data_file

PACKAGE = Path(errors.__file__).parent
ENTRIES = tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))["message"]
PAIRS = {entry["en"] for entry in ENTRIES}

_FAMILY = [name for name, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.GenyinError)]
# the place of the message among the arguments of what takes one
TAKES_MESSAGE = {
    **dict.fromkeys(_FAMILY, 0),
    **{"missing_extra": 2, "Reject": 2, "RawRow": 2, "Remark": 2, "_remark_failures": 2},
}
KEYWORDS = {"Reject": "reason", "RawRow": "damage", "Remark": "problem", "_remark_failures": "problem"}
# messages that are made in another function of the same file and found there
PASSED_ON = {
    ("text/files/row_checks.py", "problem"),
    ("text/files/canonical.py", "problem"),
    # the damage of a RawRow, made in text/
    ("workflow/insights/change_calendar.py", "row.damage"),
}
_BYTE = ": byte 0x{} at offset {} (line {}) cannot be read. "
_BYTE += "Save the file again as UTF-8 or GBK, or name its encoding with --encoding"
_SEEN = ". Columns seen: {}. Name one of them with --column {}=HEADER"
_NO_TEXT = "{} has no column that is known to hold the complaint text. Columns seen: %s. "
_NO_TEXT += "Name it with --text COLUMN or --column text=HEADER"
_WORDS = (
    "{} is no user word. Write one word a line: word [frequency] [tag].",
    "The frequency of the user word {} is above {}. Give a smaller one, or none.",
    "{} holds white space, so it would never be found in a text. "
    "Write one word a line, with single spaces before frequency and tag: word [frequency] [tag].",
)
_ENTRY = ("{}, category {}", "{}, cause {}")
# a hole that the code fills with one of few phrases: the table holds the whole messages, because a phrase such as
# "row 3" or "Trainer, cause 1" may as well be the name of a file or a column, which must not be translated
BUILT = {
    "too {} cells: {} where the header has {}": tuple(
        f"too {few_or_many} cells: {{}} where the header has {{}}" for few_or_many in ("few", "many")
    ),
    "the complaint id stands already in {}": (
        "the complaint id stands already in row {}",
        "the complaint id stands already in row {} of {}",
    ),
    "{} {}" + _BYTE: (
        "{} is not {}" + _BYTE,
        "{} begins with a {} mark but is damaged" + _BYTE,
        "{} is UTF-16 without a byte order mark, and damaged" + _BYTE,
        "{} is UTF-8 with damage" + _BYTE,
        "{} is neither UTF-8 nor GB18030 (GBK)" + _BYTE,
    ),
    "the column {} (wanted as {}) {} {}" + _SEEN: (
        "the column {} (wanted as {}) is not in {}" + _SEEN,
        "the column {} (wanted as {}) is not in {}" + _SEEN.replace("seen: {}", "seen: none"),
        "the column {} (wanted as {}) fits several columns ({}) of {}" + _SEEN,
    ),
    _NO_TEXT % "{}": (_NO_TEXT % "{}", _NO_TEXT % "none"),
    "{} has no cells in its sheets ({})": (
        "{} has no cells in its sheets ({})",
        "{} has no cells in its sheets (none)",
    ),
    "{} rows have no label: {}. Fill the label in or remove the rows.": (
        "{} rows have no label: {}. Fill the label in or remove the rows.",
        "{} rows have no label: {} and {} more. Fill the label in or remove the rows.",
    ),
    "no header row was found; the columns are called {}{}": ("no header row was found; the columns are called {}",),
    "{}, line {}: {}": tuple("{}, line {}: " + word for word in _WORDS),
    "{}: unknown tag {}. Tags are: {}.": ("{}, cause {}: unknown tag {}. Tags are: {}.",),
    **{
        "{}" + rest: tuple(entry + rest for entry in _ENTRY)
        for rest in (
            ": unknown key {}. Known are: {}.",
            ": {} is missing.",
            ": {} is {}; it must be one of {}.",
            ": an id must not hold | / or a comma, which part labels in a cell.",
        )
    },
}
# phrases of the code that only ever stand in a message of BUILT
PARTS = {
    "is not {}",
    "is not in",
    "fits several columns ({}) of",
    "begins with a {} mark but is damaged",
    "is UTF-16 without a byte order mark, and damaged",
    "is UTF-8 with damage",
    "is neither UTF-8 nor GB18030 (GBK)",
}
# reach a person inside another message, and are not written as one string or not for people alone
INDIRECT = {
    "{} … and {} more",  # columns._listed
    "{}, line {} column {}",  # json_rows._reason
    "leaves and labels do not fit together",  # ValueErrors of store._build, which become a ModelError
    "weights of shape {} for {} leaves",
}
PROSE = re.compile(r"[A-Za-z][\"',;:]* [\"'(\[]*[a-z]")
# sentences for nobody's eyes or in a file that is English throughout
NO_MESSAGES = {
    ("workflow/models/card.py", ""),
    ("text/files/formats.py", "(!doctype html"),
    ("__init__.py", "has no attribute"),
}


@dataclass(frozen=True)
class Found:
    """Templates of one file, and the messages of which only the code's expression is known."""

    templates: frozenset[str]
    unread: frozenset[str]


def messages_of(source: str, constants: dict[str, str], prose: bool) -> Found:
    """Collect the messages of a module; with ``prose`` every other string that looks like a sentence as well."""
    tree = ast.parse(source)
    templates, unread, passed = set(), set(), _no_messages(tree)
    for node in ast.walk(tree):
        argument = _message_argument(node) if isinstance(node, ast.Call) else None
        if argument is not None:
            found = list(_templates(argument, constants))
            templates.update(found)
            unread.update([] if found else [ast.unparse(argument)])
        elif prose and node not in passed:
            templates.update(text for text in _templates(node, {}) if PROSE.search(text))
    return Found(frozenset(templates - {""}), frozenset(unread))


def _message_argument(call: ast.Call) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in TAKES_MESSAGE:
        return None
    named = [word.value for word in call.keywords if word.arg == KEYWORDS.get(name)]
    return next(iter(call.args[TAKES_MESSAGE[name] :] + named), None)


def _templates(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=one, orelse=other) if constants:
            yield from _templates(one, constants)
            yield from _templates(other, constants)
        case ast.Name(id=name) if name in constants:
            yield constants[name]


def _no_messages(tree: ast.Module) -> set[ast.AST]:
    """Docstrings, parts of longer strings, and what is given to errors of Python itself (those are bugs)."""
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Expr, ast.JoinedStr)):
            passed.update(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Constant))
        if isinstance(node, ast.Dict) and {ast.unparse(key) for key in node.keys if key} == {"'zh'", "'en'"}:
            # both languages stand side by side
            passed.update(node.values)
        if isinstance(node, ast.Call) and re.fullmatch(r"[A-Z]\w*Error", ast.unparse(node.func)):
            passed.update(node.args if ast.unparse(node.func) not in TAKES_MESSAGE else ())
    return passed


def _constants() -> dict[str, str]:
    """Names that stand for one string anywhere in the package."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    found[name] = text
    return found


def collected() -> dict[str, Found]:
    """Messages of every module; ``cli`` and ``review`` speak both languages themselves, but for their errors."""
    constants, found = _constants(), {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        one = messages_of(file.read_text(encoding="utf-8"), constants, prose=not name.startswith(("cli/", "review/")))
        left_out = [part for place, part in NO_MESSAGES if place == name]
        kept = frozenset(text for text in one.templates if not any(part in text for part in left_out))
        found[name] = Found(kept, one.unread)
    return found


CODE = collected()
NEEDED = {
    whole: name
    for name, found in CODE.items()
    for template in found.templates - PARTS
    for whole in BUILT.get(template, (template,))
}


def test_every_message_of_the_code_has_its_chinese() -> None:
    missing = [f"{name}: {template}" for template, name in NEEDED.items() if template not in PAIRS]
    assert not missing, "add these to data/messages_zh.toml:\n" + "\n".join(missing)


def test_every_message_can_be_read_from_the_code() -> None:
    unread = {(name, expression) for name, found in CODE.items() for expression in found.unread}
    assert unread <= PASSED_ON, "give the message as a string, or list it in PASSED_ON with where it is made"


def test_every_pair_belongs_to_a_message_of_the_code() -> None:
    own = {entry["en"] for entry in ENTRIES if "from" not in entry}
    assert own - NEEDED.keys() - INDIRECT == set()


def test_what_this_test_lists_by_hand_is_still_in_the_code() -> None:
    templates = {template for found in CODE.values() for template in found.templates}
    assert (BUILT.keys() | PARTS) - templates == set()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('raise InputError(f"{name} is " f"new: {count:,}") from None', "{} is new: {}"),
        ('raise errors.UsageError("a plain one")', "a plain one"),
        ('chunk.rejects.append(Reject(file, 3, f"bad in {place!r}", sheet))', "bad in {}"),
        ("row = RawRow(1, [], SOMETHING if cells else '')", "what SOMETHING says"),
        ('notes.append(f"{name} was passed over")', "{} was passed over"),
    ],
)
def test_a_new_message_is_noticed(line: str, expected: str) -> None:
    assert messages_of(line, {"SOMETHING": "what SOMETHING says"}, prose=True).templates == {expected}


def test_a_message_made_elsewhere_is_noticed() -> None:
    assert messages_of("raise InputError(made(1))", {}, prose=True).unread == {"made(1)"}
