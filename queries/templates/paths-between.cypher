// title: Paths between (a lead, never a finding)
// answers: By which shortest chains of claims, of four steps at most, are these two connected, and what does each
//   step rest on? A chain is a lead to look into, never a finding: to be connected is not to be guilty. Crimes and
//   places connect nobody.
// parameter from: entity | required | Chaiwut Thanakamanusorn | where the chain starts
// parameter to: entity | required | United States | where it ends
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column chain: which chain: 1, 2 …, at most five, all of the same length
// column step: which step of it
// column subject: one end of the step
// column relation: read from subject to object
// column object: the other end
// column since: the earliest date of it
// column claims: how many claims affirm it
// column stages: planned, carried out …, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (x:Entity {id: $from}), (y:Entity {id: $to})
WHERE x.id <> y.id
CALL (x) {
  MATCH (x)<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(n:Entity),
    (k)-[:EVIDENCED_BY]->(a:Article)
  WHERE n.id <> $from AND (n.id = $to OR NOT n.kind IN ['Crime', 'Place'])
    AND k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
    AND ($known_at IS NULL OR a.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  RETURN collect(DISTINCT n.id) AS near_from
}
CALL (y) {
  MATCH (y)<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(n:Entity),
    (k)-[:EVIDENCED_BY]->(a:Article)
  WHERE n.id <> $to AND (n.id = $from OR NOT n.kind IN ['Crime', 'Place'])
    AND k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
    AND ($known_at IS NULL OR a.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  RETURN collect(DISTINCT n.id) AS near_to
}
WITH near_from, near_to, [i IN near_from WHERE i IN near_to] AS between
// chains of one step, or two, or three; longer ones only where there are no shorter
CALL (near_from, near_to, between) {
  CALL (near_from, near_to, between) {
    WITH near_from WHERE $to IN near_from
    RETURN [$from, $to] AS chain
    UNION
    UNWIND between AS i
    WITH i, near_from WHERE NOT $to IN near_from
    RETURN [$from, i, $to] AS chain
    UNION
    WITH near_from, near_to, between WHERE size(between) = 0 AND NOT $to IN near_from
    UNWIND near_from AS i
    MATCH (:Entity {id: i})<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(n:Entity),
      (k)-[:EVIDENCED_BY]->(a:Article)
    WHERE n.id IN near_to AND k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
      AND ($known_at IS NULL OR a.known_from <= $known_at)
      AND ($valid_at IS NULL OR
        coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
    RETURN DISTINCT [$from, i, n.id, $to] AS chain
  }
  RETURN collect(chain) AS shorter
}
// and of four: what is one step from either end meets in the middle
CALL (near_from, near_to, shorter) {
  UNWIND shorter AS chain
  RETURN chain
  UNION
  WITH near_from, near_to, shorter WHERE size(shorter) = 0
  UNWIND near_from AS i
  MATCH (:Entity {id: i})<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(n:Entity),
    (k)-[:EVIDENCED_BY]->(a:Article)
  WHERE NOT n.kind IN ['Crime', 'Place'] AND n.id <> $from
    AND k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
    AND ($known_at IS NULL OR a.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  WITH n, near_to, collect(DISTINCT i) AS before
  MATCH (n)<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(o:Entity),
    (k)-[:EVIDENCED_BY]->(a:Article)
  WHERE o.id IN near_to AND k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
    AND ($known_at IS NULL OR a.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  UNWIND before AS i
  RETURN DISTINCT [$from, i, n.id, o.id, $to] AS chain
}
WITH chain
ORDER BY reduce(ids = '', i IN chain | ids + ' ' + i)
LIMIT 5
WITH collect(chain) AS chains
UNWIND range(0, size(chains) - 1) AS number
UNWIND range(0, size(chains[number]) - 2) AS place
WITH number + 1 AS chain, place + 1 AS step, chains[number][place] AS one, chains[number][place + 1] AS next
MATCH (:Entity {id: one})<-[:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(:Entity {id: next})
MATCH (k)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.polarity = 'affirmed' AND k.stage <> 'denied' AND k.relation <> 'DENIES'
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH chain, step, x, k, y, e, a
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH chain, step, x, k.relation AS relation, y,
  collect(k.valid_from)[0] AS since,
  count(DISTINCT k.id) AS claims,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN chain, step, x.name AS subject, relation, y.name AS object, since, claims, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY chain, step, relation, x.id
