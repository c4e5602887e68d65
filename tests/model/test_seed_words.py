from pipeline.model.seed_words import weak_labels

WORDS = {"资费": ("扣费", "话费"), "网络": ("断网", "网速")}
TEXTS = ["乱扣费", "话费多了还断网", "网速慢", "你好", "断网三天", "话费贵，乱扣费"]


def test_words_of_one_label_give_it_and_words_of_several_none():
    found = weak_labels(TEXTS, WORDS)
    assert found.labels == ("资费", "", "网络", "", "网络", "资费")
    assert (found.coverage, found.conflicting) == (5 / 6, 1)
    assert found.conflicts == (("资费", "网络", 1),)
    assert [(one.label, one.hits, one.alone) for one in found.table] == [("资费", 3, 2), ("网络", 3, 2)]
    assert found.table[0].by_word == (("扣费", 2), ("话费", 2))


def test_no_texts_are_no_coverage():
    assert weak_labels([], WORDS).coverage == 0
