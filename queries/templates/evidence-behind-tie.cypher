// title: Evidence behind a tie
// answers: Which words, whose, in which article, carry the tie between these two? One row for each piece of evidence.
// parameter from: entity | required | Thailand | one end; a country stands for its agencies and officials too
// parameter to: entity | required | Cambodia | the other end
// parameter relation: relation | any | cooperates-with | the kind of tie
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column subject: who
// column relation: the kind of tie; it is read from subject to object
// column object: with or to whom
// column stage: planned, carried out, ended …
// column polarity: affirmed, or denied
// column since: when it began or happened
// column until: when it ended
// column speaker: whose word it is, where the article says
// column publisher: who published it
// column published: when
// column article: the article
// column url: its address
// column start: where the words start in its text, in code points
// column end: where they end
// column quote: the words
// relations: any
MATCH (f:Entity)<-[r:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(t:Entity)
WHERE (f.id = $from OR f.country = $from) AND (t.id = $to OR t.country = $to) AND f.id <> t.id
  AND (type(r) = 'SUBJECT' OR k.relation IN ['COOPERATES_WITH', 'JOINT_OPERATION_WITH', 'MEETS_WITH', 'LINKED_TO'])
  AND ($relation IS NULL OR k.relation = $relation)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH DISTINCT k
MATCH (k)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE $known_at IS NULL OR a.known_from <= $known_at
RETURN x.name AS subject, k.relation AS relation, y.name AS object, k.stage AS stage, k.polarity AS polarity,
  k.valid_from AS since, k.valid_until AS until, e.speaker_name AS speaker, a.publisher AS publisher,
  a.published AS published, a.id AS article, a.url AS url, e.start AS start, e.end AS end, e.quote AS quote
ORDER BY a.known_from, a.id, e.start, e.end, k.id
