// title: What an article says, drawn
// answers: The claims of one article, each with its subject, its object and the words.
// parameter article: article | required | thaigov-2022-07-11 | the article
// parameter valid_at: date | any | 2025-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only if the article was published by then
// column article: the article
// column evidence: the words
// column claim: what they say
// column has_subject: from a claim to its subject
// column subject: who
// column has_object: from a claim to its object
// column object: whom or what
// relations: any
MATCH (x:Entity)<-[s:SUBJECT]-(k:Claim)-[o:OBJECT]->(y:Entity), (k)-[e:EVIDENCED_BY]->(a:Article {id: $article})
WHERE ($known_at IS NULL OR a.known_from <= $known_at)
  AND ($valid_at IS NULL OR
    coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
RETURN a AS article, e AS evidence, k AS claim, s AS has_subject, x AS subject, o AS has_object, y AS object
ORDER BY e.start, e.end, k.id
