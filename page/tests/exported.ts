// The files that the page exports of some sessions, as a test of Python's asks: JSON comes in, JSON goes out.
//
//   node exported.mjs FOLDER < SESSIONS

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { Engine, type Contents } from "../src/engine/engine.ts";
import { FILES } from "../src/exports/files.ts";
import { readOpened } from "../src/exports/session_reading.ts";
import { openPage } from "./page_here.ts";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const folder = process.argv[2];
const built = (name: string) => readFileSync(join(folder, name));
const contents = JSON.parse(built("engine.json").toString()) as Contents;
const engine = await Engine.start(contents, { fused: () => built("fused.wasm"), exact: () => built("exact.wasm") });
const sessions = JSON.parse(readFileSync(0, "utf8")) as readonly unknown[];
const written = sessions.map((session) => {
  const page = openPage(engine);
  const state = page.settled({ kind: "open_session", session: readOpened(JSON.stringify(session)) });
  return Object.fromEntries(
    FILES.map((file) => {
      const content = file.write(state);
      if (content === null) throw new Error(`${file.name} was not written: ${state.message}`);
      return [file.name, Buffer.from(content).toString("base64")];
    }),
  );
});
process.stdout.write(JSON.stringify(written));
