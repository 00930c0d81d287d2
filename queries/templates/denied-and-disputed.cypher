// title: Denied and disputed
// answers: Which statements were denied, by whom, and against how many who affirm them? Both sides' words are shown.
// parameter about: entity | any | Cambodia | one end of the statement; a country stands for its agencies and
//   officials too
// parameter valid_at: date | any | 2026-06-30 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column subject: who
// column relation: does what
// column object: to or with whom
// column denials: how many claims deny it
// column denied_by: whose word the denial is, where the articles say
// column affirming: how many claims affirm it
// column affirming_sources: how many independent sources those have
// column affirming_article: the earliest article that affirms it
// column affirming_quote: its words
// column stages: the stages of the denials, in order of time
// column sources: how many independent sources the denials have
// column first_article: the earliest article that denies it
// column url: its address
// column quote: its words
// relations: any
MATCH (x:Entity)<-[:SUBJECT]-(k:Claim)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE (k.polarity = 'denied' OR k.stage = 'denied') AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($about IS NULL OR x.id = $about OR x.country = $about OR y.id = $about OR y.country = $about)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH x, y, k.relation AS relation,
  count(DISTINCT k.id) AS denials,
  collect(DISTINCT e.speaker_name) AS denied_by,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
OPTIONAL MATCH (x)<-[:SUBJECT]-(p:Claim {relation: relation})-[:OBJECT]->(y)
WHERE p.polarity = 'affirmed' AND p.stage <> 'denied'
  AND ($valid_at IS NULL OR
    coalesce(p.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(p.last_day, $valid_at))
OPTIONAL MATCH (p)-[f:EVIDENCED_BY]->(b:Article)
WHERE $known_at IS NULL OR b.known_from <= $known_at
WITH x, y, relation, denials, denied_by, stages, sources, first, p, f, b
ORDER BY b.known_from, b.id, f.start, p.id
WITH x, y, relation, denials, denied_by, stages, sources, first,
  count(DISTINCT CASE WHEN b IS NOT NULL THEN p.id END) AS affirming,
  count(DISTINCT coalesce(b.wire, b.publisher)) AS affirming_sources,
  collect(b.id)[0] AS affirming_article,
  collect(f.quote)[0] AS affirming_quote
RETURN x.name AS subject, relation, y.name AS object, denials, denied_by, affirming, affirming_sources,
  affirming_article, affirming_quote, stages, sources, first.article AS first_article, first.url AS url,
  first.quote AS quote
ORDER BY affirming DESC, x.name, relation, y.name, x.id, y.id
