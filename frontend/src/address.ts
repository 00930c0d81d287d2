// The view as its address says it: #e=EDGE or #n=NODE as ever, then what is filtered: k= kinds, r= relations, on= a day.
import type { Selection } from "./data";
import type { State } from "./state";

const WHAT = { e: "edge", n: "node" } as const;

/** The fragment of what is selected and filtered; "#" where nothing is. */
export function addressOf(state: State): string {
  const { kinds, relations } = state.data.page;
  const parts: string[] = [];
  if (state.selection) parts.push(`${state.selection.what === "edge" ? "e" : "n"}=${encodeURIComponent(state.data.idOf(state.selection))}`);
  if (state.hiddenKinds.size) parts.push(`k=${choice(Object.keys(kinds), state.hiddenKinds)}`);
  if (state.hiddenRelations.size) parts.push(`r=${choice(Object.keys(relations), state.hiddenRelations)}`);
  if (state.day) parts.push(`on=${state.day}`);
  if (!state.undated) parts.push("undated=0");
  if (state.alone && state.data.page.edges.length) parts.push("alone=1");
  return `#${parts.join("&")}`;
}

/** Brings the state in line with a fragment. One that says nothing of a view, as #table, leaves the state alone. */
export function follow(state: State, fragment: string): void {
  const said = new URLSearchParams(fragment.slice(1));
  const { kinds, relations, edges } = state.data.page;
  if (fragment.length > 1 && !["e", "n", "k", "r", "on", "undated", "alone"].some((key) => said.has(key))) return;
  state.change(() => {
    hide(state.hiddenKinds, Object.keys(kinds), said.get("k"));
    hide(state.hiddenRelations, Object.keys(relations), said.get("r"));
    state.day = /^\d{4}-\d\d-\d\d$/.exec(said.get("on") ?? "")?.[0] ?? "";
    state.undated = said.get("undated") !== "0";
    state.alone = said.get("alone") === "1" || edges.length === 0;
    const key = said.has("e") ? "e" : "n", id = said.get(key);
    const what: Selection["what"] = WHAT[key];
    state.selection = id === null ? null : state.data.find(what, id);
    state.missing = id === null || state.selection ? null : { what, id };
  });
}

// Whichever is shorter: the names that are shown, or after a minus those that are not.
function choice(all: string[], hidden: Set<string>): string {
  const shown = all.filter((name) => !hidden.has(name));
  return shown.length < hidden.size ? shown.join(",") : `-${[...hidden].sort().join(",")}`;
}

function hide(hidden: Set<string>, all: string[], said: string | null): void {
  const names = (said ?? "-").replace(/^-/, "").split(",");
  const without = said === null || said.startsWith("-");
  hidden.clear();
  for (const name of all) if (names.includes(name) === without) hidden.add(name);
}
