// title: Joint operations
// answers: Which operations ran, who took part, against which crimes, where, and with what reported result? Figures
//   are listed, never added up.
// parameter country: entity | any | United States | who took part or set it up; a country stands for its agencies too
// parameter crime: entity | any | online scam | the crime it is directed against
// parameter since: start | any | 2025 | only what is dated from then on
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column operation: its name, or "… with …" where it has none
// column since: the earliest date of it
// column participants: who took part
// column set_up_by: who set it up
// column crimes: what it is directed against
// column places: where
// column results: what is reported to have come of it
// column stages: planned, carried out …, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
CALL () {
  MATCH (k:Claim)-[:OBJECT]->(o:Operation)
  WHERE k.relation IN ['TOOK_PART_IN', 'ESTABLISHES']
  RETURN k, o
  UNION
  MATCH (k:Claim {relation: 'JOINT_OPERATION_WITH'})
  OPTIONAL MATCH (k)-[:QUALIFIED_BY {role: 'within'}]->(o:Operation)
  RETURN k, o
}
MATCH (k)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.polarity = 'affirmed' AND k.stage <> 'denied' AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
  AND ($since IS NULL OR k.first_day >= $since)
OPTIONAL MATCH (k)-[:QUALIFIED_BY {role: 'at'}]->(l:Entity)
WITH k, o, x, y, l, e, a, k.relation = 'JOINT_OPERATION_WITH' AS joint
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id, l.name
WITH coalesce(o.id, k.id) AS id, coalesce(o.name, x.name + ' with ' + y.name) AS operation, o,
  collect(x.id) + collect(x.country)
    + collect(CASE WHEN joint THEN y.id END) + collect(CASE WHEN joint THEN y.country END) AS ids,
  collect(CASE WHEN k.relation <> 'ESTABLISHES' THEN x.name END)
    + collect(CASE WHEN joint THEN y.name END) AS took_part,
  collect(DISTINCT CASE WHEN k.relation = 'ESTABLISHES' THEN x.name END) AS set_up_by,
  collect(k.valid_from)[0] AS since,
  collect(l.name) AS at,
  collect(DISTINCT CASE WHEN k.count IS NOT NULL THEN toString(k.count) + ' ' + k.unit END) AS figures,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
WHERE $country IS NULL OR $country IN ids
OPTIONAL MATCH (o)<-[:SUBJECT]-(t:Claim {relation: 'TARGETS'})-[:OBJECT]->(z:Crime), (t)-[:EVIDENCED_BY]->(b:Article)
WHERE t.polarity = 'affirmed' AND t.stage <> 'denied' AND ($known_at IS NULL OR b.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(t.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(t.last_day, $valid_at))
WITH id, operation, o, took_part, set_up_by, since, at, figures, stages, sources, first, z
ORDER BY z.name, z.id
WITH id, operation, o, took_part, set_up_by, since, at, figures, stages, sources, first,
  collect(DISTINCT z.name) AS crimes, collect(DISTINCT z.id) AS crime_ids
WHERE $crime IS NULL OR $crime IN crime_ids
WITH id, operation, o, took_part, set_up_by, since, at, figures, stages, sources, first, crimes, COLLECT {
  MATCH (o)<-[:SUBJECT]-(t:Claim {relation: 'LOCATED_IN'})-[:OBJECT]->(z:Entity), (t)-[:EVIDENCED_BY]->(b:Article)
  WHERE t.polarity = 'affirmed' AND t.stage <> 'denied' AND ($known_at IS NULL OR b.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(t.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(t.last_day, $valid_at))
  RETURN DISTINCT z.name AS place ORDER BY place
} AS located, COLLECT {
  MATCH (o)<-[:QUALIFIED_BY {role: 'within'}]-(w:Claim)-[:SUBJECT]->(s:Entity), (w)-[:OBJECT]->(z:Entity),
    (w)-[:EVIDENCED_BY]->(b:Article)
  WHERE NOT w.relation IN ['JOINT_OPERATION_WITH', 'TARGETS', 'LOCATED_IN', 'PART_OF']
    AND w.polarity = 'affirmed' AND w.stage <> 'denied'
    AND ($known_at IS NULL OR b.known_from <= $known_at)
    AND ($valid_at IS NULL OR
      coalesce(w.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(w.last_day, $valid_at))
  WITH s.name + ' ' + w.relation + ' ' + z.name AS deed, ': ' + toString(w.count) + ' ' + w.unit AS figure
  RETURN DISTINCT deed + coalesce(figure, '') AS result
  ORDER BY result
} AS deeds
RETURN operation, since,
  reduce(names = [], n IN took_part | CASE WHEN n IN names THEN names ELSE names + n END) AS participants,
  set_up_by, crimes,
  reduce(names = [], n IN at + located | CASE WHEN n IN names THEN names ELSE names + n END) AS places,
  figures + deeds AS results, stages, sources, first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY coalesce(since, '9999'), operation, id
