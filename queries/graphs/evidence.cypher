// title: Evidence behind an edge, drawn
// answers: The edges between two entities, the claims that each stands for, and the articles that say so. The words are
//   what is written between a claim and its article.
// parameter from: entity | required | Thailand | one end
// parameter to: entity | required | United States | the other end
// parameter relation: relation | any | shares-intel | the relation
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column one: one end
// column edge: the edge
// column other: the other end
// column subject: from a claim to its subject
// column claim: a claim that the edge stands for
// column object: from a claim to its object
// column evidence: the words, with their speaker where the article says whose they are
// column article: the article
// relations: any
MATCH (f:Entity {id: $from})-[r]-(t:Entity {id: $to})
WHERE $relation IS NULL OR type(r) = $relation
UNWIND r.claims AS claim
MATCH (x:Entity)<-[s:SUBJECT]-(k:Claim {id: claim})-[o:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
RETURN x AS one, r AS edge, y AS other, s AS subject, k AS claim, o AS object, e AS evidence, a AS article
ORDER BY a.known_from, a.id, e.start, k.id
