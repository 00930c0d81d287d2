"""Which Java of this machine to use: named in the environment, on the path, or in one of the usual folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_USUAL = (
    "/usr/lib/jvm/*/bin/java",
    "/usr/java/*/bin/java",
    "/opt/java/*/bin/java",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
    "~/.sdkman/candidates/java/*/bin/java",
)
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def find_java(least: int) -> str | None:
    """The oldest Java that is new enough: what a server was made for is likelier to be it than the newest."""
    versions = {java: version for java in dict.fromkeys(_candidates()) if (version := _version(java)) >= least}
    return min(versions, key=versions.__getitem__, default=None)


def _candidates() -> Iterator[str]:
    """JAVA_HOME, JAVA_HOME_21 and the like, the path, the usual folders."""
    homes = [home for name, home in sorted(os.environ.items()) if re.match(r"JAVA_HOME(_|$)", name) and home]
    yield from (str(java) for home in homes if (java := Path(home) / "bin" / "java").is_file())
    if on_path := shutil.which("java"):
        yield on_path
    for pattern in map(os.path.expanduser, _USUAL):
        yield from (str(java) for java in sorted(Path("/").glob(pattern.lstrip("/"))))


@cache
def _version(java: str) -> int:
    """Its feature release, such as 17; 0 where it does not run."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True, timeout=60).stderr
    except (OSError, subprocess.SubprocessError):
        return 0
    found = _VERSION.search(said)
    return int(found[1]) if found else 0
