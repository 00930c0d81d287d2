"""Graph stores: where a graph is kept and asked. `open_store` opens one, whatever engine holds it."""

from __future__ import annotations

import os
from pathlib import Path

from graph.errors import StoreError
from graph.stores.base import Changes as Changes
from graph.stores.base import Progress as Progress
from graph.stores.base import Rows as Rows
from graph.stores.base import Store as Store
from graph.stores.base import View as View
from graph.stores.base import Writer as Writer
