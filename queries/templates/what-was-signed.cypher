// title: What was signed
// answers: Which agreements bind a party or are directed against a crime, who signed each, when and where, and how
//   far each has come.
// parameter party: entity | any | Thailand | a country, or a body or official, that signed, ratified, is bound by or
//   plans to sign the agreement; what a country's agencies and officials sign counts as the country's
// parameter crime: entity | any | call-center scam | the crime it is directed against
// parameter stage: stage | any | signed | a stage it has reached
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column agreement: its name
// column parties: the countries and bodies that signed, ratified, are bound or plan to sign
// column signed_by: who put their name to it
// column signed: when, first
// column places: where it was signed or is to be
// column crimes: what it is directed against
// column stages: how far it came, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: signed, plans-to-sign, ratified, party-to, targets
MATCH (k:Claim)-[:OBJECT]->(g:Agreement)
WHERE k.relation IN ['SIGNED', 'PLANS_TO_SIGN', 'RATIFIED', 'PARTY_TO']
  AND k.polarity = 'affirmed' AND k.stage <> 'denied'
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
MATCH (k)-[:SUBJECT]->(x:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE $known_at IS NULL OR a.known_from <= $known_at
OPTIONAL MATCH (c:Entity {id: x.country})
OPTIONAL MATCH (k)-[:QUALIFIED_BY {role: 'at'}]->(l:Entity)
WITH g, k, x, c, l, e, a,
  k.relation = 'SIGNED' AND NOT k.stage IN ['announced', 'planned'] AS signing
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id, l.name
WITH g,
  collect(DISTINCT x.id) + collect(DISTINCT x.country) AS ids,
  collect(DISTINCT coalesce(c.name, x.name)) AS parties,
  collect(DISTINCT CASE WHEN signing THEN x.name END) AS signed_by,
  collect(CASE WHEN signing THEN k.valid_from END)[0] AS signed,
  collect(DISTINCT l.name) AS places,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect(CASE WHEN signing THEN {article: a.id, url: a.url, quote: e.quote} END) AS on_signing,
  collect({article: a.id, url: a.url, quote: e.quote}) AS on_any
WHERE ($party IS NULL OR $party IN ids) AND ($stage IS NULL OR $stage IN stages)
OPTIONAL MATCH (g)<-[:SUBJECT]-(t:Claim {relation: 'TARGETS'})-[:OBJECT]->(z:Crime), (t)-[:EVIDENCED_BY]->(b:Article)
WHERE t.polarity = 'affirmed' AND t.stage <> 'denied' AND ($known_at IS NULL OR b.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(t.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(t.last_day, $valid_at))
WITH g, parties, signed_by, signed, places, stages, sources, coalesce(on_signing[0], on_any[0]) AS first, z
ORDER BY z.name, z.id
WITH g, parties, signed_by, signed, places, stages, sources, first,
  collect(DISTINCT z.name) AS crimes, collect(DISTINCT z.id) AS crime_ids
WHERE $crime IS NULL OR $crime IN crime_ids
RETURN g.name AS agreement, parties, signed_by, signed, places, crimes, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY coalesce(signed, '9999'), g.name, g.id
