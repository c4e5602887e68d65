"""Compiled loops are optional and can be turned off."""

from pipeline.native import compiled


def test_what_is_not_built_or_turned_off_is_not_used(monkeypatch):
    assert compiled("nothing_of_that_name") is None
    monkeypatch.setenv("GENYIN_COMPILED", "0")
    assert compiled("similarity") is None
