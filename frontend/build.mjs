// Bundles src/ into graph/pages/assets/: explorer.js, app.css, THIRD_PARTY.txt and manifest.json with their SHA-256.
// `--check` writes nothing and fails where a committed file is not what the sources give.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "..", "graph", "pages", "assets");

async function bundled(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

// An inline element ends at its end tag wherever that stands, and a comment start changes how a script ends.
function inlineable(name, text) {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`${name} cannot stand inline: it contains an end tag`);
  return text;
}

function packagesOf(inputs) {
  const found = inputs.flatMap((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? []);
  return [...new Set(found)].sort();
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file) && !/apache/i.test(file));
  if (files.length === 0) throw new Error(`${name} has no licence file`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").replace(/\r\n/g, "\n").trim());
  return [`${name} ${version} (${license})`, "", ...texts].join("\n");
}

function thirdParty(inputs) {
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  return ["explorer.js contains the following packages.", ...packagesOf(inputs).map(licence)].join(rule) + "\n";
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const script = await bundled("src/main.ts");
const style = await bundled("src/app.css");
const licences = thirdParty(script.inputs);
const made = {
  "app.css": inlineable("app.css", style.text),
  "explorer.js": inlineable("explorer.js", `/*\n${licences}*/\n${script.text}`), // so that each page carries the licences
  "THIRD_PARTY.txt": licences,
};
const hashes = Object.fromEntries(Object.entries(made).map(([name, text]) => [name, sha256(text)]));
made["manifest.json"] = JSON.stringify(hashes, null, 2) + "\n";

const stale = [];
for (const [name, text] of Object.entries(made)) {
  const path = join(assets, name);
  if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
  if (process.argv.includes("--check")) stale.push(name);
  else writeFileSync(path, text);
}
if (stale.length > 0) {
  console.error(`Not what frontend/src gives: ${stale.join(", ")}; run \`npm run build\` in frontend/`);
  process.exit(1);
}
