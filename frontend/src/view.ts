// The drawing: vis-network on a 2D canvas, positions given, physics off. It knows the state and nothing of the panels.
import { DataSet } from "vis-data/esnext";
import { Network, type Options } from "vis-network/esnext";
import type { Data, Edge } from "./data";
import type { State } from "./state";
import { wrapped } from "./text";

interface Palette { ink: string; quiet: string; line: string; faint: string; accent: string; denied: string; disputed: string; ground: string }

const LARGE = 1500; // edges: from here on they are left out while the picture moves
const LABEL_SIZE = 11;
const ZOOMED = 1.25; // from this scale on edges are labelled

export class View {
  private readonly nodes: DataSet<Record<string, unknown> & { id: number }>;
  private readonly edges: DataSet<Record<string, unknown> & { id: number }>;
  private readonly network: Network;
  private readonly bends: Bend[];
  private palette = palette();
  private drawnNodes: string[] = [];
  private drawnEdges: string[] = [];

  constructor(private readonly data: Data, private readonly state: State, canvas: HTMLElement, private readonly tip: HTMLElement) {
    this.bends = bends(data.page.edges);
    this.nodes = new DataSet(data.page.nodes.map((_, at) => ({ id: at })));
    this.edges = new DataSet(data.page.edges.map((edge, at) => ({ id: at, from: edge.from, to: edge.to })));
    this.update();
    this.network = new Network(canvas, { nodes: this.nodes, edges: this.edges } as never, this.options());
    this.network.on("click", (event) => this.clicked(event));
    for (const what of ["Node", "Edge"] as const) {
      this.network.on(`hover${what}`, (event) => this.hover(what, event));
      this.network.on(`blur${what}`, () => this.blur());
    }
    this.network.on("zoom", () => this.blur());
    this.network.on("dragStart", () => this.blur());
    this.fit(false);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  /** Brings the drawing in line with the state; only what looks different is handed to the canvas. */
  update(): void {
    const edgesShown = this.state.edgesShown();
    const nodesShown = this.state.nodesShown(edgesShown);
    const lit = this.lit();
    this.drawnNodes = changed(this.nodes, this.drawnNodes, this.data.page.nodes.map((_, at) => this.nodeLook(at, nodesShown[at]!, lit)));
    this.drawnEdges = changed(this.edges, this.drawnEdges, this.data.page.edges.map((_, at) => this.edgeLook(at, edgesShown[at]!, lit)));
  }

  fit(animated = true): void {
    const shown = this.nodes.get({ filter: (node) => node["hidden"] !== true }).map((node) => node.id);
    this.network.fit({ nodes: shown.length ? shown : undefined, maxZoomLevel: 1.2, animation: animated && moving() } as never);
  }

  zoom(by: number): void {
    this.network.moveTo({ scale: this.network.getScale() * by, animation: moving() && { duration: 150, easingFunction: "easeOutQuad" } });
  }

  /** Brings the selection into sight, if it is not. */
  reveal(): void {
    const chosen = this.state.selection;
    if (!chosen) return;
    const ends = chosen.what === "node" ? [chosen.at] : [this.data.edge(chosen.at).from, this.data.edge(chosen.at).to];
    const canvas = this.network.canvasToDOM.bind(this.network);
    const box = (this.network as unknown as { body: { container: HTMLElement } }).body.container.getBoundingClientRect();
    const outside = ends.some((at) => {
      const { x, y } = canvas({ x: this.data.node(at).x, y: this.data.node(at).y });
      return x < 20 || y < 20 || x > box.width - 20 || y > box.height - 40;
    });
    if (outside) this.network.fit({ nodes: ends, maxZoomLevel: Math.max(0.7, this.network.getScale()), animation: moving() } as never);
  }

  /** Where an edge's middle is, in pixels of the canvas element. */
  middleOf(at: number): { x: number; y: number } {
    const { from, to } = this.data.edge(at);
    const inner = (this.network as unknown as { body: { edges: Record<number, { edgeType: { getPoint(t: number): { x: number; y: number } } }> } }).body.edges[at];
    const a = this.data.node(from), b = this.data.node(to);
    return this.network.canvasToDOM(inner ? inner.edgeType.getPoint(0.5) : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  }

  pointOf(at: number): { x: number; y: number } {
    return this.network.canvasToDOM({ x: this.data.node(at).x, y: this.data.node(at).y });
  }

  private options(): Options {
    const many = this.data.page.edges.length > LARGE;
    const given = this.data.page.options;
    return {
      physics: { enabled: false },
      layout: { improvedLayout: false },
      nodes: { borderWidth: 1.5, borderWidthSelected: 1.5, chosen: false, ...given["nodes"] },
      edges: { chosen: false, selectionWidth: 0, hoverWidth: 0, arrowStrikethrough: false, arrows: { to: { scaleFactor: 0.55 } }, ...given["edges"] },
      interaction: {
        hover: true, hideEdgesOnDrag: many, hideEdgesOnZoom: many, selectable: true, selectConnectedEdges: false,
        hoverConnectedEdges: false, multiselect: false, keyboard: false, ...given["interaction"],
      },
    } as Options;
  }

  // The selection, its ends and what touches it; nothing where nothing is selected.
  private lit(): { nodes: Set<number>; edges: Set<number> } | null {
    const chosen = this.state.selection;
    if (!chosen) return null;
    const edges = chosen.what === "edge" ? [chosen.at] : this.data.edgesOf[chosen.at]!;
    const nodes = new Set(chosen.what === "node" ? [chosen.at] : []);
    for (const at of edges) nodes.add(this.data.edge(at).from).add(this.data.edge(at).to);
    return { nodes, edges: new Set(edges) };
  }

  private nodeLook(at: number, shown: boolean, lit: ReturnType<View["lit"]>): Record<string, unknown> {
    const { ink, ground, accent, faint } = this.palette;
    const node = this.data.node(at);
    const chosen = this.state.selection?.what === "node" && this.state.selection.at === at;
    const dim = lit !== null && !lit.nodes.has(at);
    const fill = shade(node.color);
    const size = node.size ?? 14;
    return {
      hidden: !shown, x: node.x, y: node.y, shape: node.shape, size, label: wrapped(node.label),
      color: { background: dim ? faint : fill, border: chosen ? accent : ground, hover: { background: fill, border: accent }, highlight: { background: fill, border: accent } },
      borderWidth: chosen ? 4 : 1.5,
      font: {
        face: FACES, size: 11 + Math.min(size, 30) / 5, color: dim ? faint : ink, strokeColor: ground, strokeWidth: dim ? 0 : 4, vadjust: -2,
      },
      scaling: { label: { drawThreshold: lit?.nodes.has(at) ? 1 : 7 } },
    };
  }

  private edgeLook(at: number, shown: boolean, lit: ReturnType<View["lit"]>): Record<string, unknown> {
    const { ink, line, faint, accent, ground } = this.palette;
    const edge = this.data.edge(at);
    const chosen = this.state.selection?.what === "edge" && this.state.selection.at === at;
    const dim = lit !== null && !lit.edges.has(at);
    const color = chosen ? accent : dim ? faint : (edge.color ?? this.polarityColor(edge) ?? (lit ? ink : line));
    return {
      hidden: !shown, label: edge.label,
      width: (edge.width ?? 1) * 0.9 + (chosen ? 2 : 0.5),
      dashes: edge.dashes ?? false,
      color: { color, hover: accent, highlight: accent, inherit: false },
      arrows: { to: { enabled: edge.arrows === "to" }, middle: MIDDLES[edge.polarity ?? ""] ?? { enabled: false } },
      smooth: this.bends[at],
      selfReference: { size: 22 },
      font: { face: FACES, size: LABEL_SIZE, color: ink, background: ground, strokeWidth: 0, align: "horizontal" },
      scaling: { label: { drawThreshold: this.labelled(at, chosen, lit) ? 1 : LABEL_SIZE * ZOOMED + 1 } },
    };
  }

  private labelled(at: number, chosen: boolean, lit: ReturnType<View["lit"]>): boolean {
    return chosen || (lit !== null && lit.edges.size <= 8 && lit.edges.has(at));
  }

  private polarityColor(edge: Edge): string | undefined {
    return { denied: this.palette.denied, disputed: this.palette.disputed }[edge.polarity ?? ""];
  }

  private clicked(event: { nodes: number[]; edges: number[] }): void {
    const [node] = event.nodes, [edge] = event.edges;
    if (node !== undefined) this.state.select({ what: "node", at: node });
    else if (edge !== undefined) this.state.select({ what: "edge", at: edge });
    else if (this.state.selection) this.state.select(null);
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

const FACES = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Thai", "Noto Sans Khmer", "Noto Sans CJK SC", sans-serif';

// Not by colour alone: a bar crosses a denied edge, a ring stands on a disputed one.
const MIDDLES: Record<string, object> = {
  denied: { enabled: true, type: "bar", scaleFactor: 0.8 },
  disputed: { enabled: true, type: "circle", scaleFactor: 0.6 },
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
      const offset = (rank - (several.length - 1) / 2) * Math.min(0.22, 0.9 / several.length);
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

function moving(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
