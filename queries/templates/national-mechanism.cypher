// title: A country's mechanism
// answers: Which agencies of one country deal with this, who heads them or speaks in them, and whom do they work
//   with abroad?
// parameter country: entity | required | Thailand | the country
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column agency: its name
// column offices: who holds which office in it
// column part_of: what it is part or a member of
// column units: what is part or a member of it
// column partners: whom it works with abroad, with their country
// column relations: what the articles say it does or has done to it
// column stages: the stages of all that, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: any
MATCH (b:Agency {country: $country})<-[r:SUBJECT|OBJECT]-(k:Claim)-[:SUBJECT|OBJECT]->(z:Entity),
  (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE b.id <> z.id AND k.polarity = 'affirmed' AND k.stage <> 'denied'
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
OPTIONAL MATCH (c:Country {id: z.country})
WITH b, k, z, e, a, type(r) = 'SUBJECT' AS acts,
  CASE WHEN c.id <> z.id THEN z.name + ' (' + c.name + ')' ELSE z.name END AS name
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH b,
  collect(DISTINCT CASE WHEN k.relation = 'HOLDS_OFFICE' THEN z.name + ', ' + k.title END) AS offices,
  collect(DISTINCT CASE WHEN k.relation IN ['PART_OF', 'MEMBER_OF'] AND acts THEN z.name END) AS part_of,
  collect(DISTINCT CASE WHEN k.relation IN ['PART_OF', 'MEMBER_OF'] AND NOT acts THEN z.name END) AS units,
  collect(DISTINCT CASE
    WHEN coalesce(z.country, z.id) <> $country
      AND k.relation IN ['COOPERATES_WITH', 'SHARES_INTEL', 'JOINT_OPERATION_WITH', 'MEETS_WITH',
        'TRAINS', 'FUNDS', 'EXTRADITES_TO', 'REPATRIATES_TO']
    THEN name END) AS partners,
  collect(DISTINCT k.relation) AS relations,
  collect(DISTINCT k.stage) AS stages,
  count(DISTINCT coalesce(a.wire, a.publisher)) AS sources,
  collect({article: a.id, url: a.url, quote: e.quote})[0] AS first
RETURN b.name AS agency, offices, part_of, units, partners, relations, stages, sources,
  first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY size(partners) DESC, b.name, b.id
