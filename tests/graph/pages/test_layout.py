"""Where nodes stand: the same for the same graph, apart, and packed."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pages.layout import positions

IDS = st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=24)


@settings(deadline=None)
@given(ids=IDS, data=st.data())
def test_every_id_has_a_place_of_its_own_whatever_the_order(ids: list[str], data: st.DataObject) -> None:
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=40)) if ids else []
    placed = positions(ids, pairs)
    assert set(placed) == set(ids)
    assert len(set(placed.values())) == len(ids)
    assert all(type(x) is int and type(y) is int for x, y in placed.values())
    assert positions(reversed(ids), [(b, a) for a, b in reversed(pairs)]) == placed


def test_names_of_a_small_graph_have_room() -> None:
    ring = [(f"n{i}", f"n{(i + 1) % 20}") for i in range(20)]
    spokes = [("n0", f"leaf {i}") for i in range(15)]
    placed = positions([f"n{i}" for i in range(20)] + [f"leaf {i}" for i in range(15)], ring + spokes)
    for (ax, ay), (bx, by) in combinations(placed.values(), 2):
        assert abs(ax - bx) > 60 or abs(ay - by) > 40


def test_components_stand_apart_and_those_alone_in_a_grid() -> None:
    pairs = [("a1", "a2"), ("a2", "a3"), ("b1", "b2")]
    placed = positions(["a1", "a2", "a3", "b1", "b2", "c", "d"], pairs)
    boxes = [
        (min(xs), max(xs), min(ys), max(ys))
        for part in ("a", "b", "cd")
        for xs, ys in [zip(*(at for id_, at in placed.items() if id_[0] in part), strict=True)]
    ]
    assert 100 < abs(placed["b2"][0] - placed["b1"][0]) < 400
    for (l1, r1, t1, b1), (l2, r2, t2, b2) in combinations(boxes, 2):
        assert r1 < l2 or r2 < l1 or b1 < t2 or b2 < t1
    assert placed["c"][1] == placed["d"][1]


def test_small_components_stand_in_the_gaps_around_the_largest() -> None:
    star = [("hub", f"leaf {i}") for i in range(40)]
    twos = [(f"one {i}", f"two {i}") for i in range(12)]
    placed = positions([], star + twos)
    xs, ys = zip(*placed.values(), strict=True)
    assert 0.6 < (max(xs) - min(xs)) / (max(ys) - min(ys)) < 1.7
    for two in twos:
        middle = [(placed[two[0]][axis] + placed[two[1]][axis]) / 2 for axis in (0, 1)]
        for hub, leaf in star:
            for part in range(11):  # no edge of the star runs through a component
                at = [placed[hub][axis] + (placed[leaf][axis] - placed[hub][axis]) * part / 10 for axis in (0, 1)]
                assert abs(at[0] - middle[0]) > 60 or abs(at[1] - middle[1]) > 30
    middles = [placed[one] for one, _ in twos]
    assert all(abs(ax - bx) > 60 or abs(ay - by) > 40 for (ax, ay), (bx, by) in combinations(middles, 2))


def test_a_large_component_is_placed_too() -> None:
    pairs = [(f"n{i}", f"n{i * 7 % 599}") for i in range(1, 600)] + [("n0", f"n{i}") for i in range(1, 600)]
    assert len(set(positions([f"n{i}" for i in range(600)], pairs).values())) == 600
