// Formula templates: numbers are filled in as Python does, and what they come to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { spec } from "../src/spec/schema.ts";
import { briefly, evaluate, filled, plain } from "../src/text/formula.ts";

test("numbers are filled in, negative ones in parentheses", () => {
  assert.equal(filled("{p} · ({g} - Σ[{g} · {p}])", { p: [0.25, 0.75], g: [-1, 0] }), "0.25 · (-1 - (-1 · 0.25 + 0 · 0.75))");
  assert.equal(filled("{a} · {b}²", { a: -1, b: -2 }), "-1 · (-2)²");
  const values = { p: Array<number>(9).fill(1), y: Array<number>(9).fill(-2), K: 9 };
  assert.equal(filled("Σ[{p} - {y}] / {K}", values, { most: 2 }), "(1 - (-2) + 1 - (-2) + …) / 9");
  assert.equal(plain("{w} - {η} · {g}"), "w - η · g");
  assert.deepEqual([0.123456, -2, 1e-7, 123456, 0].map(briefly), ["0.1235", "-2", "1e-07", "1.235e+05", "0"]);
});

test("a name that is missing is a fault", () => {
  assert.throws(() => filled("{a} + {b}", { a: 1 }), /needs b/);
  assert.throws(() => evaluate("{a} ? 2", { a: 1 }), /no formula/);
});

test("templates are computed", () => {
  const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-6, `${found}, not ${expected}`);
  const { activations } = spec.formulas;
  const known: Record<string, (z: number) => number> = {
    linear: (z) => z,
    relu: (z) => Math.max(0, z),
    tanh: Math.tanh,
    sigmoid: (z) => 1 / (1 + Math.exp(-z)),
    leaky_relu: (z) => (z >= 0 ? z : 0.2 * z),
    elu: (z) => (z > 0 ? z : Math.expm1(z)),
    softplus: (z) => Math.log1p(Math.exp(z)),
    softsign: (z) => z / (1 + Math.abs(z)),
    hard_sigmoid: (z) => Math.min(1, Math.max(0, (z + 3) / 6)),
    mish: (z) => z * Math.tanh(Math.log1p(Math.exp(z))),
  };
  for (const [name, { formula, slope }] of Object.entries(activations))
    for (const z of [-3.5, -0.3, 0.4, 2.5]) {
      const h = evaluate(formula, { z });
      if (name in known) near(h, known[name](z));
      const step = 1e-4; // Φ has seven digits here
      const difference = (evaluate(formula, { z: z + step }) - evaluate(formula, { z: z - step })) / (2 * step);
      assert.ok(Math.abs(evaluate(slope, { z, h }) - difference) < 2e-3, `${name} at ${z}`);
    }
  const values = { p: [0.2, 0.8], y: [0, 1], K: 2 };
  near(evaluate(spec.formulas.classes["mean_squared_error"].loss, values), 0.04);
  near(evaluate(spec.formulas.classes["categorical_crossentropy"].loss, values), -Math.log(0.8));
  near(evaluate(spec.formulas.targets["huber"].loss, { p: [3], y: [0], K: 1 }), 2.5);
  near(evaluate("-{a}² · 2", { a: -3 }), -18);
  near(evaluate("{w} - {α} · {m}", { w: 1e-20, α: 1e-5, m: -2e10 }), 2e5);
});
