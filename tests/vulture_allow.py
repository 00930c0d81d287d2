# Names that something outside Python calls: pytest, click, typing protocols, notebooks.
