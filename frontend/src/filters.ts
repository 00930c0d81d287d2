// The legend, which is also the filter: kinds, relations, a day; with how many there are of each.
import type { Data } from "./data";
import { button, el, mark, stroke } from "./dom";
import type { State } from "./state";
import { counted } from "./text";
import { shade } from "./view";

export class Filters {
  private readonly toggle = button({ class: "all", title: "They are named in articles or as a claim's place, group or agreement" },
    () => this.state.change(() => { this.state.alone = !this.state.alone; }));

  constructor(
    private readonly data: Data, private readonly state: State, private readonly body: HTMLElement,
    private readonly status: HTMLElement, alone: HTMLElement,
  ) {
    if (data.alone && data.page.edges.length) alone.append(` · ${data.alone} without an edge `, this.toggle);
    this.build();
    this.update();
  }

  build(): void {
    const { kinds, relations, nodes, edges } = this.data.page;
    this.body.replaceChildren(
      this.choices("Kinds", kinds, tally(nodes.map((node) => node.kind)), this.state.hiddenKinds, (kind) => [mark(kind.shape, shade(kind.color))]),
      this.time(),
      this.choices("Relations", relations, tally(edges.map((edge) => edge.relation)), this.state.hiddenRelations, () => []),
      lineKey(),
    );
  }

  update(): void {
    const edges = this.state.edgesShown();
    const all = this.data.page.nodes.length - (this.state.alone ? 0 : this.data.alone);
    const shown = edges.filter(Boolean).length;
    const nodes = Math.min(this.state.nodesShown(edges).filter(Boolean).length, all); // one without an edge may be selected
    const few = nodes !== all || shown !== edges.length;
    this.status.textContent = few
      ? `${nodes} of ${counted(all, "entity", "entities")} · ${shown} of ${counted(edges.length, "edge")}`
      : `${counted(all, "entity", "entities")} · ${counted(shown, "edge")}`;
    this.toggle.textContent = this.state.alone ? "hide" : "show";
  }

  private choices<T extends { label: string; meaning: string }>(
    title: string, options: Record<string, T>, counts: Map<string | undefined, number>, hidden: Set<string>, sign: (option: T) => Node[],
  ): HTMLElement {
    const boxes: HTMLInputElement[] = [];
    const rows = Object.entries(options).map(([key, option]) => {
      const box = el("input", { type: "checkbox" });
      box.checked = !hidden.has(key);
      boxes.push(box);
      box.addEventListener("change", () => this.state.change(() => { box.checked ? hidden.delete(key) : hidden.add(key); }));
      const only = button({ class: "only", "aria-label": `Only ${option.label}` }, () => set(key), "only");
      return el("li", {}, el("label", { title: option.meaning }, box, ...sign(option), option.label), only, el("span", { class: "quiet" }, String(counts.get(key) ?? 0)));
    });
    const set = (only: string | null) => this.state.change(() => {
      Object.keys(options).forEach((key, i) => {
        boxes[i]!.checked = only === null || key === only;
        boxes[i]!.checked ? hidden.delete(key) : hidden.add(key);
      });
    });
    return el("fieldset", {}, el("legend", {}, title, button({ class: "all" }, () => set(null), "all")), el("ul", {}, ...rows));
  }

  private time(): HTMLElement {
    const day = el("input", { type: "date", "aria-label": "Held on this day" });
    day.value = this.state.day;
    day.addEventListener("change", () => this.state.change(() => { this.state.day = day.value; }));
    const undated = el("input", { type: "checkbox" });
    undated.checked = this.state.undated;
    undated.addEventListener("change", () => this.state.change(() => { this.state.undated = undated.checked; }));
    const count = this.data.page.edges.filter((edge) => edge.since === undefined).length;
    return el("fieldset", {}, el("legend", { title: "Edges that had begun and not ended by this day, whenever that was reported" }, "Held on",
      button({ class: "all" }, () => { day.value = ""; this.state.change(() => { this.state.day = ""; }); }, "any day")),
      day, count ? el("label", {}, undated, `undated too (${count})`) : null);
  }

}

function lineKey(): HTMLElement {
  const rows: [SVGElement, string][] = [
    [stroke("", 1.5, ""), "one source"],
    [stroke("", 4, ""), "several sources"],
    [stroke("6 4", 1.5, ""), "only announced or planned"],
    [stroke("1.5 4", 2, "denied"), "denied"],
    [stroke("1.5 4", 2, "disputed"), "disputed"],
  ];
  return el("fieldset", { class: "key" }, el("legend", {}, "Lines"), el("ul", {}, ...rows.map(([line, text]) => el("li", {}, line, text))));
}

function tally(keys: (string | undefined)[]): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
