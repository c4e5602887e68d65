"""The names of the sample dump's problems, to be read by people.

usage: python benchmarks/names.py > benchmarks/names.md
"""

import tempfile
from collections import Counter

from pipeline.resources import data_file
from pipeline.workflow import find_problems
from pipeline.workflow.problem_words import kind_name


def main():
    with tempfile.TemporaryDirectory() as folder:
        problems = find_problems([data_file("sample_complaints.csv")], folder).grouping.problems
    kinds = Counter(kind_name(one.kind, "zh") for one in problems)
    print("# Names of the problems of data/sample_complaints.csv\n")
    print(f"{len(problems)} problems: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common())}.\n")
    print("| rows | customers | texts | kind | name | key phrases |\n|---|---|---|---|---|---|")
    for one in problems:
        phrases = "、".join(one.phrases)
        print(f"| {one.rows} | {one.customers} | {one.texts} | {kind_name(one.kind, 'zh')} | {one.name} | {phrases} |")


if __name__ == "__main__":
    main()
