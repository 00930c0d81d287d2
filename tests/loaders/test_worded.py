"""Claims as marks and ties: what an annotator corrects in a tool without attributes of relations, and gets back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from loaders.document import Document, Link, Mention, Relation
from loaders.worded import staged, worded
from loaders.writing import in_pairs

TEXT = "😀 ไทยลงนาม MOU กับลาว เมื่อ 11 ก.ค. 65\nThailand and Laos"


def _mention(words: str, label: str, entity: str | None = None, nth: int = 0) -> Mention:
    start = [at for at in range(len(TEXT)) if TEXT.startswith(words, at)][nth] if words else 0
    links = (Link("accordgraph", entity),) if entity else ()
    fragments = ((start, start + len(words)),) if words else ()
    return Mention(id=f"{words}-{label}-{nth}", types=(label,), fragments=fragments, links=links)


THAI, THAILAND = _mention("ไทย", "Country", "country:TH"), _mention("Thailand", "Country", "country:TH")
MOU, LAOS = _mention("MOU", "Agreement", "agreement:x"), _mention("Laos", "Country", "country:LA")
LAO = _mention("ลาว", "Country", "country:LA")


def _claim(id_: str, subject: Mention, object_: Mention, quote: str, **attributes: Any) -> Relation:
    values = {key: value if isinstance(value, tuple) else (value,) for key, value in attributes.items()}
    args = (("subject", subject.id), ("object", object_.id))
    return Relation(id=id_, type="signed", args=args, attributes={**values, "quote": (quote,)})


def _document(*relations: Relation, mentions: tuple[Mention, ...] = (THAILAND, THAI, MOU, LAO, LAOS)) -> Document:
    return Document(id="d", path="d", format="x", text=TEXT, mentions=mentions, relations=relations)


def test_a_quote_is_a_trigger_and_what_stands_in_its_line_is_tied_to_it() -> None:
    claim = _claim("R1", THAILAND, MOU, "ไทยลงนาม MOU", on="11 ก.ค. 65", stage="planned", at=("country:LA", "place:x"))
    found = worded(_document(claim))
    (event,) = found.events
    by_id = {one.id: one for one in found.mentions}
    assert not found.relations
    assert [(role, found.words(by_id[target])) for role, target in event.args] == [
        ("subject", "ไทย"),  # within the quote, though the relation ends at another mention of the same country
        ("object", "MOU"),
        ("on", "11 ก.ค. 65"),
        ("at", "ลาว"),
    ]
    assert event.attributes == {"stage": ("planned",), "at": ("place:x",)}
    trigger = by_id[event.trigger or ""]
    assert (trigger.types, found.words(trigger)) == (("signed",), "ไทยลงนาม MOU")
    assert [one.types[0] for one in found.mentions].count("Date") == 1


def test_a_quote_without_an_end_in_it_and_an_end_that_is_nowhere_marked_are_said() -> None:
    unmarked = _mention("", "Agreement", "agreement:y")
    found = worded(_document(_claim("R1", LAOS, unmarked, "ลงนาม"), mentions=(LAOS, unmarked)))
    (event,) = found.events
    assert event.attributes == {"object": ("agreement:y",), "quote": ("ลงนาม",)}
    assert [role for role, _ in event.args] == ["subject"]


def test_claims_that_are_all_subjects_to_all_objects_are_one_event() -> None:
    quote = "Thailand and Laos"
    pairs = [(THAILAND, MOU), (LAOS, MOU)]
    one = worded(_document(*(_claim(f"R{i}", *pair, quote) for i, pair in enumerate(pairs))))
    assert [[role for role, _ in event.args] for event in one.events] == [["subject", "subject", "object"]]
    crossed = [(THAILAND, MOU), (MOU, LAOS)]
    two = worded(_document(*(_claim(f"R{i}", *pair, quote) for i, pair in enumerate(crossed))))
    assert len(two.events) == 2
    other = worded(_document(_claim("R1", THAILAND, MOU, quote), _claim("R2", LAOS, MOU, quote, stage="planned")))
    assert len(other.events) == 2


def test_relations_without_a_quote_stay_as_they_are() -> None:
    plain = Relation(id="R", type="signed", args=(("a", THAI.id), ("b", MOU.id)))
    lost = _claim("R2", THAI, MOU, "no such words")
    document = _document(plain, lost)
    assert worded(document) == document
    assert worded(_document(plain)) == _document(plain)


def test_a_tool_without_attributes_has_the_stage_in_the_label() -> None:
    claim = _claim("R1", THAI, MOU, "ไทยลงนาม MOU", stage="planned", polarity="denied")
    document = in_pairs(_document(claim), Counter(), attributes=False)
    (trigger,) = [one for one in document.mentions if one.types[0].startswith("signed")]
    assert (trigger.types, trigger.attributes) == (("signed:planned",), {"polarity": ("denied",)})
    assert {relation.type for relation in document.relations} == {"subject", "object"}
    assert staged(_document()) == _document()
