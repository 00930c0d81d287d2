// title: Delegations
// answers: Who sent officials, a task force or liaison officers to whom, how often and when?
// parameter from: entity | any | South Korea | who sends; a country stands for its agencies and officials too
// parameter to: entity | any | Cambodia | where to
// parameter since: start | any | 2025 | only from then on
// parameter until: date | any | 2025 | only until then
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column sender: who sends
// column host: where to
// column visits: how many different ones are reported
// column dates: when
// column denials: how many claims deny one
// column stages: planned, carried out …, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: sends-delegation-to
MATCH (k:Claim {relation: 'SENDS_DELEGATION_TO'})-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($from IS NULL OR x.id = $from OR x.country = $from)
  AND ($to IS NULL OR y.id = $to OR y.country = $to)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($since IS NULL OR k.first_day >= $since) AND ($until IS NULL OR k.first_day <= $until)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a, k.polarity = 'affirmed' AND k.stage <> 'denied' AS yes
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH x, y,
  count(DISTINCT CASE WHEN yes THEN k.id END) AS visits,
  collect(DISTINCT CASE WHEN yes THEN k.valid_from END) AS dates,
  count(DISTINCT CASE WHEN NOT yes THEN k.id END) AS denials,
  collect(DISTINCT CASE WHEN yes THEN k.stage END) AS stages,
  count(DISTINCT CASE WHEN yes THEN coalesce(a.wire, a.publisher) END) AS sources,
  collect(CASE WHEN yes THEN {article: a.id, url: a.url, quote: e.quote} END)[0] AS first
WHERE visits > 0
RETURN x.name AS sender, y.name AS host, visits, dates, denials, stages, sources, first.article AS first_article,
  first.url AS url, first.quote AS quote
ORDER BY visits DESC, x.name, y.name, x.id, y.id
