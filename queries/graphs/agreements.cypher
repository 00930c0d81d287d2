// title: Agreements and their parties, drawn
// answers: Which agreements are there, who signed each or means to, and which crimes is it directed against?
// parameter party: entity | any | Thailand | a country, body or official that signed, ratified, is bound or means to
//   sign, with all others that did; what a country's agencies and officials sign counts as the country's
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column agreement: the agreement
// column edge: from a party to the agreement, or from the agreement to a crime
// column other: the party, or the crime
// relations: signed, plans-to-sign, ratified, party-to, targets
MATCH (x:Entity)-[p:SIGNED|PLANS_TO_SIGN|RATIFIED|PARTY_TO]->(g:Agreement)
WHERE $party IS NULL OR x.id = $party OR x.country = $party
UNWIND p.claims AS signing
MATCH (j:Claim {id: signing})-[:EVIDENCED_BY]->(b:Article)
WHERE j.polarity = 'affirmed' AND j.stage <> 'denied'
  AND ($known_at IS NULL OR b.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(j.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(j.last_day, $valid_at))
WITH DISTINCT g
MATCH (g)-[r:SIGNED|PLANS_TO_SIGN|RATIFIED|PARTY_TO|TARGETS]-(y:Entity)
UNWIND r.claims AS claim
MATCH (k:Claim {id: claim})-[:EVIDENCED_BY]->(a:Article)
WHERE k.polarity = 'affirmed' AND k.stage <> 'denied'
  AND ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH DISTINCT g, r, y
RETURN g AS agreement, r AS edge, y AS other
ORDER BY g.id, r.id
