"""Train a model from labelled complaints: the same as ``genyin train``."""

import sys

from pipeline.cli import main

if __name__ == "__main__":
    main(["train", *sys.argv[1:]])
