// title: Ties of an entity, drawn
// answers: To whom and to what is this entity tied, by which relations, where at least one claim affirms it?
// parameter entity: entity | required | Chea Vandeth | whose ties
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column entity: the entity
// column edge: an edge from it or to it
// column other: what is at the other end
// relations: any
MATCH (x:Entity {id: $entity})-[r]-(y:Entity)
UNWIND r.claims AS claim
MATCH (k:Claim {id: claim})-[:EVIDENCED_BY]->(a:Article)
WHERE k.polarity = 'affirmed' AND k.stage <> 'denied'
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH DISTINCT x, r, y
RETURN x AS entity, r AS edge, y AS other
ORDER BY r.articles DESC, r.id
