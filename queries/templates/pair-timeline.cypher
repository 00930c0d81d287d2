// title: Timeline of a pair
// answers: What happened between these two, in order of time? Agreements, operations and meetings that both have a
//   part in are included.
// parameter a: entity | required | Thailand | one of them; a country stands for its agencies and officials too
// parameter b: entity | required | Cambodia | the other
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column since: when it happened or began
// column until: when it ended
// column subject: who
// column relation: does what
// column object: to or with whom
// column polarity: affirmed, or denied
// column speakers: whose word it is, where the articles say
// column stage: planned, carried out, ended …
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (x:Entity)<-[:SUBJECT]-(k:Claim)-[:OBJECT]->(y:Entity)
WHERE (x.id IN [$a, $b] OR x.country IN [$a, $b])
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y,
  CASE WHEN x.id = $a OR x.country = $a THEN [$b] ELSE [] END
  + CASE WHEN x.id = $b OR x.country = $b THEN [$a] ELSE [] END AS others
WHERE y.id IN others OR y.country IN others OR (y.kind IN ['Agreement', 'Operation', 'Meeting'] AND EXISTS {
  MATCH (y)<-[:OBJECT]-(j:Claim)-[:SUBJECT]->(z:Entity), (j)-[:EVIDENCED_BY]->(b:Article)
  WHERE (z.id IN others OR z.country IN others) AND j.polarity = 'affirmed'
    AND ($known_at IS NULL OR b.known_from <= $known_at)
})
MATCH (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE $known_at IS NULL OR a.known_from <= $known_at
WITH k, x, y, e, a
ORDER BY a.known_from, a.id, e.start
WITH k, x, y,
  collect(DISTINCT e.speaker_name) AS speakers,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN k.valid_from AS since, k.valid_until AS until, x.name AS subject, k.relation AS relation, y.name AS object,
  k.polarity AS polarity, speakers, k.stage AS stage, sources, first.article AS first_article, first.url AS url,
  first.quote AS quote
ORDER BY coalesce(k.first_day, '9999'), coalesce(k.valid_from, ''), k.id
