"""Whether a source distribution has every file of the repository.

python .ci/source.py mlplab-0.1.0.tar.gz      # in the repository
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path


def main(archive: Path) -> None:
    """Name what is missing, and exit with 1."""
    if not Path(".git").exists():
        return
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True)
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    missing = sorted(set(filter(None, listed.stdout.split("\0"))) - names)
    if missing:
        sys.exit(f"MANIFEST.in leaves out of {archive.name}: {', '.join(missing)}")


main(Path(sys.argv[1]))
