// title: What an article says
// answers: Every claim that one article is evidence for, in the order of its text.
// parameter article: article | required | thaigov-2022-07-11 | the article
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column subject: who
// column relation: does what; it is read from subject to object
// column object: to or with whom
// column stage: planned, signed, carried out …
// column polarity: affirmed, or denied
// column since: when it happened or began
// column until: when it ended
// column qualifiers: number, framing, agreement, place … that the claim names
// column dates: the dates as the article writes them, and what they were read as
// column speaker: whose word it is, where the article says
// column start: where the words start in the text, in code points
// column end: where they end
// column url: the article's address
// column quote: the words
// relations: any
MATCH (a:Article {id: $article})<-[e:EVIDENCED_BY]-(k:Claim)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity)
WHERE $known_at IS NULL OR a.known_from <= $known_at
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
OPTIONAL MATCH (k)-[q:QUALIFIED_BY]->(z:Entity)
WITH a, e, k, x, y, q, z
ORDER BY q.role, z.name, z.id
WITH a, e, k, x, y, collect(q.role + ': ' + z.name) AS roles
RETURN x.name AS subject, k.relation AS relation, y.name AS object, k.stage AS stage, k.polarity AS polarity,
  k.valid_from AS since, k.valid_until AS until,
  [v IN [toString(k.count) + ' ' + coalesce(k.unit, ''), 'count kind: ' + k.count_kind, 'framing: ' + k.framing,
    'response: ' + k.response, 'channel: ' + k.channel, 'due: ' + k.due, 'basis: ' + k.basis,
    'legal status: ' + k.legal_status, 'authority: ' + k.authority, 'title: ' + k.title] WHERE v IS NOT NULL] + roles
    AS qualifiers,
  coalesce(e.dates, []) AS dates, e.speaker_name AS speaker, e.start AS start, e.end AS end, a.url AS url,
  e.quote AS quote
ORDER BY e.start, e.end, k.id
