// Bundles the tests, tests/*.test.ts, and runs them by `node --test`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";

const here = import.meta.dirname;
const chosen = process.argv.slice(2);
const tests = readdirSync(here)
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
/** What only a browser has: tests begin no workers. */
const built = {
  name: "built",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^built:/ }, ({ path }) => ({ path, namespace: "built" }));
    esbuild.onLoad({ filter: /.*/, namespace: "built" }, () => ({ contents: "", loader: "text" }));
  },
};
const folder = mkdtempSync(join(tmpdir(), "mlplab-page-"));
try {
  await build({
    entryPoints: tests.map((name) => join(here, name)),
    bundle: true,
    define: { PAGE_FOLDER: JSON.stringify(join(here, "..")) },
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    outExtension: { ".js": ".mjs" },
    outdir: folder,
    platform: "node",
    plugins: [built],
  });
  const bundles = tests.map((name) => join(folder, name.replace(/\.ts$/, ".mjs")));
  process.exitCode = spawnSync(process.execPath, ["--test", ...bundles], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
