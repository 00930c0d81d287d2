// title: Returns by route
// answers: How many people were sent or brought home, from where, through where and to where, and what does each
//   speaker call them? Figures are listed, never added up.
// parameter from: entity | any | Myanmar | who sends; a country stands for its agencies and officials too
// parameter via: entity | any | Thailand | through which country or body
// parameter to: entity | any | Indonesia | who receives
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column from: who sends
// column via: through where
// column to: who receives
// column who: which people
// column count: how many
// column unit: of what
// column framing: the speaker's word for it
// column since: when
// column speakers: whose word it is, where the articles say
// column polarity: affirmed, or denied
// column stage: planned, carried out …
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: repatriates-to
MATCH (k:Claim {relation: 'REPATRIATES_TO'})-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($from IS NULL OR x.id = $from OR x.country = $from)
  AND ($to IS NULL OR y.id = $to OR y.country = $to)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
OPTIONAL MATCH (k)-[r:QUALIFIED_BY]->(z:Entity)
WHERE r.role IN ['via', 'who']
WITH k, x, y, e, a, r, z
ORDER BY a.known_from, a.id, e.start, z.name, z.id
WITH k, x, y,
  collect(DISTINCT CASE WHEN r.role = 'via' THEN z.name END) AS via,
  collect(CASE WHEN r.role = 'via' THEN z.id END) + collect(CASE WHEN r.role = 'via' THEN z.country END) AS via_ids,
  collect(DISTINCT CASE WHEN r.role = 'who' THEN z.name END) AS who,
  collect(DISTINCT e.speaker_name) AS speakers,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
WHERE $via IS NULL OR $via IN via_ids
RETURN x.name AS from, via, y.name AS to, who, k.count AS count, k.unit AS unit, k.framing AS framing,
  k.valid_from AS since, speakers, k.polarity AS polarity, k.stage AS stage, sources, first.article AS first_article,
  first.url AS url, first.quote AS quote
ORDER BY coalesce(k.first_day, '9999'), x.name, y.name, k.id
