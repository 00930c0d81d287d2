// title: Promises and delivery
// answers: What was announced, planned or signed, and what of it is reported as done? No delivery means that no
//   article here reports one, not that there was none; what was done before the promise is no delivery of it.
// parameter agreement: entity | any | MOU on call-center gangs and hybrid scam | what is promised in or under it,
//   itself included
// parameter party: entity | any | Thailand | a country, or a body or official, that promises or is promised to
// parameter since: start | any | 2021 | only what was promised from then on
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column who: who promises
// column relation: what kind of deed
// column what: what is promised, or to whom
// column under: the agreements it is promised under
// column promised: since when, first
// column due: when it is to be done
// column deliveries: how many claims say that it is done, or that something is done under it
// column delivered: when, first
// column delivery_quote: the words of the first of them
// column last_word: the day of the latest article on the promise or its delivery
// column stages: the stages of the promise, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (k:Claim)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.stage IN ['announced', 'planned', 'signed'] AND k.polarity = 'affirmed'
  AND NOT k.relation IN ['ENDORSES', 'CRITICIZES', 'DENIES', 'TARGETS', 'LINKED_TO', 'LOCATED_IN', 'PART_OF',
    'MEMBER_OF', 'HOLDS_OFFICE']
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  AND ($since IS NULL OR coalesce(k.first_day, a.known_from) >= $since)
OPTIONAL MATCH (k)-[:QUALIFIED_BY {role: 'under'}]->(u:Agreement)
WITH k, x, y, u, e, a
WHERE $agreement IS NULL OR x.id = $agreement OR y.id = $agreement OR u.id = $agreement
WITH k, x, y, u, e, a
WHERE $party IS NULL OR x.id = $party OR x.country = $party OR y.id = $party OR y.country = $party OR EXISTS {
  MATCH (x)<-[:OBJECT]-(s:Claim)-[:SUBJECT]->(p:Entity), (s)-[:EVIDENCED_BY]->(b:Article)
  WHERE s.relation IN ['SIGNED', 'PLANS_TO_SIGN', 'RATIFIED', 'PARTY_TO']
    AND s.polarity = 'affirmed' AND s.stage <> 'denied' AND (p.id = $party OR p.country = $party)
    AND ($known_at IS NULL OR b.known_from <= $known_at)
}
WITH k, x, y, u, e, a,
  CASE WHEN y.kind = 'Agreement' OR k.relation = 'ESTABLISHES' THEN '' ELSE coalesce(x.country, x.id) END AS side
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id, u.name, u.id
WITH y, side, k.relation AS relation,
  collect(DISTINCT x.name) AS who,
  collect(DISTINCT u.name) AS under,
  collect(k.valid_from)[0] AS promised,
  min(coalesce(k.valid_from, a.published)) AS said,
  min(k.due) AS due,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  max(a.known_from) AS last_promise,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
OPTIONAL MATCH (d:Claim)-[q:SUBJECT|OBJECT|QUALIFIED_BY]->(y)
WHERE d.polarity = 'affirmed' AND d.stage IN ['signed', 'carried out', 'in force']
  AND ($valid_at IS NULL OR
    coalesce(d.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(d.last_day, $valid_at))
  AND (
    (relation = 'PLANS_TO_SIGN' AND type(q) = 'OBJECT' AND d.relation = 'SIGNED')
    OR (relation <> 'PLANS_TO_SIGN' AND q.role IN ['under', 'within'] AND d.stage = 'carried out')
    OR (relation = 'ESTABLISHES' AND d.stage = 'carried out' AND d.relation <> 'TARGETS' AND (
      type(q) = 'SUBJECT' OR type(q) = 'OBJECT' AND d.relation IN ['ESTABLISHES', 'TOOK_PART_IN']
    ))
    OR (type(q) = 'OBJECT' AND d.relation = relation AND d.stage IN ['carried out', 'in force'] AND (
      side = '' OR EXISTS { MATCH (d)-[:SUBJECT]->(z:Entity) WHERE coalesce(z.country, z.id) = side }
    ))
  )
// dates are prefixes: '~' sorts after every day of the month or year that a prefix names
OPTIONAL MATCH (d)-[f:EVIDENCED_BY]->(b:Article)
WHERE ($known_at IS NULL OR b.known_from <= $known_at) AND coalesce(d.valid_from, b.published) + '~' >= said
WITH y, side, relation, who, under, promised, due, stages, sources, last_promise, first, d, f, b
ORDER BY coalesce(d.first_day, '9999'), b.known_from, b.id, f.start, d.id
WITH y, side, relation, who, under, promised, due, stages, sources, last_promise, first,
  count(DISTINCT CASE WHEN b IS NOT NULL THEN d.id END) AS deliveries,
  collect(CASE WHEN b IS NOT NULL THEN d.valid_from END)[0] AS delivered,
  collect(f.quote)[0] AS delivery_quote,
  max(b.known_from) AS last_delivery
RETURN who, relation, y.name AS what, under, promised, due, deliveries, delivered, delivery_quote,
  CASE WHEN last_delivery > last_promise THEN last_delivery ELSE last_promise END AS last_word, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY coalesce(promised, '9999'), relation, y.id, side
