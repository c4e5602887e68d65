"""The compiled loops, which setup.cfg cannot name; all else about the package stands there."""

import sys
from pathlib import Path

from setuptools import Extension, setup

ROOT = Path(__file__).parent
# the same last bit of every sum as in numpy and in Python: no fused multiply and add
FLAGS = [] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]

# optional: without a C compiler genyin installs all the same and takes the slower way to the same results
setup(
    ext_modules=[
        Extension(
            f"pipeline.native.{source.stem}", [str(source.relative_to(ROOT))], extra_compile_args=FLAGS, optional=True
        )
        for source in sorted(ROOT.glob("pipeline/native/*.pyx"))
    ]
)
