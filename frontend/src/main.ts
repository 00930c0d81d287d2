// Puts the page together: reads the data, makes the parts, and passes every change of state to them.
import { addressOf, follow } from "./address";
import { Data, type Page } from "./data";
import { byId } from "./dom";
import { Filters } from "./filters";
import { Panel } from "./panel";
import { Search } from "./search";
import { State } from "./state";
import { Table } from "./table";
import { View } from "./view";

const data = new Data(JSON.parse(byId("data").textContent!) as Page);
const state = new State(data);
const addressed = location.protocol !== "about:"; // inside a notebook's srcdoc frame the address cannot change
if (addressed) follow(state, location.hash);

const filters = new Filters(data, state, byId("filter-body"), byId("status"), byId("alone"));
const panel = new Panel(data, state, byId("panel"));
const table = new Table(data, state, byId("table"), byId("caption"));
const view = new View(data, state, byId("canvas"), byId("tip"));
const input = byId<HTMLInputElement>("search");
const search = new Search(data, state, input, byId("results"));

let drawn = state.selection;
let missing = state.missing;
let opener: HTMLElement | null = null;

state.onChange(() => {
  filters.update();
  table.update();
  view.update();
  if (drawn !== state.selection || missing !== state.missing) selected();
  if (addressed && !missing && addressOf(state) !== (location.hash || "#")) history.replaceState(null, "", addressOf(state));
});

function selected(): void {
  const before = document.activeElement;
  if (!drawn && before instanceof HTMLElement && before !== document.body) opener = before;
  drawn = state.selection;
  missing = state.missing;
  panel.update();
  view.reveal();
  if (drawn || missing) panel.focus();
  else if (opener?.isConnected) opener.focus();
}

function show(view: "graph" | "table"): void {
  document.documentElement.dataset["view"] = view;
  byId("show-graph").setAttribute("aria-pressed", String(view === "graph"));
  byId("show-table").setAttribute("aria-pressed", String(view === "table"));
  search.close();
}

byId("show-graph").addEventListener("click", () => show("graph"));
byId("show-table").addEventListener("click", () => show("table"));
document.querySelector(".skip")!.addEventListener("click", () => show("table"));
byId("zoom-in").addEventListener("click", () => view.zoom(1.3));
byId("zoom-out").addEventListener("click", () => view.zoom(1 / 1.3));
byId("fit").addEventListener("click", () => view.fit());
input.addEventListener("input", () => table.narrow(input.value));

addEventListener("hashchange", () => {
  if (addressed) follow(state, location.hash);
  filters.build();
});

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && search.isOpen) {
    search.close();
    input.focus();
  } else if (event.key === "Escape" && (state.selection || state.missing)) state.select(null);
  else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
    input.focus();
    event.preventDefault();
  }
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  filters.build();
  panel.update();
});

const narrow = matchMedia("(max-width: 900px)"); // as in app.css
const foldFilters = () => { byId<HTMLDetailsElement>("filters").open = !narrow.matches; };
narrow.addEventListener("change", foldFilters);
foldFilters();
show("graph");
if (drawn) view.reveal();

// For tests and scripts in the page: where things are on the canvas.
Object.assign(globalThis, { explorer: { view, state, data } });
