// The drawing: vis-network on a 2D canvas, positions given, physics off. It knows the state and nothing of the panels.
import { DataSet } from "vis-data/esnext";
import { Network, type Options } from "vis-network/esnext";
import type { Data, Edge } from "./data";
import type { State } from "./state";
import { Labels, type Point } from "./labels";

export interface Palette { ink: string; quiet: string; line: string; faint: string; accent: string; denied: string; disputed: string; ground: string }

const LARGE = 1500; // edges: beyond that they are left out while the picture moves, not hovered over, and not dimmed
const CROWDED = 400; // edges: beyond that lines are thinner and names stand on them
const RIM = 44; // screen pixels left free at the sides of what is shown, so that marks and names have room
const FOOT = 32; // and below it besides, for the counts and the zoom buttons
const ZOOMED = 1.3; // from this scale on every edge in sight is labelled

export class View {
  private readonly nodes: DataSet<Record<string, unknown> & { id: number }>;
  private readonly edges: DataSet<Record<string, unknown> & { id: number }>;
  private readonly network: Network;
  private readonly bends: Bend[];
  private palette = palette();
  private drawnNodes: string[] = [];
  private drawnEdges: string[] = [];
  private nodesShown: boolean[] = [];
  private edgesShown: boolean[] = [];
  private picking = false;
  private readonly labels: Labels;
  private readonly thin: number;
  private readonly large: boolean;

  constructor(private readonly data: Data, private readonly state: State, private readonly canvas: HTMLElement, private readonly tip: HTMLElement) {
    this.bends = bends(data.page.edges);
    this.labels = new Labels(data);
    this.large = data.page.edges.length > LARGE;
    this.thin = data.page.edges.length > CROWDED ? 0.6 : 1;
    this.nodes = new DataSet(data.page.nodes.map((_, at) => ({ id: at })));
    this.edges = new DataSet(data.page.edges.map((edge, at) => ({ id: at, from: edge.from, to: edge.to })));
    this.update();
    this.network = new Network(canvas, { nodes: this.nodes, edges: this.edges } as never, this.options());
    this.network.on("click", (event) => this.clicked(event));
    for (const what of ["Node", "Edge"] as const) {
      this.network.on(`hover${what}`, (event) => this.hover(what, event));
      this.network.on(`blur${what}`, () => this.blur());
    }
    this.network.on("afterDrawing", (context: CanvasRenderingContext2D) => this.drawLabels(context));
    this.network.on("zoom", () => this.blur());
    this.network.on("dragStart", () => this.blur());
    this.fit(false);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  /** Brings the drawing in line with the state; only what looks different is handed to the canvas. */
  update(): void {
    const edgesShown = (this.edgesShown = this.state.edgesShown());
    const nodesShown = (this.nodesShown = this.state.nodesShown(edgesShown));
    const lit = this.lit();
    this.drawnNodes = changed(this.nodes, this.drawnNodes, this.data.page.nodes.map((_, at) => this.nodeLook(at, nodesShown[at]!, lit)));
    this.drawnEdges = changed(this.edges, this.drawnEdges, this.data.page.edges.map((_, at) => this.edgeLook(at, edgesShown[at]!, lit)));
  }

  /** Shows all that passes the filters, with room for the labels at the rim. */
  fit(animated = true): void {
    this.show(this.data.page.nodes.flatMap((_, at) => (this.nodesShown[at] ? [at] : [])), 1.2, animated);
  }

  zoom(by: number): void {
    this.network.moveTo({ scale: this.network.getScale() * by, animation: moving() && { duration: 150, easingFunction: "easeOutQuad" } });
  }

  /** Moves to the selection and what touches it, unless it was picked on the canvas itself. */
  reveal(): void {
    const lit = this.lit();
    if (lit && !this.picking) this.show([...lit.nodes], 0.9, true);
  }

  /** Where an edge's middle is, in pixels of the canvas element. */
  middleOf(at: number): Point {
    return this.network.canvasToDOM(this.pointOn(at, 0.5));
  }

  pointOf(at: number): Point {
    return this.network.canvasToDOM({ x: this.data.node(at).x, y: this.data.node(at).y });
  }

  /** The node that is selected, or the ends of the edge that is: their names are drawn whatever else stands there. */
  private chosenNodes(): number[] {
    const chosen = this.state.selection;
    if (!chosen) return [];
    return chosen.what === "node" ? [chosen.at] : [this.data.edge(chosen.at).from, this.data.edge(chosen.at).to];
  }

  private avoidEdges(edges: Iterable<number>): void {
    for (const at of edges) {
      if (this.edgesShown[at]) for (const part of [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]) this.labels.avoid(this.pointOn(at, part));
    }
  }

  // vis-network bends edges; only its own geometry knows where their points are.
  private pointOn(at: number, part: number): Point {
    const inner = this.network as unknown as { body: { edges: Record<number, { edgeType: { getPoint(t: number): Point } }> } };
    return inner.body.edges[at]!.edgeType.getPoint(part);
  }

  private show(nodes: number[], most: number, animated: boolean): void {
    const xs = nodes.map((at) => this.data.node(at).x), ys = nodes.map((at) => this.data.node(at).y);
    const [left, right, top, bottom] = nodes.length ? [min(xs), -min(xs.map((x) => -x)), min(ys), -min(ys.map((y) => -y))] : [0, 0, 0, 0];
    const { width, height } = this.box();
    const scale = Math.min(most, Math.max(width - 2 * RIM, 100) / (right - left + 1), Math.max(height - 2 * RIM - FOOT, 100) / (bottom - top + 1));
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 + FOOT / 2 / scale };
    this.network.moveTo({ position, scale, animation: animated && moving() && { duration: 300, easingFunction: "easeInOutQuad" } });
  }

  private box(): DOMRect {
    return this.canvas.getBoundingClientRect();
  }

  private options(): Options {
    const given = this.data.page.options;
    return {
      physics: { enabled: false },
      layout: { improvedLayout: false },
      nodes: { borderWidth: 1.5, borderWidthSelected: 1.5, chosen: false, ...given["nodes"] },
      edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, arrows: { to: { scaleFactor: 0.55 } }, ...given["edges"] },
      interaction: {
        hover: !this.large, hideEdgesOnDrag: this.large, hideEdgesOnZoom: this.large, selectable: true, selectConnectedEdges: false,
        hoverConnectedEdges: false, multiselect: false, keyboard: false, ...given["interaction"],
      },
    } as Options;
  }

  // The selection, its ends and what touches it; nothing where nothing is selected.
  private lit(): { nodes: Set<number>; edges: Set<number> } | null {
    const chosen = this.state.selection;
    if (!chosen) return null;
    const edges = chosen.what === "edge" ? [chosen.at] : this.data.edgesOf[chosen.at]!.filter((at) => this.edgesShown[at]);
    const nodes = new Set(this.chosenNodes());
    for (const at of edges) nodes.add(this.data.edge(at).from).add(this.data.edge(at).to);
    return { nodes, edges: new Set(edges) };
  }

  private nodeLook(at: number, shown: boolean, lit: ReturnType<View["lit"]>): Record<string, unknown> {
    const { ground, accent, faint } = this.palette;
    const node = this.data.node(at);
    const chosen = this.state.selection?.what === "node" && this.state.selection.at === at;
    const dim = lit !== null && !this.large && !lit.nodes.has(at);
    const fill = shade(node.color);
    const size = node.size ?? 14;
    return {
      hidden: !shown, x: node.x, y: node.y, shape: node.shape, size,
      color: { background: dim ? faint : fill, border: chosen ? accent : ground, hover: { background: fill, border: accent }, highlight: { background: fill, border: accent } },
      borderWidth: chosen ? 4 : 1.5,
    };
  }

  private edgeLook(at: number, shown: boolean, lit: ReturnType<View["lit"]>): Record<string, unknown> {
    const { quiet, line, faint, accent } = this.palette;
    const edge = this.data.edge(at);
    const chosen = this.state.selection?.what === "edge" && this.state.selection.at === at;
    const dim = lit !== null && !this.large && !lit.edges.has(at);
    const color = chosen ? accent : dim ? faint : (edge.color ?? this.polarityColor(edge) ?? (lit?.edges.has(at) ? quiet : line));
    return {
      hidden: !shown,
      width: ((edge.width ?? 1) * 0.9 + 0.4) * this.thin + (chosen ? 2 : 0),
      dashes: edge.dashes ?? false,
      color: { color, hover: accent, highlight: accent, inherit: false },
      // vis-network paints arrows over nodes: those of dimmed edges would litter the lit ones
      arrows: { to: { enabled: edge.arrows === "to" && !dim }, middle: (!dim && MIDDLES[edge.polarity ?? ""]) || { enabled: false } },
      smooth: this.bends[at],
      selfReference: { size: 22 },
    };
  }

  private drawLabels(context: CanvasRenderingContext2D): void {
    const scale = this.network.getScale();
    const lit = this.lit();
    const edges = lit && lit.edges.size <= 12 ? lit.edges : scale >= ZOOMED && !lit ? this.edgesShown.keys() : [];
    this.labels.begin(context, scale, this.network.getViewPosition(), this.palette, this.covered());
    const lines = lit?.edges ?? new Set(this.edgesShown.keys());
    if (lines.size <= CROWDED) this.avoidEdges(lines);
    for (const at of lit?.nodes ?? []) this.labels.block(at);
    for (const at of this.chosenNodes()) this.labels.node(at, true);
    for (const at of edges) if (this.edgesShown[at]) this.labels.edge(at, this.pointOn(at, 0.5));
    if (!lit) this.labels.nodes(this.nodesShown);
    else for (const at of this.labels.ranked) if (lit.nodes.has(at)) this.labels.node(at, false);
  }

  /** Where the page's own words and buttons stand on the canvas, in pixels from its upper left corner. */
  private covered(): DOMRect[] {
    const { left, top } = this.box();
    return [...this.canvas.parentElement!.querySelectorAll(".status, .zoom")].map((element) => {
      const box = element.getBoundingClientRect();
      return new DOMRect(box.left - left, box.top - top, box.width, box.height);
    });
  }

  private polarityColor(edge: Edge): string | undefined {
    return { denied: this.palette.denied, disputed: this.palette.disputed }[edge.polarity ?? ""];
  }

  private clicked(event: { nodes: number[]; edges: number[]; pointer: { canvas: Point } }): void {
    const [node = this.labels.at(event.pointer.canvas)] = event.nodes, [edge] = event.edges;
    this.picking = true;
    if (node !== undefined) this.state.select({ what: "node", at: node });
    else if (edge !== undefined) this.state.select({ what: "edge", at: edge });
    else if (this.state.selection) this.state.select(null);
    this.picking = false;
  }

  private hover(what: "Node" | "Edge", event: { node?: number; edge?: number; event: MouseEvent; pointer: { DOM: { x: number; y: number } } }): void {
    const at = what === "Node" ? event.node! : event.edge!;
    this.tip.replaceChildren(...(what === "Node" ? this.nodeTip(at) : this.edgeTip(at)));
    const { x, y } = event.pointer.DOM;
    const width = this.tip.parentElement!.clientWidth;
    this.tip.hidden = false;
    this.tip.style.transform = `translate(${Math.max(4, Math.min(x + 14, width - this.tip.offsetWidth - 4))}px, ${y + 16}px)`;
    this.tip.parentElement!.classList.add("pointing");
  }

  private blur(): void {
    this.tip.hidden = true;
    this.tip.parentElement!.classList.remove("pointing");
  }

  private nodeTip(at: number): string[] {
    const node = this.data.node(at);
    const kind = this.data.kindOf(node)?.label;
    return [node.title ?? `${node.label}${kind ? ` · ${kind}` : ""}`];
  }

  private edgeTip(at: number): string[] {
    const edge = this.data.edge(at);
    const arrow = edge.arrows === "to" ? "→" : "—";
    return [edge.title ?? `${this.data.node(edge.from).label} — ${edge.label ?? ""} ${arrow} ${this.data.node(edge.to).label}`];
  }

  private repaint(): void {
    this.palette = palette();
    this.update();
  }
}

// Not by colour alone: a bar crosses a denied edge, a ring stands on a disputed one.
const MIDDLES: Record<string, object> = {
  denied: { enabled: true, type: "bar", scaleFactor: 0.8 },
  disputed: { enabled: true, type: "circle", scaleFactor: 0.4 },
};

type Bend = { enabled: boolean; type: string; roundness: number };

/** How each edge bends, so that those between the same two nodes lie side by side whatever their direction. */
export function bends(edges: Edge[]): Bend[] {
  const together = new Map<string, number[]>();
  edges.forEach((edge, at) => {
    const pair = [edge.from, edge.to].sort((a, b) => a - b).join(" ");
    together.set(pair, [...(together.get(pair) ?? []), at]);
  });
  const found: Bend[] = new Array(edges.length);
  for (const several of together.values()) {
    several.forEach((at, rank) => {
      const offset = (rank - (several.length - 1) / 2) * Math.min(0.3, 1 / several.length);
      const clockwise = offset > 0 === edges[at]!.from <= edges[at]!.to;
      found[at] = { enabled: offset !== 0, type: clockwise ? "curvedCW" : "curvedCCW", roundness: Math.abs(offset) };
    });
  }
  return found;
}

/** Updates those elements whose look is another than last time, and gives the looks for next time. */
function changed(set: DataSet<Record<string, unknown> & { id: number }>, before: string[], looks: Record<string, unknown>[]): string[] {
  const now = looks.map((look) => JSON.stringify(look));
  const updates = looks.flatMap((look, id) => (now[id] === before[id] ? [] : [{ id, ...look }]));
  if (updates.length) set.update(updates as never);
  return now;
}

function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read("ink"), quiet: read("quiet"), line: read("edge"), faint: read("faint"), accent: read("accent"), denied: read("denied"),
    disputed: read("disputed"), ground: read("canvas"),
  };
}

/** A colour of the vocabulary, made bright enough where the ground is dark. */
export function shade(color: string): string {
  const parts = /^#(..)(..)(..)$/.exec(color);
  if (!parts || !matchMedia("(prefers-color-scheme: dark)").matches) return color;
  return `rgb(${parts.slice(1).map((part) => Math.round(parseInt(part, 16) * 0.7 + 255 * 0.3)).join(", ")})`;
}

function min(values: number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function moving(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
