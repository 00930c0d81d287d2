// Labels on the canvas: always the same size on the screen, the most joined nodes first, none over another.
import type { Data } from "./data";
import { wrapped } from "./text";
import type { Palette } from "./view";

export interface Point { x: number; y: number }
interface Box { left: number; top: number; right: number; bottom: number; node?: number }

const FACES = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Thai", "Noto Sans Khmer", "Noto Sans CJK SC", sans-serif';
const SIZE = 12.5, SMALL = 11, LINE = 15; // screen pixels
const FIRST = 15; // nodes
const CELL = 160; // screen pixels: labels are compared with those in the cells they touch only

export class Labels {
  /** Nodes by the number of their edges, most first. */
  readonly ranked: number[];
  private readonly texts: string[][];
  private readonly widths: (number | undefined)[];
  private held = new Grid();
  private lines = new Grid();
  private named = new Set<number>();
  private context!: CanvasRenderingContext2D;
  private scale = 1;
  private palette!: Palette;
  private sight: Box = { left: 0, top: 0, right: 0, bottom: 0 };

  constructor(private readonly data: Data) {
    const degree = (at: number) => data.edgesOf[at]!.length;
    this.ranked = data.page.nodes.map((_, at) => at).sort((a, b) => degree(b) - degree(a) || a - b);
    this.texts = data.page.nodes.map((node) => wrapped(node.label));
    this.widths = new Array(data.page.nodes.length);
  }

  /** Starts a frame. Labels are laid out in screen pixels around the canvas's origin; `covered` is what controls cover. */
  begin(context: CanvasRenderingContext2D, scale: number, centre: Point, palette: Palette, covered: DOMRect[]): void {
    const half = { x: context.canvas.clientWidth / 2, y: context.canvas.clientHeight / 2 };
    this.sight = { left: centre.x * scale - half.x, right: centre.x * scale + half.x, top: centre.y * scale - half.y, bottom: centre.y * scale + half.y };
    this.context = context;
    this.scale = scale;
    this.palette = palette;
    this.held = new Grid();
    this.lines = new Grid();
    this.named = new Set();
    for (const box of covered) {
      this.held.keep({ left: this.sight.left + box.left, right: this.sight.left + box.right, top: this.sight.top + box.top, bottom: this.sight.top + box.bottom });
    }
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
  }

  /** The names of nodes, most joined first; those of the first few may cover the marks of lesser ones. */
  nodes(shown: boolean[]): void {
    const all = this.ranked.filter((at) => shown[at]);
    for (const at of all.slice(0, FIRST)) this.block(at);
    for (const at of all.slice(0, FIRST)) this.node(at, false);
    for (const at of all.slice(FIRST)) this.block(at);
    for (const at of all.slice(FIRST)) this.node(at, false);
  }

  /** A node's name under its mark, or else above or beside it, all of it in sight; without room it is left out, unless it is due. */
  node(at: number, due: boolean): void {
    if (this.named.has(at)) return;
    const { x, y, size = 14 } = this.data.node(at);
    const middle = { x: x * this.scale, y: y * this.scale }, away = size * this.scale + 4;
    if (!this.within(around(middle.x, middle.y, 0))) return;
    const lines = this.texts[at]!;
    const width = (this.widths[at] ??= this.width(lines)), height = lines.length * LINE;
    const { left, right, top, bottom } = this.sight;
    const beside = held(middle.x, left + width / 2, right - width / 2), level = held(middle.y, top + height / 2, bottom - height / 2);
    const places = [
      { x: beside, y: middle.y + away + height / 2 }, { x: beside, y: middle.y - away - height / 2 },
      { x: middle.x + away + width / 2, y: level }, { x: middle.x - away - width / 2, y: level },
    ].map(({ x, y }) => ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2, node: at }))
      .filter((place) => this.within(place));
    const free = places.filter((place) => !this.held.meets(place));
    const box = free.find((place) => !this.lines.meets(place)) ?? free[0] ?? (due ? places[0] : undefined);
    if (!box) return;
    this.held.keep(box);
    this.named.add(at);
    lines.forEach((line, i) => this.write(line, (box.left + box.right) / 2, box.top + (i + 0.5) * LINE, this.palette.ink, due ? 600 : 400));
  }

  /** A relation on the middle of its edge, where nothing else stands. */
  edge(at: number, middle: Point): void {
    const label = this.data.edge(at).label;
    const x = middle.x * this.scale, y = middle.y * this.scale;
    if (!label || !this.inSight(x, y)) return;
    const half = this.width([label], SMALL) / 2;
    const box = { left: x - half, right: x + half, top: y - 8, bottom: y + 8 };
    if (!this.within(box) || this.held.meets(box)) return;
    this.held.keep(box);
    this.write(label, x, y, this.palette.ink, 600, SMALL);
  }

  /** The node whose label stands at a point of the canvas. */
  at(point: Point): number | undefined {
    const x = point.x * this.scale, y = point.y * this.scale;
    return this.held.meets(around(x, y, 0.5))?.node;
  }

  /** Keeps the mark of a node clear of names. */
  block(at: number): void {
    const { x, y, size = 14 } = this.data.node(at);
    if (this.inSight(x * this.scale, y * this.scale)) this.held.keep(around(x * this.scale, y * this.scale, size * this.scale * 0.8));
  }

  /** Lets names rather stand elsewhere than on this point of an edge. */
  avoid({ x, y }: Point): void {
    if (this.inSight(x * this.scale, y * this.scale)) this.lines.keep(around(x * this.scale, y * this.scale, 3));
  }

  private write(text: string, x: number, y: number, color: string, weight: number, size = SIZE): void {
    const { context, scale } = this;
    context.font = `${weight} ${size / scale}px ${FACES}`;
    context.strokeStyle = this.palette.ground;
    context.lineWidth = 4 / scale;
    context.strokeText(text, x / scale, y / scale);
    context.fillStyle = color;
    context.fillText(text, x / scale, y / scale);
  }

  private width(lines: string[], size = SIZE): number {
    this.context.font = `600 ${size}px ${FACES}`;
    return Math.max(...lines.map((line) => this.context.measureText(line).width)) + 6;
  }

  private inSight(x: number, y: number): boolean {
    const { left, right, top, bottom } = this.sight;
    return left - CELL < x && x < right + CELL && top - CELL < y && y < bottom + CELL;
  }

  private within(box: Box): boolean {
    const { left, right, top, bottom } = this.sight;
    return left <= box.left && box.right <= right && top <= box.top && box.bottom <= bottom;
  }
}

/** Boxes by the cells of a grid that they touch, so that few have to be compared. */
class Grid {
  private readonly cells = new Map<string, Box[]>();

  keep(box: Box): void {
    for (const key of cellsOf(box)) {
      const held = this.cells.get(key);
      if (held) held.push(box);
      else this.cells.set(key, [box]);
    }
  }

  meets(box: Box): Box | undefined {
    for (const key of cellsOf(box)) {
      const met = this.cells.get(key)?.find((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
      if (met) return met;
    }
    return undefined;
  }
}

function* cellsOf(box: Box): Generator<string> {
  for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x++) {
    for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y++) yield `${x} ${y}`;
  }
}

function held(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

function around(x: number, y: number, half: number): Box {
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}
