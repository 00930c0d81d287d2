// Search by any name in any script, and by the words of the quotes. Results are buttons: Tab and the arrows reach them.
import type { Data, Selection } from "./data";
import { button, el, foreign, mark, name } from "./dom";
import type { State } from "./state";
import { counted, fold } from "./text";
import { shade } from "./view";

interface Hit { selection: Selection; rank: number; shown: string; language: string }

const MOST = 12; // hits shown of each sort

export class Search {
  private names: { key: string; text: string; node: number }[] | null = null;
  private quotes: { key: string; text: string; edge: number; language: string }[] = [];

  constructor(private readonly data: Data, private readonly state: State, private readonly input: HTMLInputElement, private readonly results: HTMLElement) {
    input.addEventListener("input", () => this.update());
    input.addEventListener("click", () => this.update());
    input.addEventListener("keydown", (event) => this.typed(event));
    results.addEventListener("keydown", (event) => this.moved(event));
    document.addEventListener("pointerdown", (event) => {
      if (!(event.target instanceof Element) || !event.target.closest(".search")) this.close();
    });
  }

  get isOpen(): boolean { return !this.results.hidden; }

  close(): void {
    this.results.hidden = true;
  }

  private update(): void {
    const wanted = fold(this.input.value);
    if (!wanted || document.documentElement.dataset["view"] === "table") return this.close(); // the table narrows instead
    this.index();
    const nodes = this.nodeHits(wanted), edges = this.quoteHits(wanted);
    this.results.replaceChildren(
      el("p", { class: "quiet", role: "status" }, `${counted(nodes.length, "entity", "entities")}, ${counted(edges.length, "quote")}`),
      el("ul", {}, ...[...nodes.slice(0, MOST), ...edges.slice(0, MOST)].map((hit) => el("li", {}, this.hit(hit)))),
    );
    this.results.hidden = false;
  }

  // Made on the first search: a page that is only looked at does not pay for it.
  private index(): void {
    if (this.names) return;
    this.names = this.data.page.nodes.flatMap((node, at) =>
      [...new Set([node.label, ...(node.names ?? [])])].map((text) => ({ key: fold(text), text, node: at })));
    this.quotes = this.data.page.edges.flatMap((edge, at) => (edge.claims ?? []).flatMap((claim) => (claim.evidence ?? []).map((evidence) =>
      ({ key: fold(evidence.quote), text: evidence.quote, edge: at, language: this.data.article(evidence.article).language }))));
  }

  private nodeHits(wanted: string): Hit[] {
    const best = new Map<number, Hit>();
    for (const { key, text, node } of this.names!) {
      const where = key.indexOf(wanted);
      if (where < 0) continue;
      const rank = (key === wanted ? 0 : where === 0 ? 1 : 2) - Math.min(this.data.edgesOf[node]!.length, 99) / 100;
      const known = best.get(node);
      if (!known || rank < known.rank) best.set(node, { selection: { what: "node", at: node }, rank, shown: text, language: "" });
    }
    return [...best.values()].sort((a, b) => a.rank - b.rank);
  }

  private quoteHits(wanted: string): Hit[] {
    return this.quotes.filter(({ key }) => key.includes(wanted))
      .map(({ text, edge, language }) => ({ selection: { what: "edge", at: edge }, rank: 0, shown: text, language }));
  }

  private hit(hit: Hit): HTMLElement {
    const { what, at } = hit.selection;
    const choose = () => {
      this.input.focus(); // where the reader comes back to
      this.close();
      this.state.select(hit.selection);
    };
    if (what === "node") {
      const node = this.data.node(at);
      return button({ class: "row" }, choose, mark(node.shape, shade(node.color)), el("span", { class: "words" }, name(hit.shown)),
        el("span", { class: "aside quiet" }, hit.shown === node.label ? (this.data.kindOf(node)?.label ?? "") : name(node.label)));
    }
    const edge = this.data.edge(at);
    return button({ class: "row quote" }, choose, foreign("q", hit.language, hit.shown),
      el("span", { class: "quiet" }, name(this.data.node(edge.from).label), ` — ${edge.label ?? ""} — `, name(this.data.node(edge.to).label)));
  }

  private buttons(): HTMLButtonElement[] {
    return [...this.results.querySelectorAll("button")];
  }

  private typed(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    if (!this.isOpen) this.update();
    else if (event.key === "Enter") this.buttons()[0]?.click();
    else this.buttons()[0]?.focus();
    event.preventDefault();
  }

  private moved(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const all = this.buttons();
    const next = all.indexOf(document.activeElement as HTMLButtonElement) + step;
    (next < 0 ? this.input : all[next])?.focus();
    event.preventDefault();
  }
}
