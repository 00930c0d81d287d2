"""Where the nodes of a page stand: integers, computed beforehand, the same for the same graph. Nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, sqrt

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Point = tuple[int, int]
_Points = NDArray[np.float64]

_ROOM = np.array([128.0, 72.0])  # the least room of a node and its label, in canvas units
_TIGHT = np.array([48.0, 44.0])  # the same where there are so many that labels take turns
_MANY = 80  # nodes
_GAP = 90.0  # between components
_PAGE = 1.0  # width of the picture by its height
_DENSE = 500  # nodes: from here on networkx's spring layout needs scipy
_EFFORT = 100_000_000  # pairs of nodes looked at by the force layout: bounds the time of a large graph
_SEED = 11


def positions(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """A place for each id, given which ids are joined. Canvas units, y down, the whole centred on the origin.

    Components are laid out by themselves and packed in rows, largest first; ids without a pair stand in a grid below.
    """
    joined: nx.Graph[str] = nx.Graph()
    joined.add_nodes_from(sorted(set(ids)))
    joined.add_edges_from(sorted({tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}))
    components = sorted((sorted(part) for part in nx.connected_components(joined)), key=lambda part: (-len(part), part))
    alone = [part[0] for part in components if len(part) == 1]
    boxes = [(part, _component(joined, part)) for part in components if len(part) > 1]
    if alone:
        boxes.append((alone, _grid(len(alone))))
    return dict(_packed(boxes))


def _component(joined: nx.Graph[str], part: Sequence[str]) -> _Points:
    """One component: a force layout turned so that its long axis lies flat, then spread until each label has room."""
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(joined.subgraph(part).edges)
    rounds = min(300, max(20, _EFFORT // len(part) ** 2))
    if len(part) < _DENSE:
        found = nx.spring_layout(ordered, iterations=rounds, seed=_SEED, method="force")
    else:
        found = nx.forceatlas2_layout(ordered, max_iter=rounds, seed=_SEED)
    room = _ROOM if len(part) < _MANY else _TIGHT
    return _spread(_scaled(_level(np.array([found[node] for node in part])), room), room, rounds // 4)


def _level(points: _Points) -> _Points:
    """The points centred, their principal axis horizontal."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat: _Points = centred @ axes.T
    return flat


def _scaled(points: _Points, room: _Points) -> _Points:
    """The points over twice the area that their labels need, stretched towards the proportions of the page."""
    area = 2 * len(points) * room.prod()
    wide, high = np.ptp(points, axis=0) + 1e-6
    stretch = np.clip(sqrt(wide / high / _PAGE), 0.75, 1.5)
    factor = sqrt(area / (wide * high))
    scaled: _Points = points * [factor / stretch, factor * stretch]
    return scaled


def _spread(points: _Points, room: _Points, rounds: int) -> _Points:
    """Nodes that lack room pushed apart along the axis where that moves them least."""
    n = len(points)
    later = np.sign(np.arange(n)[:, None] - np.arange(n)[None, :])  # which of two on one spot gives way
    for _ in range(rounds):
        gap = points[:, None, :] - points[None, :, :]
        lacking = room - np.abs(gap)
        near = (lacking.min(axis=2) > 0) & (later != 0)
        if not near.any():
            break
        axis = lacking.argmin(axis=2)[..., None]
        push = np.where(near[..., None] & (axis == np.arange(2)), lacking, 0.0)
        side = np.where(gap == 0, later[..., None], np.sign(gap))
        points = points + 0.5 * (push * side).sum(axis=1).clip(-room / 2, room / 2)
    return points


def _grid(n: int) -> _Points:
    columns = max(1, ceil(sqrt(n * _PAGE * _ROOM[1] / _ROOM[0])))
    return np.array([(i % columns, i // columns) for i in range(n)], dtype=np.float64) * _ROOM


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
