// title: Coverage
// answers: What does this graph see much of, and what little: by language, publisher and month? News data
//   over-counts what wires repeat; an empty month is a gap in the articles, not in the world.
// parameter publisher: text | any | รัฐบาลไทย | one publisher, as the articles name it
// parameter valid_at: date | any | 2022-12-31 | only what held on that day
// parameter known_at: date | any | 2026-12-31 | only what articles published by then say
// column language: the articles' language
// column publisher: who published them
// column month: when, YYYY-MM or YYYY
// column articles: how many there are
// column wire_copies: how many of them carry a wire's copy
// column claims: how many different claims they are evidence for
// column denied: how many of those are denials
// column only_here: how many of those claims no other publisher's article supports
// relations: any
MATCH (a:Article)
WHERE ($known_at IS NULL OR a.known_from <= $known_at) AND ($publisher IS NULL OR a.publisher = $publisher)
OPTIONAL MATCH (k:Claim)-[:EVIDENCED_BY]->(a)
WHERE ($valid_at IS NULL OR
  coalesce(k.first_day, $valid_at) <= $valid_at AND $valid_at <= coalesce(k.last_day, $valid_at))
WITH a, k, CASE WHEN k IS NOT NULL AND NOT EXISTS {
  MATCH (k)-[:EVIDENCED_BY]->(b:Article)
  WHERE b.publisher <> a.publisher AND ($known_at IS NULL OR b.known_from <= $known_at)
} THEN k.id END AS lone
WITH a.language AS language, a.publisher AS publisher, substring(a.published, 0, 7) AS month,
  count(DISTINCT a.id) AS articles,
  count(DISTINCT CASE WHEN a.wire IS NOT NULL THEN a.id END) AS wire_copies,
  count(DISTINCT k.id) AS claims,
  count(DISTINCT CASE WHEN k.polarity = 'denied' THEN k.id END) AS denied,
  count(DISTINCT lone) AS only_here
RETURN language, publisher, month, articles, wire_copies, claims, denied, only_here
ORDER BY month, language, publisher
