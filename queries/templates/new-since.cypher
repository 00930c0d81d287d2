// title: New since
// answers: What came to be known since a day: claims whose first article was published from then on?
// parameter since: start | required | 2025-10 | the day
// parameter about: entity | any | Thailand | one end of the claim; a country stands for its agencies and officials
//   too
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column known: the day of its first article
// column subject: who
// column relation: does what
// column object: to or with whom
// column date: when it happened or began
// column polarity: affirmed, or denied
// column stage: planned, carried out …
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (x:Entity)<-[:SUBJECT]-(k:Claim)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($about IS NULL OR x.id = $about OR x.country = $about OR y.id = $about OR y.country = $about)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a
ORDER BY a.known_from, a.id, e.start
WITH k, x, y,
  min(a.known_from) AS known,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
WHERE known >= $since
RETURN known, x.name AS subject, k.relation AS relation, y.name AS object, k.valid_from AS date,
  k.polarity AS polarity, k.stage AS stage, sources, first.article AS first_article, first.url AS url,
  first.quote AS quote
ORDER BY known DESC, x.name, k.relation, y.name, k.id
