// title: Deadlines passed
// answers: Which announced dates have gone by with no report of delivery? No report here does not mean that nothing
//   was done.
// parameter today: date | required | 2023-01-01 | the day from which to look back
// parameter party: entity | any | Thailand | who promised, or a party to the agreement that promises
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column who: who promised
// column relation: what kind of deed
// column what: what, or to whom
// column promised: when it was promised
// column due: when it was to be done
// column stage: announced, planned or signed
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (k:Claim)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.stage IN ['announced', 'planned', 'signed'] AND k.polarity = 'affirmed'
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  // a due date is a prefix or an interval; '~' sorts after every day of the month or year that a prefix names
  AND split(k.due, '/')[-1] + '~' < $today
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  AND ($party IS NULL OR x.id = $party OR x.country = $party OR EXISTS {
    MATCH (x)<-[:OBJECT]-(s:Claim)-[:SUBJECT]->(p:Entity), (s)-[:EVIDENCED_BY]->(b:Article)
    WHERE s.relation IN ['SIGNED', 'PLANS_TO_SIGN', 'RATIFIED', 'PARTY_TO']
      AND s.polarity = 'affirmed' AND s.stage <> 'denied' AND (p.id = $party OR p.country = $party)
      AND ($known_at IS NULL OR b.known_from <= $known_at)
  })
WITH k, x, y, e, a,
  CASE WHEN y.kind = 'Agreement' OR k.relation = 'ESTABLISHES' THEN '' ELSE coalesce(x.country, x.id) END AS side
WHERE NOT EXISTS {
  MATCH (d:Claim)-[q:SUBJECT|OBJECT|QUALIFIED_BY]->(y), (d)-[:EVIDENCED_BY]->(b:Article)
  WHERE d.polarity = 'affirmed' AND d.stage IN ['signed', 'carried out', 'in force']
    AND ($known_at IS NULL OR b.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(d.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(d.last_day, $valid_at))
    AND coalesce(d.valid_from, b.published) + '~' >= coalesce(k.valid_from, a.published)
    AND (
      (k.relation = 'PLANS_TO_SIGN' AND type(q) = 'OBJECT' AND d.relation = 'SIGNED')
      OR (k.relation <> 'PLANS_TO_SIGN' AND q.role IN ['under', 'within'] AND d.stage = 'carried out')
      OR (k.relation = 'ESTABLISHES' AND d.stage = 'carried out' AND d.relation <> 'TARGETS' AND (
        type(q) = 'SUBJECT' OR type(q) = 'OBJECT' AND d.relation IN ['ESTABLISHES', 'TOOK_PART_IN']
      ))
      OR (type(q) = 'OBJECT' AND d.relation = k.relation AND d.stage IN ['carried out', 'in force'] AND (
        side = '' OR EXISTS { MATCH (d)-[:SUBJECT]->(z:Entity) WHERE coalesce(z.country, z.id) = side }
      ))
    )
}
WITH k, x, y, e, a
ORDER BY a.known_from, a.id, e.start
WITH k, x, y,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN x.name AS who, k.relation AS relation, y.name AS what, k.valid_from AS promised, k.due AS due,
  k.stage AS stage, sources, first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY k.due, x.name, y.name, k.id
