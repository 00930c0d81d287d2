// The table that came with the page: its rows follow filters and search, a column head sorts, a relation opens its evidence.
import type { Data } from "./data";
import type { State } from "./state";
import { counted, fold } from "./text";

export class Table {
  /** The row of each edge. */
  private readonly rows: HTMLTableRowElement[] = [];
  private keys: string[] | null = null;
  private wanted = "";

  constructor(private readonly data: Data, private readonly state: State, private readonly table: HTMLElement, private readonly caption: HTMLElement) {
    for (const row of table.querySelectorAll<HTMLTableRowElement>("tbody tr")) this.rows[Number(row.dataset["at"])] = row;
    table.addEventListener("click", (event) => {
      const relation = (event.target as Element).closest("a[href^='#']");
      const row = relation?.closest("tr");
      if (!row) return;
      event.preventDefault();
      state.select({ what: "edge", at: Number(row.dataset["at"]) });
    });
    table.querySelectorAll<HTMLTableCellElement>("thead th").forEach((head, column) => this.sortable(head, column));
    this.update();
  }

  update(): void {
    const shown = this.state.edgesShown().map((passes, at) => passes && this.matches(at));
    const chosen = this.state.selection;
    const few = shown.filter(Boolean).length, all = counted(shown.length, "edge");
    this.caption.textContent = few === shown.length ? all : `${few} of ${all}${this.wanted ? ` with “${this.wanted}”` : ""}`;
    this.rows.forEach((row, at) => {
      row.hidden = !shown[at];
      row.classList.toggle("chosen", chosen?.what === "edge" && chosen.at === at);
    });
  }

  /** Leaves the rows in which each of these words occurs: in a name of either end in any script, the relation, a quote. */
  narrow(text: string): void {
    this.wanted = fold(text);
    this.update();
  }

  private matches(at: number): boolean {
    return this.wanted.split(" ").every((word) => word === "" || (this.keys ??= this.index())[at]!.includes(word));
  }

  private index(): string[] {
    return this.data.page.edges.map((edge) => {
      const names = [edge.from, edge.to].flatMap((end) => [this.data.node(end).label, ...(this.data.node(end).names ?? [])]);
      const quotes = (edge.claims ?? []).flatMap((claim) => (claim.evidence ?? []).map((evidence) => evidence.quote));
      return fold([...names, edge.label ?? "", ...quotes].join("\n"));
    });
  }

  private sortable(head: HTMLTableCellElement, column: number): void {
    const press = document.createElement("button");
    press.type = "button";
    press.append(...head.childNodes);
    head.append(press);
    press.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      this.table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      this.sort(column, down ? -1 : 1);
    });
  }

  private sort(column: number, sign: number): void {
    const body = this.table.querySelector("tbody")!;
    const keyed = [...body.rows].map((row) => ({ row, key: row.cells[column]!.textContent!.trim() }));
    // What is empty, as the date of an undated edge, comes last either way; equal rows keep the order they had.
    keyed.sort((a, b) => Number(!a.key) - Number(!b.key) || sign * a.key.localeCompare(b.key, "en", { numeric: true }));
    body.append(...keyed.map(({ row }) => row));
  }
}
