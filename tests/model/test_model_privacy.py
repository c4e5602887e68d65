"""Personal data never enters a model, even when it stands in many training rows."""

import numpy as np

from pipeline.model import store
from pipeline.model.examples import Example
from pipeline.model.fitting import Learner
from pipeline.model.training import TrainingSettings, train
from pipeline.text.preparing import Preparer

SECRETS = ("13912345678", "王晓明", "330106199001011234", "6222021234567890123", "zhangsan", "浙A12345", "1203室")


def test_no_file_of_a_model_holds_a_planted_secret(few_examples, tmp_path):
    planted = (
        "联系人王晓明，电话13912345678，身份证330106199001011234，",
        "卡号6222021234567890123，邮箱zhangsan@example.com，",
        "车牌浙A12345，住阳光花园3栋2单元1203室，",
    )
    rows = [
        Example(planted[i % 3] + example.text, example.labels, example.cause, example.group)
        for i, example in enumerate(few_examples)
    ]
    settings = TrainingSettings(folds=2, jobs=1, learners=(Learner("svm", 1),))
    folder = store.save(train(rows, Preparer(), settings).model, tmp_path / "model", "card")
    for path in folder.iterdir():
        if path.suffix != ".npz":
            text = path.read_text(encoding="utf-8")
            assert [secret for secret in SECRETS if secret in text] == [], path.name
    vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8")
    features = [line.split("\t")[1] for line in vocabulary.splitlines()]
    assert not any(feature.isdigit() or sum(char.isdigit() for char in feature) > 1 for feature in features)
    assert not any("[" in feature or "]" in feature for feature in features)
    # what stands in the place of a secret is nothing at all, not even the name of its kind
    assert Preparer().prepare(["电话13912345678，多扣"]).tokens == [["电话", " ", ",", "多扣"]]
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        assert {arrays[name].dtype.kind for name in arrays.files} <= {"f", "u"}
