// What the reader has chosen: a selection and filters. Everything on the page is drawn from this and the data.
import type { Data, Edge, Selection } from "./data";

export class State {
  selection: Selection | null = null;
  /** What a link asked for that the page does not hold. */
  missing: { what: Selection["what"]; id: string } | null = null;
  readonly hiddenKinds = new Set<string>();
  readonly hiddenRelations = new Set<string>();
  /** An ISO day: only edges that had begun and not ended by then. Empty: any time. */
  day = "";
  undated = true;
  /** Whether entities without any edge are drawn. */
  alone: boolean;
  private readonly listeners: (() => void)[] = [];

  constructor(readonly data: Data) {
    this.alone = data.page.edges.length === 0;
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  change(how: () => void): void {
    how();
    for (const listener of this.listeners) listener();
  }

  select(selection: Selection | null): void {
    this.change(() => {
      this.selection = selection;
      this.missing = null;
    });
  }

  /** Which edges pass the filters; the selected one always does. */
  edgesShown(): boolean[] {
    return this.data.page.edges.map((edge, at) => this.passes(edge) || this.isSelected("edge", at));
  }

  /** Which nodes are drawn: their kind is on, and an edge of theirs is shown or they never had one. */
  nodesShown(edges: boolean[]): boolean[] {
    const held = this.selection?.what === "edge" ? this.data.edge(this.selection.at) : null;
    return this.data.page.nodes.map((node, at) => {
      if (this.isSelected("node", at) || held?.from === at || held?.to === at) return true;
      if (node.kind !== undefined && this.hiddenKinds.has(node.kind)) return false;
      const own = this.data.edgesOf[at]!;
      return own.length === 0 ? this.alone : own.some((edge) => edges[edge]);
    });
  }

  private isSelected(what: Selection["what"], at: number): boolean {
    return this.selection?.what === what && this.selection.at === at;
  }

  private passes(edge: Edge): boolean {
    if (edge.relation !== undefined && this.hiddenRelations.has(edge.relation)) return false;
    for (const end of [edge.from, edge.to]) {
      const kind = this.data.node(end).kind;
      if (kind !== undefined && this.hiddenKinds.has(kind)) return false;
    }
    return this.day === "" || this.heldOn(edge, this.day);
  }

  // Dates are ISO prefixes: 2021-08 sorts before each of its days, so a start counts from the first day it may mean;
  // an end is compared at its own precision, so it lasts to the last day it may mean.
  private heldOn(edge: Edge, day: string): boolean {
    if (edge.since === undefined) return this.undated;
    return edge.since <= day && (edge.until === undefined || edge.until >= day.slice(0, edge.until.length));
  }
}
