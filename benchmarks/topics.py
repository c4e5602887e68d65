"""The script a good user would write: BERTopic with its defaults, on words that are cut well and vectors of its own.

Not among genyin's requirements. Without a neural network (which BERTopic can do without) it is installed by
    pip install --no-deps bertopic
    pip install hdbscan umap-learn plotly pyyaml tqdm
"""

import os
import time
from importlib.util import find_spec

MISSING = [name for name in ("bertopic", "hdbscan", "umap") if find_spec(name) is None]
LEAST, DIMENSIONS, WARM_UP = 3, 200, 500


def topics(texts, tokens):
    """Return the topic of every text (None: outlier) and the seconds of vectors and of BERTopic.

    ``tokens`` are the words of the texts. What numba compiles at the first use is compiled before the clock starts.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    cut = [" ".join(token for token in row if token.strip()) for row in tokens]
    _found(cut[:WARM_UP])
    return _found(cut)


def _found(cut):
    from bertopic import BERTopic
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    words = {"tokenizer": str.split, "token_pattern": None, "lowercase": False}
    begun = time.perf_counter()
    tfidf = TfidfVectorizer(**words, min_df=2, sublinear_tf=True).fit_transform(cut)
    vectors = TruncatedSVD(DIMENSIONS, random_state=0).fit_transform(tfidf)
    between = time.perf_counter()
    model = BERTopic(embedding_model=None, vectorizer_model=CountVectorizer(**words), min_topic_size=LEAST)
    labels, _ = model.fit_transform(cut, vectors)
    ended = time.perf_counter()
    return [label if label >= 0 else None for label in labels], between - begun, ended - between
