"""The script a good user would write: pandas, jieba.lcut, TfidfVectorizer, LinearSVC.

usage: peer.py train LABELLED.csv MODEL.joblib TEXT LABEL | peer.py classify INPUT.csv OUTPUT.csv MODEL.joblib TEXT
"""

import logging
import sys

import jieba
import joblib
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

jieba.setLogLevel(logging.ERROR)


def cut(text):
    return [token for token in jieba.lcut(text) if token.strip()]


def train(labelled, model, text, label):
    rows = pd.read_csv(labelled, dtype=str).fillna("")
    pipeline = make_pipeline(
        TfidfVectorizer(tokenizer=cut, token_pattern=None, lowercase=False, sublinear_tf=True, min_df=2), LinearSVC()
    )
    pipeline.fit(rows[text], rows[label].str.split("|").str[0])
    joblib.dump(pipeline, model)


def classify(source, target, model, text):
    rows = pd.read_csv(source, dtype=str).fillna("")
    pipeline = joblib.load(model)
    rows["category"] = pipeline.predict(rows[text])
    rows.to_csv(target, index=False, encoding="utf-8-sig")


if __name__ == "__main__":
    {"train": train, "classify": classify}[sys.argv[1]](*sys.argv[2:])
