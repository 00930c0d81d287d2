// title: Requests and answers
// answers: Who asked whom for help, through which channel, and how many requests were answered, refused or left
//   open? Figures are listed, never added up: each has its own period and speaker.
// parameter from: entity | any | Thailand | who asks; a country stands for its agencies and officials too
// parameter to: entity | any | Cambodia | who is asked
// parameter channel: text | any | formal | words in the name of the channel, in any case
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column asker: who asks
// column asked: who is asked
// column response: answered, refused or open
// column count: how many
// column unit: of what
// column channel: through which channel
// column since: the beginning of the period
// column until: its end
// column speakers: whose word it is, where the articles say
// column polarity: affirmed, or denied
// column stage: planned, carried out …
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: requests-assistance
MATCH (k:Claim {relation: 'REQUESTS_ASSISTANCE'})-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE ($from IS NULL OR x.id = $from OR x.country = $from)
  AND ($to IS NULL OR y.id = $to OR y.country = $to)
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($channel IS NULL OR toLower(k.channel) CONTAINS toLower($channel))
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH k, x, y, e, a
ORDER BY a.known_from, a.id, e.start
WITH k, x, y,
  collect(DISTINCT e.speaker_name) AS speakers,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN x.name AS asker, y.name AS asked, k.response AS response, k.count AS count, k.unit AS unit,
  k.channel AS channel, k.valid_from AS since, k.valid_until AS until, speakers, k.polarity AS polarity,
  k.stage AS stage, sources, first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY x.name, y.name, coalesce(k.first_day, ''), k.response, k.id
