"""Which Java is chosen, among some that only say their version."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import java

OPENJDK = 'openjdk version "{}" 2026-01-20\nOpenJDK Runtime Environment (build {}+9)'


def _java(home: Path, said: str, code: int = 0) -> Path:
    program = home / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ncat >&2 <<'.'\n{said}\n.\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a Java 8 on the path, 17 as JAVA_HOME, 21 and 25 in a usual folder, and what only looks like one."""
    for version in ("1.8.0_402", "17.0.15", "21.0.2", "25"):
        _java(tmp_path / version, OPENJDK.format(version, version))
    _java(tmp_path / "broken", OPENJDK.format("99", "99"), code=1)
    _java(tmp_path / "odd", "no version here")
    monkeypatch.setattr(java, "_USUAL", (str(tmp_path / "2*" / "bin" / "java"), f"{tmp_path}/[bo]*/bin/java"))
    monkeypatch.setenv("PATH", f"{tmp_path / '1.8.0_402' / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "17.0.15"))
    return tmp_path


@pytest.mark.parametrize(
    ("least", "found"), [(8, "1.8.0_402"), (9, "17.0.15"), (17, "17.0.15"), (21, "21.0.2"), (22, "25")]
)
def test_the_oldest_that_is_new_enough_is_found(machine: Path, least: int, found: str) -> None:
    assert java.find_java(least) == str(machine / found / "bin" / "java")


@pytest.mark.usefixtures("machine")
def test_what_does_not_run_or_tells_no_version_is_none() -> None:
    assert java.find_java(26) is None


def test_a_java_may_be_named_by_its_version(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = _java(machine / "named", OPENJDK.format("26.0.1", "26.0.1"))
    monkeypatch.setenv("JAVA_HOME_26_X64", str(named.parent.parent))
    monkeypatch.setenv("JAVA_HOMELY", str(machine / "broken"))
    assert java.find_java(26) == str(named)
