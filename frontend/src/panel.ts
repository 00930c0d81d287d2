// The panel beside the drawing: what is selected, and for an edge the words that support it.
import type { Claim, Data, Edge, Evidence, Node as GraphNode } from "./data";
import { button, el, foreign, link, mark, name } from "./dom";
import { counted, writtenDate } from "./text";
import type { State } from "./state";
import { shade } from "./view";

const ROLES = ["under", "within", "at", "via", "who"];
const FIGURES = ["count", "unit", "count_kind"]; // shown as one line
const FACTS: Record<string, string> = { iso3166_1: "ISO 3166-1", iso3166_2: "ISO 3166-2", wikidata: "Wikidata", wikidata_source: "Wikidata, seen at" };
const FEW = 6; // names before the rest is folded away
const MANY = 60; // edges listed in one group before the rest is folded away

export class Panel {
  constructor(private readonly data: Data, private readonly state: State, private readonly panel: HTMLElement) {
    this.update();
  }

  update(): void {
    const chosen = this.state.selection;
    const { missing } = this.state;
    const content = missing ? this.absent(missing) : !chosen ? this.overview() : chosen.what === "edge" ? this.edge(chosen.at) : this.node(chosen.at);
    this.panel.replaceChildren(...content);
    this.panel.classList.toggle("chosen", chosen !== null || missing !== null);
    this.panel.scrollTop = 0;
  }

  /** Moves the keyboard to the panel's heading, so that reading goes on there. */
  focus(): void {
    this.panel.querySelector<HTMLElement>("h2")?.focus();
  }

  // --- nothing selected --------------------------------------------------------------------------------------------

  private overview(): Node[] {
    return [
      el("h2", { tabindex: "-1" }, "Every edge leads to its words"),
      el("p", { class: "quiet" }, "Select an edge, in the drawing or below, to read the sentences that support it; select a node to see all its edges."),
      ...this.bestSupported(),
    ];
  }

  /** For a link that names what the page does not hold. */
  private absent({ what, id }: { what: string; id: string }): Node[] {
    return [
      this.heading("Not in this graph"),
      el("p", {}, `The link asks for the ${what === "edge" ? "edge" : "entity"} `, el("code", {}, id), ", which this graph does not hold. It may hold it under another id: search for a name."),
      ...this.bestSupported(),
    ];
  }

  private bestSupported(): Node[] {
    const edges = this.data.page.edges;
    const best = edges.map((_, at) => at).sort((a, b) => (edges[b]!.sources ?? 0) - (edges[a]!.sources ?? 0) || a - b).slice(0, 12);
    return [
      el("h3", {}, edges.length > best.length ? "Edges with most sources" : "Edges"),
      el("ul", { class: "rows" }, ...best.map((at) => this.edgeRow(at, null))),
    ];
  }

  // --- an edge -----------------------------------------------------------------------------------------------------

  private edge(at: number): Node[] {
    const edge = this.data.edge(at);
    const claims = edge.claims ?? [];
    const relation = this.data.relationOf(edge);
    return [
      this.heading(this.nodeButton(edge.from), " — ", el("span", { class: "relation", title: relation?.type ?? "" }, edge.label ?? "edge"),
        edge.arrows === "to" ? " → " : " — ", this.nodeButton(edge.to)),
      this.edgeBadges(edge),
      relation ? el("p", { class: "quiet" }, relation.meaning, " ", el("code", { title: "Its relationship type in Cypher" }, relation.type)) : null,
      ...(claims.length ? claims.map((claim, i) => this.claim(claim, i, claims.length)) : [this.byHand(edge)]),
    ].filter((part) => part !== null);
  }

  private byHand(edge: Edge): HTMLElement {
    return el("p", { class: "notice" }, edge.title ?? "", edge.title ? " " : "", "This edge was drawn by hand: it has no evidence.");
  }

  private edgeBadges(edge: Edge): HTMLElement | null {
    if (!edge.claims) return null;
    const sources = edge.sources ?? 0, articles = edge.articles ?? 0;
    return el("p", { class: "badges" },
      ...(edge.stages ?? []).map((stage) => this.stage(stage)),
      this.polarity(edge.polarity),
      sources === 1 ? el("span", { class: "badge single", title: "Only one independent source says so" }, "single source") : el("span", { class: "badge" }, counted(sources, "independent source")),
      articles > sources ? el("span", { class: "badge" }, counted(articles, "article")) : null,
      el("span", { class: "badge" }, this.when(edge)));
  }

  private when(edge: Edge): string {
    if (!edge.since) return "undated";
    if (edge.until) return `${edge.since} to ${edge.until}`;
    return this.data.relationOf(edge)?.nature === "event" ? edge.since : `since ${edge.since}`;
  }

  private claim(claim: Claim, index: number, of: number): HTMLElement {
    const quotes = claim.evidence ?? [];
    return el("section", { class: "claim" },
      of > 1 ? el("h3", {}, `Claim ${index + 1} of ${of}`, " ", this.stage(claim.stage), " ", this.polarity(claim.polarity)) : null,
      this.qualifiers(claim),
      ...quotes.map((evidence) => this.evidence(evidence)),
      el("p", { class: "id quiet" }, el("code", {}, claim.id)));
  }

  private qualifiers(claim: Claim): HTMLElement | null {
    const values = claim.values ?? {};
    const said: [string, Node[]][] = [];
    if (claim.valid) said.push(["when", [el("span", {}, claim.valid)]]);
    for (const role of ROLES) {
      const ids = claim.roles?.[role] ?? [];
      if (ids.length) said.push([role, ids.map((id) => this.entity(id))]);
    }
    if (values["count"] !== undefined) said.push(["count", [el("span", {}, figure(values))]]);
    for (const [key, value] of Object.entries(values)) {
      if (!FIGURES.includes(key)) said.push([key.replace(/_/g, " "), [el("span", { dir: "auto" }, String(value))]]);
    }
    if (!said.length) return null;
    return el("dl", {}, ...said.flatMap(([term, what]) => [el("dt", {}, term), el("dd", {}, ...separated(what))]));
  }

  private evidence(evidence: Evidence): HTMLElement {
    const article = this.data.article(evidence.article);
    const speaker = evidence.speaker;
    return el("figure", { class: "evidence" },
      foreign("blockquote", article.language, evidence.before ?? "", el("mark", {}, evidence.quote), evidence.after ?? ""),
      el("figcaption", {},
        speaker ? el("p", { class: "speaker" }, "said by ", this.entity(speaker)) : null,
        ...(evidence.dates ?? []).map((date) => dateLine(date, article.language)),
        el("p", { class: "source" }, link(article.url, article.language, article.title || article.url)),
        el("p", { class: "quiet" }, name(article.publisher), ` · ${article.published} · ${article.form} · ${languageName(article.language)}`,
          article.wire ? " · wire " : "", article.wire ? name(article.wire) : null),
        evidence.annotator || evidence.confidence !== undefined ? el("p", { class: "quiet" }, annotated(evidence)) : null));
  }

  // --- a node ------------------------------------------------------------------------------------------------------

  private node(at: number): Node[] {
    const node = this.data.node(at);
    const kind = this.data.kindOf(node);
    const others = (node.names ?? []).filter((other) => other !== node.label);
    return [
      this.heading(name(node.label)),
      kind ? el("p", { class: "badges" }, el("span", { class: "badge kind", title: kind.meaning }, mark(kind.shape, shade(kind.color)), kind.label)) : null,
      node.title ? el("p", {}, node.title) : null,
      ...otherNames(others),
      this.facts(node, at),
      ...this.edgeGroups(at),
      this.qualified(at),
      this.namedIn(at),
      el("p", { class: "id quiet" }, el("code", {}, String(node.id))),
    ].filter((part) => part !== null);
  }

  private facts(node: GraphNode, at: number): HTMLElement | null {
    const said: [string, Node[]][] = [];
    if (node.part_of) said.push(["part of", [this.entity(node.part_of)]]);
    if (node.country && this.data.nodeAt.get(node.country) !== at) said.push(["country", [this.entity(node.country)]]);
    for (const [key, texts] of Object.entries(node.facts ?? {})) {
      said.push([FACTS[key] ?? key.replace(/_/g, " "), texts.map((text) => el("span", { class: "fact", dir: "auto" }, ...this.factText(text)))]);
    }
    if (!said.length) return null;
    return el("dl", {}, ...said.flatMap(([term, what]) => [el("dt", {}, term), el("dd", {}, ...what)]));
  }

  // Ids and addresses within a fact become what they stand for.
  private factText(text: string): Node[] {
    return text.split(/(https?:\/\/[^\s,;)]+|[a-z][a-z-]*:[A-Za-z0-9-]+)/).map((part) => {
      if (/^https?:/.test(part) && URL.canParse(part)) return link(part, "", new URL(part).hostname);
      const at = this.data.nodeAt.get(part);
      return at === undefined ? document.createTextNode(part) : this.nodeButton(at);
    });
  }

  private edgeGroups(at: number): HTMLElement[] {
    const groups = new Map<string, number[]>();
    for (const edge of this.data.edgesOf[at]!) {
      const { label = "edge", from, arrows } = this.data.edge(edge);
      const group = arrows !== "to" ? `${label}` : from === at ? `${label} →` : `← ${label}`;
      groups.set(group, [...(groups.get(group) ?? []), edge]);
    }
    return [...groups].sort(([a], [b]) => bare(a).localeCompare(bare(b), "en")).map(([group, edges]) => this.group(group, edges, at));
  }

  private group(title: string, edges: number[], at: number | null): HTMLElement {
    const rows = edges.map((edge) => this.edgeRow(edge, at));
    const rest = rows.splice(MANY);
    return el("section", { class: "group" },
      el("h3", {}, el("span", { class: "relation" }, title), " ", el("span", { class: "quiet" }, String(edges.length))),
      el("ul", { class: "rows" }, ...rows),
      rest.length ? el("details", {}, el("summary", {}, `${rest.length} more`), el("ul", { class: "rows" }, ...rest)) : null);
  }

  private qualified(at: number): HTMLElement | null {
    const held = this.data.qualifies[at]!;
    if (!held.length) return null;
    return el("section", { class: "group" }, el("h3", {}, "Named in claims"),
      el("ul", { class: "rows" }, ...held.map(({ role, edge }) => this.edgeRow(edge, null, role))));
  }

  private namedIn(at: number): HTMLElement | null {
    const articles = this.data.articlesOf[at]!;
    if (!articles.length) return null;
    return el("details", { class: "group" }, el("summary", {}, `Named in ${counted(articles.length, "article")}`),
      el("ul", {}, ...articles.map((which) => {
        const article = this.data.article(which);
        return el("li", {}, link(article.url, article.language, article.title || article.url), " ", el("span", { class: "quiet" }, name(article.publisher), ` · ${article.published}`));
      })));
  }

  // --- parts -------------------------------------------------------------------------------------------------------

  private heading(...children: (Node | string)[]): HTMLElement {
    return el("div", { class: "head" }, el("h2", { tabindex: "-1" }, ...children),
      button({ class: "close", "aria-label": "Close", title: "Close (Esc)" }, () => this.state.select(null), "×"));
  }

  /** One edge as a line: seen from a node only the other end is named. */
  private edgeRow(at: number, seenFrom: number | null, role = ""): HTMLElement {
    const edge = this.data.edge(at);
    const end = (which: number) => name(this.data.node(which).label);
    const other = edge.from === seenFrom ? edge.to : edge.from;
    const words = seenFrom === null
      ? [end(edge.from), " — ", el("span", { class: "relation" }, edge.label ?? "edge"), edge.arrows === "to" ? " → " : " — ", end(edge.to)]
      : [end(other)];
    return el("li", {}, button({ class: "row" }, () => this.state.select({ what: "edge", at }),
      role ? el("span", { class: "badge" }, role) : null,
      seenFrom === null ? null : this.nodeMark(other),
      el("span", { class: "words" }, ...words),
      el("span", { class: "aside quiet" }, this.polarity(edge.polarity), edge.since ?? "")));
  }

  private entity(id: string): HTMLElement {
    const at = this.data.nodeAt.get(id);
    return at === undefined ? el("code", {}, id) : this.nodeButton(at);
  }

  private nodeButton(at: number): HTMLElement {
    return button({ class: "name" }, () => this.state.select({ what: "node", at }), name(this.data.node(at).label));
  }

  private nodeMark(at: number): SVGElement {
    const node = this.data.node(at);
    return mark(node.shape, shade(node.color));
  }

  private stage(stage: string): HTMLElement {
    const tentative = stage === "announced" || stage === "planned";
    return el("span", { class: tentative ? "badge tentative" : stage === "denied" ? "badge denied" : "badge firm", title: this.data.page.stages[stage] ?? "" }, stage);
  }

  private polarity(polarity: string | undefined): HTMLElement | null {
    return polarity === undefined || polarity === "affirmed" ? null : el("span", { class: `badge ${polarity === "denied" ? "denied" : "disputed"}` }, polarity);
  }
}

function figure(values: Record<string, string | number>): string {
  const kind = values["count_kind"];
  return `${Number(values["count"]).toLocaleString("en")} ${values["unit"] ?? ""}${kind ? ` (${kind})` : ""}`.trim();
}

function dateLine(text: string, language: string): HTMLElement {
  const date = writtenDate(text);
  if (!date) return el("p", { class: "date", dir: "auto" }, text);
  return el("p", { class: "date" }, `${date.role} `, foreign("q", language, date.original), date.calendar ? ` (${date.calendar})` : "", " = ", el("strong", {}, date.resolved),
    date.note ? el("span", { class: "quiet" }, ` · ${date.note}`) : null);
}

function annotated(evidence: Evidence): string {
  const said = [evidence.annotator && `annotated by ${evidence.annotator}`, evidence.confidence !== undefined && `confidence ${evidence.confidence}`];
  return said.filter(Boolean).join(" · ");
}

const languages = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

function languageName(tag: string): string {
  try {
    return languages.of(tag) ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag; // no BCP 47 tag
    throw error;
  }
}

function otherNames(names: string[]): HTMLElement[] {
  const shown = (some: string[]) => el("p", { class: "names" }, ...separated(some.map((other) => name(other))));
  if (!names.length) return [];
  const rest = names.slice(FEW);
  return [shown(names.slice(0, FEW)), ...(rest.length ? [el("details", { class: "names" }, el("summary", {}, counted(rest.length, "more name")), shown(rest))] : [])];
}

function bare(group: string): string {
  return group.replace(/^← /, "");
}

function separated(parts: Node[]): (Node | string)[] {
  return parts.flatMap((part, i) => (i ? [" · ", part] : [part]));
}
