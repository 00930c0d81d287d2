// title: Offices held
// answers: Who held which office on a day? Rows come from what articles say; the register's own dates stand beside
//   them.
// parameter official: entity | any | Chaiwut Thanakamanusorn | the official
// parameter body: entity | any | agency:th-mdes | the agency, organisation or country; a country stands for its
//   agencies too
// parameter valid_at: date | any | 2022-07-11 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column official: who
// column title: which office
// column body: in what
// column since: since when, as articles say
// column until: until when, as articles say
// column in_register: the official's offices in the entity register, with dates
// column polarity: affirmed, or denied
// column stage: planned, in force, ended …
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: holds-office
MATCH (k:Claim {relation: 'HOLDS_OFFICE'})-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($official IS NULL OR x.id = $official) AND ($body IS NULL OR y.id = $body OR y.country = $body)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a
ORDER BY a.known_from, a.id, e.start
WITH k, x, y,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN x.name AS official, k.title AS title, y.name AS body, k.valid_from AS since, k.valid_until AS until,
  coalesce(x.offices, []) AS in_register, k.polarity AS polarity, k.stage AS stage, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY x.name, x.id, coalesce(k.first_day, ''), k.id
