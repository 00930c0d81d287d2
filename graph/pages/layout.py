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
_STEPS = 12  # points looked at on an edge when others are packed around it
_EVEN = 0.4  # how far long arms are drawn in: 0 not at all, 1 onto a circle
_SEED = 11


def positions(ids: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """A place for each id, given which ids are joined. Canvas units, y down, the whole centred on the origin.

    Components are laid out by themselves, the largest in the middle; ids without a pair stand together in a grid.
    """
    joined: nx.Graph[str] = nx.Graph()
    joined.add_nodes_from(sorted(set(ids)))
    joined.add_edges_from(sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}))
    components = sorted((sorted(part) for part in nx.connected_components(joined)), key=lambda part: (-len(part), part))
    alone = [part[0] for part in components if len(part) == 1]
    room = np.maximum(_ROOM * min(1.0, sqrt(_MANY / max(len(joined), 1))), _TIGHT)
    boxes = [(part, *_component(joined, part, room)) for part in components if len(part) > 1]
    if alone:
        grid = _grid(len(alone), room)
        boxes.append((alone, grid, grid))
    return dict(_packed(boxes, room))


def _component(joined: nx.Graph[str], part: Sequence[str], room: _Points) -> tuple[_Points, _Points]:
    """One component and what its drawing covers, as points on nodes and edges.

    A force layout turned so that its long axis lies flat, its far ends drawn in, then spread until each label has room.
    """
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
    placed = _spread(_scaled(_drawn_in(_level(points)), room), room, rounds // 4)
    at = {node: i for i, node in enumerate(part)}
    ends = placed[[[at[one], at[other]] for one, other in ordered.edges]]
    steps = np.linspace(0, 1, _STEPS)[:, None, None]
    lines = ends[:, 0] * (1 - steps) + ends[:, 1] * steps
    return placed, np.concatenate([placed, lines.reshape(-1, 2)])


def _level(points: _Points) -> _Points:
    """The points centred, their principal axis horizontal."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    flat: _Points = centred @ axes.T
    return flat


def _drawn_in(points: _Points) -> _Points:
    """The points with distances from the middle evened out: long arms take room from a crowded middle."""
    far = np.linalg.norm(points, axis=1, keepdims=True)
    evened: _Points = points * np.maximum(far / far.max(), 0.01) ** -_EVEN
    return evened


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


def _packed(boxes: Sequence[tuple[Sequence[str], _Points, _Points]], room: _Points) -> Iterator[tuple[str, Point]]:
    """The first box in the middle and the others in the gaps around it, so that the whole stays near the page's shape.

    The plane is cut into cells of one node's room: the first box takes those that its drawing covers, the others all.
    """
    taken = np.zeros((0, 2), dtype=int)
    placed: list[_Points] = []
    for _, points, covers in boxes:
        low = points.min(axis=0)
        if placed:
            size = np.ceil(np.ptp(points, axis=0) / room).astype(int) + 1
            corner = _gap(taken, size, room)
            own = corner + np.argwhere(np.ones(size))
        else:
            corner, own = np.zeros(2, dtype=int), _cells((covers - low) / room)
        taken = np.unique(np.concatenate([taken, own]), axis=0)
        placed.append(points - low + corner * room)
    everywhere = np.concatenate([*placed, np.zeros((0, 2))])
    middle = (everywhere.min(axis=0) + everywhere.max(axis=0)) / 2 if placed else 0
    for (ids, _, _), points in zip(boxes, placed, strict=True):
        whole = np.rint(points - middle).astype(int)
        yield from zip(ids, ((int(x), int(y)) for x, y in whole), strict=True)


def _cells(points: _Points) -> NDArray[np.int64]:
    """The cells that squares as large as one, whose upper left corners are the points, reach into."""
    reach = np.array([(x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)])
    cells: NDArray[np.int64] = (points[:, None, :] + reach).astype(int).reshape(-1, 2)
    return cells


def _gap(taken: NDArray[np.int64], size: NDArray[np.int64], room: _Points) -> NDArray[np.int64]:
    """Where a box of this many cells finds all of them free and reaches least far out. `taken` are cells."""
    low, high = taken.min(axis=0) - size, taken.max(axis=0) + size
    plane = np.zeros(high - low + 1, dtype=int)
    plane[tuple((taken - low).T)] = 1
    sums = np.pad(plane.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    w, h = size
    free = np.argwhere(sums[w:, h:] - sums[:-w, h:] - sums[w:, :-h] + sums[:-w, :-h] == 0) + low
    page = np.array([_PAGE, 1.0])
    middle = (taken.min(axis=0) + taken.max(axis=0) + 1) / 2
    out = np.abs(free + size / 2 - middle) * room / page
    reach = (out + size * room / page / 2).max(axis=1)
    best: NDArray[np.int64] = free[np.argmin(reach + out.sum(axis=1) / 1000)]
    return best
