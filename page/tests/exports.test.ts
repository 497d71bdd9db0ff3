// What the page exports, against the cases that Python made; see tests/page/golden_exports.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import { kerasProgram } from "../src/exports/keras_program.ts";
import { numpyProgram } from "../src/exports/numpy_program.ts";
import { pointsFile, type Sample } from "../src/exports/points_file.ts";
import { experimentNotes, type Provenance, type TrainedNetwork } from "../src/exports/provenance.ts";
import { filled } from "../src/exports/python.ts";
import { float32Text, floatText, significant } from "../src/text/numbers.ts";
import { quoted } from "../src/text/quoted.ts";
import golden from "./golden/exports.json";

interface Called<Call extends string> {
  readonly call: Call;
  readonly result: unknown;
}
interface Program extends Called<"numpy" | "keras"> {
  readonly experiment: Experiment;
  readonly step: number;
  readonly epoch: number;
  /** Numbers; those that are not finite as text. */
  readonly layers: readonly Readonly<Record<"weights" | "biases", readonly (number | string)[]>>[];
  readonly provenance: Provenance;
  readonly points: readonly number[];
  readonly labels: readonly string[];
}
interface Points extends Called<"points"> {
  readonly samples: readonly Sample[];
}
interface Numbers extends Called<"number"> {
  /** A number, and the float32 that is nearest to it. */
  readonly values: readonly (number | string)[];
}
interface Quoted extends Called<"quoted"> {
  readonly text: string;
}
type Case = Program | Points | Numbers | Quoted;

const cases = golden as unknown as readonly Case[];

function networkOf({ step, epoch, layers }: Program): TrainedNetwork {
  const numbers = (values: readonly (number | string)[]) => Float32Array.from(values, Number);
  return {
    step,
    epoch,
    layers: layers.map(({ weights, biases }) => ({ weights: numbers(weights), biases: numbers(biases) })),
  };
}

function answer(each: Case): unknown {
  switch (each.call) {
    case "numpy":
      return numpyProgram(each.experiment, networkOf(each), each.provenance, each.points);
    case "keras":
      return kerasProgram(each.experiment, networkOf(each), each.provenance, each.points, each.labels);
    case "points":
      return pointsFile(each.samples);
    case "number": {
      const [value, single] = each.values.map(Number);
      return [
        floatText(value),
        float32Text(single),
        ...[1, 3, 4, 6].map((digits) => significant(value, digits)),
      ];
    }
    case "quoted":
      return quoted(each.text);
  }
}

for (const call of new Set(cases.map((each) => each.call))) {
  const those = cases.filter((each) => each.call === call);
  test(`${call}: ${those.length} cases are as in Python`, () => {
    for (const each of those) assert.deepEqual(answer(each), each.result);
  });
}

test("a template whose value is missing is a fault", () => {
  assert.throws(() => filled("a {name}", {}), /the template has \{name\}/);
});

test("an experiment's file names its seed, and what was changed at which update", () => {
  const seed = "9223372036854775809";
  const alone = `# From seed ${seed}: mlplab train experiment.toml --seed ${seed}\n`;
  assert.equal(experimentNotes({ seed, changes: [], byHand: [] }), alone);
  const changes = [{ update: 4000, what: "learning\nrate", from: "1.0", to: "0.01" }];
  const byHand = [{ update: 3, what: 'the "bias"', from: "0", to: "2" }];
  assert.deepEqual(experimentNotes({ seed, changes, byHand }).split("\n"), [
    alone.trim(),
    "# That trains another network than the playground's, which was changed on the way:",
    '# - after 3 updates, by hand: the "bias", from 0 to 2',
    "# - after 4,000 updates: learning rate, from 1.0 to 0.01",
    "",
  ]);
});
