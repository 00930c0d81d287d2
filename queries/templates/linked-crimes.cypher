// title: Linked crimes
// answers: Which crimes are reported to go together, and by how many independent sources?
// parameter crime: entity | any | online scam | the crime; any: all pairs
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column crime: one crime
// column linked_crime: the crime that goes with it
// column speakers: whose word it is, where the articles say
// column denials: how many claims deny it
// column stages: the stages of the claims, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: linked-to
MATCH (k:Claim {relation: 'LINKED_TO'})-[:SUBJECT]->(x:Crime), (k)-[:OBJECT]->(y:Crime),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($crime IS NULL OR x.id = $crime OR y.id = $crime) AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, e, a, k.polarity = 'affirmed' AND k.stage <> 'denied' AS yes,
  CASE WHEN x.id = $crime OR ($crime IS NULL AND x.id < y.id) THEN x ELSE y END AS one,
  CASE WHEN x.id = $crime OR ($crime IS NULL AND x.id < y.id) THEN y ELSE x END AS other
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH one, other,
  collect(DISTINCT CASE WHEN yes THEN e.speaker_name END) AS speakers,
  count(DISTINCT CASE WHEN yes THEN k.id END) AS affirming,
  count(DISTINCT CASE WHEN NOT yes THEN k.id END) AS denials,
  collect(DISTINCT CASE WHEN yes THEN k.stage END) AS stages,
  count(DISTINCT CASE WHEN yes THEN coalesce(a.wire, a.publisher) END) AS sources,
  collect(CASE WHEN yes THEN {article: a.id, url: a.url, quote: e.quote} END)[0] AS first
WHERE affirming > 0
RETURN one.name AS crime, other.name AS linked_crime, speakers, denials, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY sources DESC, one.name, other.name, one.id, other.id
