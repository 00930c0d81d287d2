"""Where the nodes of a page stand: integers, computed beforehand and the same for the same graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, sqrt

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Point = tuple[int, int]
_Points = NDArray[np.float64]

_ROOM = np.array([128.0, 72.0])  # the least room of a node and its label, in canvas units
_TIGHT = np.array([50.0, 44.0])  # of a node alone: where there are many, labels take turns
_MANY = 60  # nodes: from here on room is given up
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
    joined.add_edges_from(sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}))
    components = sorted((sorted(part) for part in nx.connected_components(joined)), key=lambda part: (-len(part), part))
    alone = [part[0] for part in components if len(part) == 1]
    room = np.maximum(_ROOM * min(1.0, sqrt(_MANY / max(len(joined), 1))), _TIGHT)
    boxes = [(part, _component(joined, part, room)) for part in components if len(part) > 1]
    if alone:
        boxes.append((alone, _grid(len(alone), room)))
    return dict(_packed(boxes, room))


def _component(joined: nx.Graph[str], part: Sequence[str], room: _Points) -> _Points:
    """One component: a force layout turned so that its long axis lies flat, then spread until each label has room."""
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(joined.subgraph(part).edges)
    rounds = min(300, max(20, _EFFORT // len(part) ** 2))
    found = (
        nx.spring_layout(ordered, iterations=rounds, seed=_SEED, method="force")
        if len(part) < _DENSE
        else nx.forceatlas2_layout(ordered, max_iter=rounds, seed=_SEED)
    )
    points = np.array([found[node] for node in part], dtype=np.float64)
    return _spread(_scaled(_level(points), room), room, rounds // 4)


def _level(points: _Points) -> _Points:
    """The points centred, their principal axis horizontal."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat: _Points = centred @ axes.T
    return flat


def _scaled(points: _Points, room: _Points) -> _Points:
    """The points over three times the area that their labels need, stretched towards the proportions of the page."""
    area = 3 * len(points) * room.prod()
    wide, high = np.ptp(points, axis=0)
    high = max(high, wide / len(points))  # a row of nodes has no height
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


def _grid(n: int, room: _Points) -> _Points:
    columns = max(1, ceil(sqrt(n * _PAGE * room[1] / room[0])))
    cells: _Points = np.array([(i % columns, i // columns) for i in range(n)], dtype=np.float64)
    spread: _Points = cells * room
    return spread


def _packed(boxes: Sequence[tuple[Sequence[str], _Points]], room: _Points) -> Iterator[tuple[str, Point]]:
    """The boxes in rows about as wide as the picture should be, the first one highest."""
    sizes = [np.ptp(points, axis=0) + 1.2 * room for _, points in boxes]
    widest = max([sqrt(_PAGE * sum(w * h for w, h in sizes)), *(w for w, _ in sizes)], default=0.0)
    corners, x, y, height = [], 0.0, 0.0, 0.0
    for w, h in sizes:
        if x and x + w > widest:
            x, y, height = 0.0, y + height, 0.0
        corners.append((x, y))
        x, height = x + w, max(height, h)
    middle = np.array([widest, y + height]) / 2
    for (ids, points), corner in zip(boxes, corners, strict=True):
        placed = np.rint(points - points.min(axis=0) + corner + 0.6 * room - middle).astype(int)
        yield from zip(ids, ((int(px), int(py)) for px, py in placed), strict=True)
