// Bundles the page into one file that opens by double click: script, style, worker and modules are inside it.
//
//   npm run build [-- FILE]
//
// The same sources give the same bytes, also on another processor: fflate compresses alike on all, Node's zlib does not.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { build } from "esbuild";
import { gzipSync } from "fflate";

const ROOT = import.meta.dirname;
const BUILT = resolve(ROOT, "../src/mlplab/wasm/built");
const TARGET = resolve(process.argv[2] ?? resolve(ROOT, "../src/mlplab/playground/page/index.html"));

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  charset: "utf8",
  format: "iife",
  legalComments: "none",
  minify: true,
  target: "es2023",
  write: false,
};

/** Bundle a file, and return its text. */
async function bundled(entry, options = {}) {
  const { outputFiles } = await build({ ...common, entryPoints: [entry], ...options });
  return outputFiles[0].text;
}

/** What sources import as built:NAME. */
function built(texts) {
  return {
    name: "built",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^built:/ }, ({ path }) => ({ path, namespace: "built" }));
      esbuild.onLoad({ filter: /.*/, namespace: "built" }, ({ path }) => ({
        contents: texts[path.slice("built:".length)],
        loader: "text",
      }));
    },
  };
}

/** What the page needs to know of the module; not of which sources it was made, which change without it. */
const contents = {
  name: "contents",
  setup(esbuild) {
    esbuild.onLoad({ filter: /built\/engine\.json$/ }, ({ path }) => {
      const { sources: _, code: __, linker: ___, ...known } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify(known), loader: "json" };
    });
  },
};

const compressed = (name) =>
  Buffer.from(gzipSync(readFileSync(resolve(BUILT, name)), { level: 9, mtime: 0 })).toString("base64");
const worker = await bundled("src/worker/main.ts", { plugins: [contents] });
const style = await bundled("src/view/page.css");
const script = await bundled("src/view/main.tsx", {
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [built({ worker, fused: compressed("fused.wasm"), exact: compressed("exact.wasm") })],
});

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// An end tag within a string of the script would end the script.
const inScript = script.trim().replaceAll("</", "<\\/");
const inStyle = style.trim();
const policy = [
  "default-src 'none'",
  `script-src ${hash(inScript)} 'wasm-unsafe-eval'`,
  `style-src ${hash(inStyle)}`,
  "worker-src blob:",
  "img-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>mlplab playground</title>
<link rel="icon" href="data:,">
<style>${inStyle}</style>
</head>
<body>
<div id="page"></div>
<noscript>The playground trains in your browser, and needs JavaScript for it.</noscript>
<script>${inScript}</script>
</body>
</html>
`;
mkdirSync(dirname(TARGET), { recursive: true });
writeFileSync(TARGET, page);
