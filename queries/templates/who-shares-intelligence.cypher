// title: Who shares intelligence
// answers: Who gives information or intelligence to whom, since when, and who says so?
// parameter giver: entity | any | Thailand | who gives it; a country stands for its agencies and officials too
// parameter receiver: entity | any | United States | who gets it
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column giver: who gives it
// column receiver: who gets it
// column since: the earliest date of it
// column speakers: whose word it is, where the articles say
// column denials: how many claims deny it
// column stages: whether it is planned, carried out, ended …, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: shares-intel
MATCH (k:Claim {relation: 'SHARES_INTEL'})-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($giver IS NULL OR x.id = $giver OR x.country = $giver)
  AND ($receiver IS NULL OR y.id = $receiver OR y.country = $receiver)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a, k.polarity = 'affirmed' AND k.stage <> 'denied' AS yes
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH x, y,
  collect(CASE WHEN yes THEN k.valid_from END)[0] AS since,
  collect(DISTINCT CASE WHEN yes THEN e.speaker_name END) AS speakers,
  count(DISTINCT CASE WHEN yes THEN k.id END) AS affirming,
  count(DISTINCT CASE WHEN NOT yes THEN k.id END) AS denials,
  collect(DISTINCT CASE WHEN yes THEN k.stage END) AS stages,
  count(DISTINCT CASE WHEN yes THEN coalesce(a.wire, a.publisher) END) AS sources,
  collect(CASE WHEN yes THEN {article: a.id, url: a.url, quote: e.quote} END)[0] AS first
WHERE affirming > 0
RETURN x.name AS giver, y.name AS receiver, since, speakers, denials, stages, sources, first.article AS first_article,
  first.url AS url, first.quote AS quote
ORDER BY sources DESC, x.name, y.name, x.id, y.id
