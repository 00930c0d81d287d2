// What the page holds (graph/pages/document.py), and the look-ups made from it once. What is empty is absent.

export interface Kind { label: string; meaning: string; color: string; shape: string }
export interface Relation { label: string; type: string; meaning: string; nature: "event" | "state" }

export interface Article {
  id: string; url: string; title: string; publisher: string; language: string; published: string; form: string;
  wire?: string; mentions?: number[];
}

export interface Evidence {
  article: number; quote: string; before?: string; after?: string; speaker?: string; annotator?: string;
  confidence?: number; dates?: string[];
}

export interface Claim {
  id: string; stage: string; polarity: string; valid?: string; values?: Record<string, string | number>;
  roles?: Record<string, string[]>; evidence?: Evidence[];
}

export interface Node {
  id: string | number; label: string; shape: string; color: string; size?: number; x: number; y: number; title?: string;
  kind?: string; names?: string[]; facts?: Record<string, string[]>; country?: string; part_of?: string;
}

export interface Edge {
  id?: string; from: number; to: number; label?: string; title?: string; color?: string; width?: number;
  dashes?: boolean | number[]; arrows?: string; relation?: string; since?: string; until?: string; stages?: string[];
  polarity?: string; articles?: number; sources?: number; claims?: Claim[];
}

export interface Page {
  title: string; rootHash: string; kinds: Record<string, Kind>; relations: Record<string, Relation>;
  stages: Record<string, string>; articles: Article[]; nodes: Node[]; edges: Edge[];
  options: Record<string, Record<string, unknown>>;
}

/** An edge or a node, by its place in the page's list. */
export type Selection = { what: "edge" | "node"; at: number };

export class Data {
  readonly nodeAt = new Map<string, number>();
  /** Edges of each node, in the page's order. */
  readonly edgesOf: number[][];
  /** Nodes that no edge joins. */
  readonly alone: number;
  /** Edges with a claim that points to the node beside its ends, by role. */
  readonly qualifies: { role: string; edge: number }[][];
  readonly articlesOf: number[][];

  constructor(readonly page: Page) {
    page.nodes.forEach((node, at) => this.nodeAt.set(String(node.id), at));
    this.edgesOf = page.nodes.map(() => []);
    this.qualifies = page.nodes.map(() => []);
    this.articlesOf = page.nodes.map(() => []);
    page.edges.forEach((edge, at) => {
      this.edgesOf[edge.from]?.push(at);
      if (edge.to !== edge.from) this.edgesOf[edge.to]?.push(at);
      this.noteRoles(edge, at);
    });
    this.alone = this.edgesOf.filter((edges) => edges.length === 0).length;
    page.articles.forEach((article, at) => article.mentions?.forEach((node) => this.articlesOf[node]?.push(at)));
  }

  node(at: number): Node { return this.page.nodes[at]!; }
  edge(at: number): Edge { return this.page.edges[at]!; }
  article(at: number): Article { return this.page.articles[at]!; }

  edgeId(at: number): string { return this.edge(at).id ?? String(at); }

  relationOf(edge: Edge): Relation | undefined { return edge.relation === undefined ? undefined : this.page.relations[edge.relation]; }
  kindOf(node: Node): Kind | undefined { return node.kind === undefined ? undefined : this.page.kinds[node.kind]; }

  /** The edge or node of this id, if the page holds it. */
  find(what: Selection["what"], id: string): Selection | null {
    const at = what === "node" ? (this.nodeAt.get(id) ?? -1) : this.page.edges.findIndex((_, i) => this.edgeId(i) === id);
    return at < 0 ? null : { what, at };
  }

  idOf({ what, at }: Selection): string {
    return what === "node" ? String(this.node(at).id) : this.edgeId(at);
  }

  private noteRoles(edge: Edge, at: number): void {
    const seen = new Set<string>();
    for (const claim of edge.claims ?? []) {
      for (const [role, ids] of Object.entries(claim.roles ?? {})) {
        for (const id of ids) {
          const node = this.nodeAt.get(id);
          if (node === undefined || seen.has(`${role} ${id}`)) continue;
          seen.add(`${role} ${id}`);
          this.qualifies[node]!.push({ role, edge: at });
        }
      }
    }
  }
}
