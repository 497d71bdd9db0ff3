// Runs as dots: none beyond the axis, and none on another.

import assert from "node:assert/strict";
import { test } from "node:test";

import { metricRange, stackDots } from "../src/view/runs/strip.tsx";

test("the range holds all accuracies and a margin, and no more than 0 to 1", () => {
  assert.deepEqual(metricRange([0.5], "accuracy"), { low: 0.495, high: 0.505 });
  assert.deepEqual(metricRange([0.5, 0.25, 0.75], "accuracy"), { low: 0.25 - 0.03, high: 0.75 + 0.03 });
  assert.deepEqual(metricRange([0, 1], "accuracy"), { low: 0, high: 1 });
});

test("dots are stacked where they are alike, in the order of the runs", () => {
  const dots = stackDots([0, 0.26, 1, 0.24, 0.25], { low: 0, high: 1 }, 4);
  assert.deepEqual(
    dots.map(({ bin, height }) => [bin, height]),
    [[0, 1], [1, 1], [4, 1], [1, 2], [1, 3]],
  );
});

test("no two dots stand in the same place, whatever the accuracies", () => {
  const values = Array.from({ length: 200 }, (_, i) => (i * i * 37 % 101) / 100);
  const range = metricRange(values, "accuracy");
  for (const bins of [1, 7, 60]) {
    const dots = stackDots(values, range, bins);
    assert.equal(new Set(dots.map(({ bin, height }) => `${bin} ${height}`)).size, values.length);
    assert.ok(dots.every(({ bin }) => bin >= 0 && bin <= bins));
  }
});
