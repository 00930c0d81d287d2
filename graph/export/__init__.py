"""Exports: a Graph in, another form of it out. Each form has its module; what every export says stands here."""

NOTICE = (
    "Presence in this graph implies no wrongdoing: a connection is not an allegation. Every edge says what an article "
    "says, in the words quoted, possibly only as an announcement or a plan: read them before you rely on it."
)
