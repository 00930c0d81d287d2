"""The public API as a script or notebook uses it."""

import gc
from pathlib import Path

import pytest

import accordgraph as ag
from graph.errors import ArticleError


def test_a_graph_is_built_asked_and_converted(corpus: Path, tmp_path: Path) -> None:
    with ag.build(corpus / "thaigov-2022-07-11.md") as g:
        assert "entities" in repr(g)
        assert g.built is not None
        assert g.built.problems == []
        signed = g.ask("what-was-signed", party="TH")
        assert len(signed) == 1
        assert signed[0]["agreement"] == "MOU on call-center gangs and hybrid scam"
        assert [row["signed"] for row in signed] == ["2022-07-11"]
        assert "<table>" in signed._repr_html_()
        assert "Phnom Penh" in repr(signed)
        assert list(signed.frame()["signed"]) == ["2022-07-11"]
        network = g.networkx()
        assert network.number_of_edges() == len(g.model.edges)
        assert len(g.rdf()) > len(g.model.claims)
        assert "Chea Vandeth" in repr(g.show("Chea Vandeth"))
        assert len(g.questions()) >= 13
        assert g.query("MATCH (a:Article) WHERE a.language = $l RETURN a.id AS id", l="th").rows == [
            ("thaigov-2022-07-11",)
        ]
        g.page(tmp_path / "g.html")
        assert (tmp_path / "g.html").stat().st_size > 100_000


def test_quarantine_is_a_warning(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("no front matter", encoding="utf-8")
    with pytest.warns(UserWarning, match="1 problem, the first: No front matter"), ag.build(tmp_path, corpus) as g:
        assert len(g.model.articles) > 1


def test_a_slip_does_not_empty_a_graph(corpus: Path, tmp_path: Path) -> None:
    ag.build(corpus / "thaigov-2022-07-11.md", store=tmp_path / "s").close()
    (tmp_path / "bad.md").write_text("no front matter", encoding="utf-8")
    with pytest.raises(ArticleError, match="No front matter"):
        ag.build(tmp_path / "bad.md", store=tmp_path / "s")
    with ag.open_graph(tmp_path / "s") as g:
        assert len(g.model.articles) == 1


def test_a_temporary_graph_that_nobody_holds_is_closed_and_deleted(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    g = ag.build(corpus / "thaigov-2022-07-11.md")
    assert list(tmp_path.iterdir())
    del g
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_the_package_lists_what_it_offers() -> None:
    assert {"build", "open_graph", "KnowledgeGraph"} <= set(dir(ag))


def test_a_store_that_was_built_is_opened(corpus: Path, tmp_path: Path) -> None:
    with ag.build(corpus, store=tmp_path / "s") as built:
        graph = built.model
    with ag.open_graph(tmp_path / "s") as opened:
        assert opened.model == graph
        assert opened.ask("coverage-check").rows
