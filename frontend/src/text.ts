// Text as people look for it and as a canvas can carry it.

const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const DIACRITICS = /[\u0300-\u036f]/g;
const LETTERS: Record<string, string> = { đ: "d", ł: "l", ø: "o", ı: "i", ß: "ss", æ: "ae", œ: "oe" };

/** A look-up key: case, width, accents and invisible characters gone; Thai, Khmer and other vowel signs stay. */
export function fold(text: string): string {
  const plain = text.normalize("NFKD").replace(DIACRITICS, "").normalize("NFC").toLowerCase().replace(INVISIBLE, "");
  return plain.replace(/[đłøıßæœ]/g, (letter) => LETTERS[letter]!).replace(/\s+/g, " ").trim();
}

const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** A name in at most two lines of about `room` characters, broken at spaces or, in Thai, Chinese …, between words. */
export function wrapped(text: string, room = 22): string[] {
  const lines = [""];
  let before: Intl.SegmentData | null = null;
  for (const part of words.segment(text)) {
    const last = lines.length - 1;
    const breakable = before && (/\s$/.test(before.segment) || (before.isWordLike && part.isWordLike));
    if (breakable && lines[last]!.length + part.segment.length > room) {
      if (last === 1) return [lines[0]!.trim(), `${lines[1]!.trim()}…`];
      lines.push("");
    }
    lines[lines.length - 1] += part.segment;
    before = part;
  }
  return lines.map((line) => clipped(line.trim(), room * 2));
}

function clipped(text: string, room: number): string {
  const letters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)];
  return letters.length <= room ? text : `${letters.slice(0, room).map((letter) => letter.segment).join("")}…`;
}

/** "1 source", "3 sources". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export interface WrittenDate { role: string; original: string; calendar: string; resolved: string; note: string }

const CALENDARS: Record<string, string> = { "thai-be": "Thai Buddhist era", "khmer-be": "Khmer Buddhist era" };
const WRITTEN = /^([\w ]+): (.*?)(?: \(([a-z]+-be|gregorian)\))? = ([^=;]+)(?:; (.*))?$/s;

/** "on: 11 ก.ค. 65 (thai-be) = 2022-07-11; note" in its parts, or nothing where it is written otherwise. */
export function writtenDate(text: string): WrittenDate | null {
  const parts = WRITTEN.exec(text);
  if (!parts) return null;
  const [, role, original, calendar = "", resolved, note = ""] = parts;
  return { role: role!, original: original!, calendar: CALENDARS[calendar] ?? "", resolved: resolved!, note };
}
