// title: Who backs what
// answers: Who publicly backs, welcomes or criticizes which agreement, operation or actor, when, and in which words?
// parameter who: entity | any | Thailand | who speaks; a country stands for its agencies and officials too
// parameter what: entity | any | operation:us-measures-online-scam-2025-10 | what is backed or criticized
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column who: who speaks
// column stance: ENDORSES or CRITICIZES
// column what: what is backed or criticized
// column since: when, first
// column polarity: affirmed; or denied: they are said not to
// column speakers: whose word it is, where the articles say
// column stages: the stages of the claims, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: endorses, criticizes
MATCH (k:Claim)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.relation IN ['ENDORSES', 'CRITICIZES'] AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($who IS NULL OR x.id = $who OR x.country = $who) AND ($what IS NULL OR y.id = $what OR y.country = $what)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH x, y, k.relation AS stance, k.polarity AS polarity,
  collect(k.valid_from)[0] AS since,
  collect(DISTINCT e.speaker_name) AS speakers,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN x.name AS who, stance, y.name AS what, since, polarity, speakers, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY coalesce(since, '9999'), x.name, stance, y.name, polarity, x.id, y.id
