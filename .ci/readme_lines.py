"""Print the README's two set-up lines: the first runs the main job on the sample, the second passes the tests."""

import re
from pathlib import Path

block = re.search(r"<!-- set-up -->\s*```sh\n(.*?)```", Path("README.md").read_text(encoding="utf-8"), re.DOTALL)
lines = [line for line in block.group(1).splitlines() if line.strip() and not line.startswith("#")] if block else []
if len(lines) != 2:
    raise SystemExit(f"README.md must hold two set-up lines below <!-- set-up -->, found {len(lines)}")
print("\n".join(lines))
