// title: Conflicting figures
// answers: Where do claims about the same parties, deed, stage, unit and time give different numbers? Both stand
//   side by side, neither is preferred; a part and its whole may look like a conflict. Claims without a date are
//   left out.
// parameter subject: entity | any | Cambodia | who does it; a country stands for its agencies and officials too
// parameter relation: relation | any | repatriates-to | what is done
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column subject: who
// column relation: does what
// column object: to or with whom
// column unit: what is counted
// column count: the smaller number
// column since: its date, or the date it is due
// column framing: its speaker's word for it
// column other_count: the larger number
// column other_since: its date, or the date it is due
// column other_framing: its speaker's word for it
// column other_article: the earliest article with the larger number
// column other_url: its address
// column other_quote: its words
// column stage: the stage of both claims
// column sources: how many independent sources they have together
// column first_article: the earliest article with the smaller number
// column url: its address
// column quote: its words
// relations: any
MATCH (x:Entity)<-[:SUBJECT]-(k:Claim)-[:OBJECT]->(y:Entity)
WHERE k.count IS NOT NULL AND k.polarity = 'affirmed' AND coalesce(k.valid_from, k.due) IS NOT NULL
  AND ($relation IS NULL OR k.relation = $relation)
  AND ($subject IS NULL OR x.id = $subject OR x.country = $subject)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH x, y, k.relation AS relation, k.unit AS unit, k.count_kind AS kind, k.response AS response, k.stage AS stage,
  collect(k) AS same
WHERE size(same) > 1
UNWIND same AS k
UNWIND same AS j
WITH x, y, k, j
// dates are prefixes: '~' sorts after every day of the month or year that a prefix names
WHERE k.count < j.count
  AND coalesce(k.valid_from, k.due) <= coalesce(j.valid_until, j.valid_from, j.due) + '~'
  AND coalesce(j.valid_from, j.due) <= coalesce(k.valid_until, k.valid_from, k.due) + '~'
MATCH (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE $known_at IS NULL OR a.known_from <= $known_at
WITH x, y, k, j, e, a
ORDER BY a.known_from, a.id, e.start
WITH x, y, k, j, collect({article: a.id, url: a.url, quote: e.quote, source: coalesce(a.wire, a.publisher)}) AS fewer
MATCH (j)-[e:EVIDENCED_BY]->(a:Article)
WHERE $known_at IS NULL OR a.known_from <= $known_at
WITH x, y, k, j, fewer, e, a
ORDER BY a.known_from, a.id, e.start
WITH x, y, k, j, fewer,
  collect({article: a.id, url: a.url, quote: e.quote, source: coalesce(a.wire, a.publisher)}) AS more
UNWIND fewer + more AS words
WITH x, y, k, j, fewer[0] AS first, more[0] AS other, count(DISTINCT words.source) AS sources
RETURN x.name AS subject, k.relation AS relation, y.name AS object, k.unit AS unit, k.count AS count,
  coalesce(k.valid_from, k.due) AS since, k.framing AS framing, j.count AS other_count,
  coalesce(j.valid_from, j.due) AS other_since, j.framing AS other_framing, other.article AS other_article,
  other.url AS other_url, other.quote AS other_quote, k.stage AS stage, sources, first.article AS first_article,
  first.url AS url, first.quote AS quote
ORDER BY x.name, k.relation, y.name, k.unit, k.count, j.count, k.id, j.id
