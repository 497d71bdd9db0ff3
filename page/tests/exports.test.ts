// What no training of the Python tests brings up: numbers that are none, and odd texts in files.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pointsFile } from "../src/exports/csv_files.ts";
import { arraysText } from "../src/exports/python.ts";
import { representation } from "../src/spec/shown.ts";
import { weightsFile } from "../src/exports/weights.ts";
import { float32Text, floatText } from "../src/text/numbers.ts";

const weights = Float32Array.of(NaN, 0.1, -0, 1e-9);
const biases = Float32Array.of(Infinity, -Infinity);

test("weights that are no numbers are read back as such", () => {
  assert.equal(
    arraysText([{ weights, biases }]),
    "W = [\n    np.array([[np.nan, 0.1], [-0.0, 1e-09]], dtype=np.float32),\n]\n" +
      "B = [\n    np.array([np.inf, -np.inf], dtype=np.float32),\n]",
  );
  const rest = { setUp: {}, seed: "0", step: 1, changes: [] } as never;
  const file = JSON.parse(weightsFile({ ...(rest as object), layers: [{ weights, biases }] } as never));
  assert.deepEqual(file.layers[0].biases, ["Infinity", "-Infinity"]);
  assert.equal(file.layers[0].weights[0][0], "NaN");
});

test("float32 is written so that it is read back, with as few digits as that takes", () => {
  const bits = new Uint32Array(1);
  const single = new Float32Array(bits.buffer);
  for (let i = 0; i < 20_000; i++) {
    bits[0] = (i * 2654435761) >>> 0;
    if (!Number.isFinite(single[0])) continue;
    const text = float32Text(single[0]);
    assert.ok(Object.is(Math.fround(Number(text)), single[0]), text);
    assert.ok(text.length <= floatText(single[0]).length);
  }
  assert.deepEqual([0.1, 16777216, 1e20].map((x) => float32Text(Math.fround(x))), ["0.1", "16777216.0", "1e+20"]);
});

test("values are Python's", () => {
  assert.equal(representation([true, null, 2n, 2, 1e16, 'it\'s "b"']), "[True, None, 2, 2.0, 1e+16, 'it\\'s \"b\"']");
});

test("a class may be called anything", () => {
  const samples = [{ x1: 1, x2: 1e-7, label: 'a "b",\nc', split: "train" as const }];
  assert.equal(pointsFile(samples), 'x1,x2,label,split\n1.0,1e-07,"a ""b"",\nc",train\n');
});
