"""Where the nodes of a page stand: integers, computed beforehand, the same for the same graph. No drawing happens here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, sqrt

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Point = tuple[int, int]
_Points = NDArray[np.float64]

_LABEL = np.array([150.0, 74.0])  # the room a node with its label needs, in canvas units
_GAP = 160.0  # between components
_PAGE = 1.5  # width of the picture by its height
_EFFORT = 20_000  # nodes times rounds of the force layout: bounds the time of a large graph
_SEED = 11


def positions(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """A place for each id, given which ids are joined. Canvas units, y down, the whole centred on the origin.

    Components are laid out by themselves and packed in rows, largest first; ids without a pair stand in a grid below.
    """
    joined = nx.Graph()
    joined.add_nodes_from(sorted(set(ids)))
    joined.add_edges_from(sorted({tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}))
    components = sorted((sorted(part) for part in nx.connected_components(joined)), key=lambda part: (-len(part), part))
    alone = [part[0] for part in components if len(part) == 1]
    boxes = [(part, _component(joined, part)) for part in components if len(part) > 1]
    if alone:
        boxes.append((alone, _grid(len(alone))))
    return dict(_packed(boxes))


def _component(joined: nx.Graph, part: Sequence[str]) -> _Points:
    """One component: ForceAtlas2, turned so that its long axis lies flat, then spread until no two labels overlap."""
    ordered = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(joined.subgraph(part).edges)
    rounds = max(30, min(400, _EFFORT // len(part)))
    found = nx.forceatlas2_layout(ordered, max_iter=rounds, seed=_SEED, scaling_ratio=2.0, gravity=1.0)
    points = _level(np.array([found[node] for node in part]))
    return _spread(points * _scale(points))


def _level(points: _Points) -> _Points:
    """The points centred, their principal axis horizontal."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat: _Points = centred @ axes.T
    return flat


def _scale(points: _Points) -> float:
    """The factor that gives the median node the room of its label to the nearest other node."""
    far = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    return float(_LABEL[0] / max(np.median(far.min(axis=1)), 1e-9))


def _spread(points: _Points) -> _Points:
    """Nodes whose labels overlap pushed apart along the axis where that moves them least."""
    for _ in range(max(10, min(200, _EFFORT // len(points)))):
        gap = points[:, None, :] - points[None, :, :]
        lacking = np.maximum(_LABEL - np.abs(gap), 0.0)
        lacking[np.arange(len(points)), np.arange(len(points))] = 0.0
        overlap = lacking.min(axis=2) > 0
        if not overlap.any():
            break
        along_x = lacking[..., 0] <= lacking[..., 1]
        push = np.stack([np.where(along_x, lacking[..., 0], 0.0), np.where(along_x, 0.0, lacking[..., 1])], axis=2)
        side = np.where(gap > 0, 1.0, np.where(gap < 0, -1.0, _order(len(points))[..., None]))
        points = points + 0.5 * (push * side * overlap[..., None]).sum(axis=1).clip(-_LABEL, _LABEL)
    return points


def _order(n: int) -> NDArray[np.float64]:
    """For nodes on the very same spot: the later one goes right or down."""
    rank = np.arange(n)
    return np.sign(rank[:, None] - rank[None, :]).astype(np.float64)


def _grid(n: int) -> _Points:
    columns = max(1, ceil(sqrt(n * _PAGE * _LABEL[1] / _LABEL[0])))
    return np.array([(i % columns, i // columns) for i in range(n)], dtype=np.float64) * _LABEL


def _packed(boxes: Sequence[tuple[Sequence[str], _Points]]) -> Iterator[tuple[str, Point]]:
    """The boxes in rows about as wide as the picture should be, each box centred in its row's height."""
    sizes = [np.ptp(points, axis=0) + _GAP for _, points in boxes]
    widest = max([sqrt(_PAGE * sum(w * h for w, h in sizes)), *(w for w, _ in sizes)], default=0.0)
    corners, x, y, height = [], 0.0, 0.0, 0.0
    for w, h in sizes:
        if x and x + w > widest:
            x, y, height = 0.0, y + height, 0.0
        corners.append((x, y))
        x, height = x + w, max(height, h)
    middle = np.array([widest, y + height]) / 2
    for (ids, points), corner in zip(boxes, corners, strict=True):
        placed = np.rint(points - points.min(axis=0) + corner + _GAP / 2 - middle).astype(int)
        yield from zip(ids, ((int(px), int(py)) for px, py in placed), strict=True)
