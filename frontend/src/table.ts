// The table that came with the page: its rows follow the filters, a column head sorts, a relation opens its evidence.
import type { State } from "./state";

export class Table {
  private readonly rows: HTMLTableRowElement[];

  constructor(private readonly state: State, private readonly table: HTMLElement) {
    this.rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")];
    const places = new Map(this.rows.map((row, at) => [row, at]));
    table.addEventListener("click", (event) => {
      const relation = (event.target as Element).closest("a[href^='#']");
      const at = places.get(relation?.closest("tr") as HTMLTableRowElement);
      if (at === undefined) return;
      event.preventDefault();
      state.select({ what: "edge", at });
    });
    table.querySelectorAll<HTMLTableCellElement>("thead th").forEach((head, column) => this.sortable(head, column));
    this.update();
  }

  update(): void {
    const shown = this.state.edgesShown();
    const chosen = this.state.selection;
    this.rows.forEach((row, at) => {
      row.hidden = !shown[at];
      row.classList.toggle("chosen", chosen?.what === "edge" && chosen.at === at);
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
    const key = (row: HTMLTableRowElement) => row.cells[column]!.textContent!.trim();
    const keyed = this.rows.map((row) => ({ row, key: key(row) }));
    keyed.sort((a, b) => sign * a.key.localeCompare(b.key, "en", { numeric: true }));
    this.table.querySelector("tbody")!.append(...keyed.map(({ row }) => row));
  }
}
