"""Classify complaint dumps: the same as ``genyin classify``."""

import sys

from pipeline.cli import main

if __name__ == "__main__":
    main(["classify", *sys.argv[1:]])
