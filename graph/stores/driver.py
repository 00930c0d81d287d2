"""The official driver, imported only when a store is opened and without the packages that it does not need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_HEAVY = ("pandas", "numpy", "pyarrow")


@contextmanager
def without_heavy() -> Iterator[None]:
    """Keeps pandas, numpy and pyarrow from being imported, unless they are already.

    The driver and the engine import them wherever they are installed, for conversions that are not used here; that
    costs half a second. A package that stands in `sys.modules` as None is taken for one that is not installed.
    """
    absent = [name for name in _HEAVY if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def driver_package() -> ModuleType:
    """The package `neo4j`."""
    if "neo4j" not in sys.modules:
        with without_heavy():
            import neo4j
    import neo4j

    return neo4j
