// title: Find an entity by any of its names
// answers: Which entities bear a name with these letters in it, in any language? Their ids are what the other questions
//   take.
// parameter name: text | required | กัมพูชา | a part of the name
// column entity: the entity, to be double-clicked
// column id: its id
// column name: its name
// column names: every name it bears
// relations: any
MATCH (x:Entity)
WHERE any(name IN x.names WHERE toLower(name) CONTAINS toLower($name))
RETURN x AS entity, x.id AS id, x.name AS name, x.names AS names
ORDER BY size(x.name), x.name, x.id
LIMIT 25
