"""A register for the tests of its commands, and looks into it."""

import json

from pipeline.register.store import open_register

TEXTS = [f"第{i}件投诉{'断网三天' if i % 4 == 0 else '网速变慢'}" for i in range(12)]


def exported(url, folder):
    with open_register(url) as register:
        register.export(folder / "whole.jsonl")
    return (folder / "whole.jsonl").read_bytes()


def shown(call, problem, *more):
    return json.loads(call("problems", "show", problem, "--json", *more).stdout)
