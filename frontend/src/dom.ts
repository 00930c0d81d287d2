// Elements made of text nodes only: nothing here, or anywhere in the explorer, reads text as HTML.

type Child = Node | string | null | undefined | false;

/** An element with attributes and children; strings become text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) if (child) made.append(child);
  return made;
}

/** A button that runs `action`. */
export function button(attributes: Record<string, string>, action: () => void, ...children: Child[]): HTMLButtonElement {
  const made = el("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", action);
  return made;
}

/** Text from an article, in its own language and direction. */
export function foreign(tag: "span" | "a" | "blockquote" | "q", language: string, ...children: Child[]): HTMLElement {
  return el(tag, { lang: language, dir: "auto" }, ...children);
}

/** A name, kept from turning the direction of what stands around it. */
export function name(text: string): HTMLElement {
  return el("bdi", {}, text);
}

/** A link for http and https; for anything else the text alone. */
export function link(url: string, language: string, text: string): HTMLElement {
  const made = foreign(/^https?:\/\/\S+$/i.test(url) ? "a" : "span", language, text);
  if (made instanceof HTMLAnchorElement) {
    made.href = url;
    made.target = "_blank";
    made.rel = "noopener noreferrer";
    made.referrerPolicy = "no-referrer";
  }
  return made;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found as T;
}

const SVG = "http://www.w3.org/2000/svg";
const OUTLINES: Record<string, string> = {
  square: "2,2 14,2 14,14 2,14",
  diamond: "8,1 15,8 8,15 1,8",
  triangle: "8,1 15,14 1,14",
  triangleDown: "1,2 15,2 8,15",
  star: "8,0.5 10.2,5.6 15.6,6.1 11.5,9.7 12.8,15 8,12.2 3.2,15 4.5,9.7 0.4,6.1 5.8,5.6",
  hexagon: "4.5,2 11.5,2 15,8 11.5,14 4.5,14 1,8",
};

/** The mark of a kind, as drawn on the canvas. */
export function mark(shape: string, color: string): SVGElement {
  const outline = OUTLINES[shape];
  const inner = document.createElementNS(SVG, outline ? "polygon" : "circle");
  const where = outline ? { points: outline } : { cx: "8", cy: "8", r: "6.5" };
  for (const [key, value] of Object.entries({ ...where, fill: color })) inner.setAttribute(key, value);
  const made = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: "mark", "aria-hidden": "true" })) made.setAttribute(key, value);
  made.append(inner);
  return made;
}

/** A short line, as edges are drawn. */
export function stroke(dashes: string, width: number, className: string): SVGElement {
  const line = document.createElementNS(SVG, "line");
  const said = { x1: "1", y1: "5", x2: "35", y2: "5", "stroke-width": String(width), "stroke-dasharray": dashes, stroke: "currentColor" };
  for (const [key, value] of Object.entries(said)) line.setAttribute(key, value);
  const made = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 36 10", class: `stroke ${className}`, "aria-hidden": "true" })) made.setAttribute(key, value);
  made.append(line);
  return made;
}
