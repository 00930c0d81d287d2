// title: Who cooperates with whom
// answers: Which countries and organisations work together, in which ways, and how well attested is it? What an
//   agency or official does counts as its country's.
// parameter countries: entities | any | Thailand, Cambodia | one: its ties with anybody; more: the ties among them
// parameter relation: relation | any | cooperates-with | one way of working together
// parameter since: start | any | 2022 | only what is dated from then on
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column country: one side
// column partner: the other side
// column relation: the way they work together
// column ties: how many different claims affirm it
// column denials: how many claims deny it
// column first: the earliest date of it
// column latest: the latest date of it
// column actors: which of their agencies and officials, or they themselves
// column stages: whether it is planned, carried out, ended …, in order of time
// column sources: how many independent sources: wire copies and one publisher's articles count once
// column first_article: the earliest article that says so
// column url: its address
// column quote: its words
// relations: cooperates-with, shares-intel, joint-operation-with, trains, funds, extradites-to, repatriates-to
MATCH (k:Claim)-[:SUBJECT]->(x:Entity), (k)-[:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article)
WHERE k.relation IN ['COOPERATES_WITH', 'SHARES_INTEL', 'JOINT_OPERATION_WITH', 'TRAINS', 'FUNDS',
    'EXTRADITES_TO', 'REPATRIATES_TO']
  AND ($relation IS NULL OR k.relation = $relation)
  AND coalesce(x.country, x.id) <> coalesce(y.country, y.id)
  AND ($countries IS NULL OR (
    size($countries) = 1 AND (coalesce(x.country, x.id) IN $countries OR coalesce(y.country, y.id) IN $countries)
    OR coalesce(x.country, x.id) IN $countries AND coalesce(y.country, y.id) IN $countries
  ))
  AND ($since IS NULL OR k.first_day >= $since) AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
OPTIONAL MATCH (c:Entity {id: x.country})
OPTIONAL MATCH (d:Entity {id: y.country})
WITH k, e, a, x, y, coalesce(c, x) AS p, coalesce(d, y) AS q, k.polarity = 'affirmed' AND k.stage <> 'denied' AS yes
WITH k, e, a, x, y, yes,
  CASE WHEN p.id < q.id THEN p ELSE q END AS one, CASE WHEN p.id < q.id THEN q ELSE p END AS other
ORDER BY coalesce(k.first_day, '9999'), a.known_from, a.id, e.start, k.id
WITH one, other, k.relation AS relation,
  count(DISTINCT CASE WHEN yes THEN k.id END) AS ties,
  count(DISTINCT CASE WHEN NOT yes THEN k.id END) AS denials,
  collect(CASE WHEN yes THEN k.valid_from END) AS dates,
  collect(DISTINCT CASE WHEN yes THEN x.name + ', ' + y.name END) AS actors,
  collect(DISTINCT CASE WHEN yes THEN k.stage END) AS stages,
  count(DISTINCT CASE WHEN yes THEN coalesce(a.wire, a.publisher) END) AS sources,
  collect(CASE WHEN yes THEN {article: a.id, url: a.url, quote: e.quote} END)[0] AS first
WHERE ties > 0
RETURN one.name AS country, other.name AS partner, relation, ties, denials, dates[0] AS first, dates[-1] AS latest,
  actors, stages, sources, first.article AS first_article, first.url AS url, first.quote AS quote
ORDER BY sources DESC, ties DESC, one.id, other.id, relation
