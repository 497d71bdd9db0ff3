// Values as Python writes them, and templates that are filled in as Python's `format` does.

import type { Layer } from "../engine/layout.ts";
import { float32Text, floatText } from "../text/numbers.ts";
import { quoted } from "../text/quoted.ts";

/** Put values in the place of names in braces. */
export function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template has ${place}, for which there is no value`);
    return String(value);
  });
}

/** Write a value of an experiment; JavaScript does not tell 1.0 from 1, so it must be said. */
export function pythonValue(value: unknown, isFloat: boolean): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return isFloat ? floatText(value) : String(value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map((each) => pythonValue(each, isFloat)).join(", ")}]`;
  throw new TypeError(`expected a number, a text, a list or a truth value, received ${typeof value}`);
}

/** Write points of the plane, which stand one after the other, as nested lists. */
export function pointsText(points: ArrayLike<number>): string {
  return listed(points, 2, floatText);
}

/** Write W and b of all layers, every number so that it is read back exactly. */
export function arraysText(layers: readonly Layer[]): string {
  const weights = layers.map((layer) =>
    listed(layer.weights, layer.weights.length / layer.biases.length, weightText),
  );
  const biases = layers.map((layer) => `[${Array.from(layer.biases, weightText).join(", ")}]`);
  const arrays = (numbers: readonly string[]) =>
    numbers.map((each) => `    np.array(${each}, dtype=np.float32),`);
  return ["W = [", ...arrays(weights), "]", "B = [", ...arrays(biases), "]"].join("\n");
}

function listed(numbers: ArrayLike<number>, width: number, write: (value: number) => string): string {
  const texts = Array.from(numbers, write);
  const rows = Array.from(
    { length: texts.length / width },
    (_, row) => `[${texts.slice(row * width, (row + 1) * width).join(", ")}]`,
  );
  return `[${rows.join(", ")}]`;
}

function weightText(value: number): string {
  const text = float32Text(value);
  if (Number.isFinite(value)) return text;
  return text === "-inf" ? "-np.inf" : `np.${text}`;
}
