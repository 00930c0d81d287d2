// title: Everything about an entity
// answers: What is said of one entity, as subject, object or qualifier, and what it says itself, each with the words?
// parameter entity: entity | required | Chea Vandeth | whom or what it is about
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column subject: who
// column relation: does what
// column object: to or with whom
// column stage: announced, planned, signed, carried out …
// column polarity: affirmed, or denied
// column valid: when it held (EDTF)
// column qualifiers: agreement, operation, place, meeting, transit country, person or group
// column count: a number the article gives
// column unit: what the number counts
// column framing: the speaker's word for what was done to people
// column office: the title of an office held
// column legal_status: a person's status in law
// column as_written: the dates as the article writes them
// column speaker: whose word it is, where the article says
// column quote: the words
// column publisher: who published them
// column published: when
// column article: in which article
// column url: its address
// relations: any
CALL () {
  MATCH (:Entity {id: $entity})<-[:SUBJECT|OBJECT|QUALIFIED_BY]-(k:Claim)-[e:EVIDENCED_BY]->(a:Article)
  RETURN k, e, a
  UNION
  MATCH (:Entity {id: $entity})<-[:MENTIONS]-(a:Article)<-[e:EVIDENCED_BY {speaker: $entity}]-(k:Claim)
  RETURN k, e, a
}
WITH k, e, a
WHERE ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR (
      coalesce(k.first_day, $valid_at) <= $valid_at AND coalesce(k.last_day, $valid_at) >= $valid_at
    ))
MATCH (k)-[:SUBJECT]->(s:Entity), (k)-[:OBJECT]->(o:Entity)
OPTIONAL MATCH (k)-[q:QUALIFIED_BY]->(z:Entity)
WITH k, e, a, s, o, q.role + ' ' + z.name AS qualifier
ORDER BY qualifier
WITH k, e, a, s, o, collect(qualifier) AS qualifiers
RETURN s.name AS subject, k.relation AS relation, o.name AS object, k.stage AS stage, k.polarity AS polarity,
  k.valid AS valid, qualifiers, k.count AS count, k.unit AS unit, k.framing AS framing, k.title AS office,
  k.legal_status AS legal_status, e.dates AS as_written, e.speaker_name AS speaker, e.quote AS quote,
  a.publisher AS publisher, a.published AS published, a.id AS article, a.url AS url
ORDER BY relation, coalesce(k.first_day, '9999'), subject, object, a.known_from, a.id, e.start, e.id
