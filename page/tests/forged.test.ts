// A session whose weights are forged is no luck; one whose weights are true has its place.

import assert from "node:assert/strict";
import { test } from "node:test";

import { writeSession } from "../src/exports/session_file.ts";
import { readSession } from "../src/exports/session_reading.ts";
import { sessionOf } from "../src/state/session.ts";
import { runningStudy } from "../src/state/studies.ts";
import { standingOf } from "../src/studies/standing.ts";
import { blockSize, trainSeeds } from "../src/worker/population.ts";
import { startEngine } from "./engine_here.ts";
import { openPage } from "./page_here.ts";

const engine = await startEngine();
const other = await startEngine();

const page = openPage(engine);
page.settled({ kind: "enter_field", path: "training.epochs", entered: "2" });
const session = writeSession(sessionOf(page.settled({ kind: "toggle_play" })));

/** What is said of a session that is opened, once a hundred are trained. */
function said(text: string): string {
  page.settled({ kind: "open_session", session: readSession(text) });
  const study = runningStudy(page.act({ kind: "train_study", study: "hundred" }).studies);
  assert.ok(study !== null);
  const { number } = study;
  study.parts.forEach(({ setUp, seeds }, part) => {
    for (let i = 0; i < seeds.length; i += blockSize(setUp))
      page.act({ kind: "runs_trained", number, part, runs: trainSeeds(other, setUp, seeds.slice(i, i + blockSize(setUp))) });
  });
  const { hundred } = page.get().studies;
  assert.ok(hundred !== null);
  return standingOf(page.get(), hundred).sentence;
}

test("a session with true weights has its place, one with forged weights has none", () => {
  assert.match(said(session), /^This run is better than \d+ of 100/);
  const file = JSON.parse(session) as { network: { weights: string } };
  const weights = Buffer.from(file.network.weights, "base64");
  weights.writeFloatLE(50, 0);
  file.network.weights = weights.toString("base64");
  assert.match(said(JSON.stringify(file)), /not what its set-up and seed give/);
});
