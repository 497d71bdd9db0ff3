// A variant of an experiment: fields changed, and the whole validated again.

import type { Experiment } from "../engine/experiment.ts";
import { checkLimits } from "./limits.ts";
import { type Field, fieldAt, firstValue, formOf, isFamily, kinds } from "./schema.ts";
import { Problem, validate } from "./validate.ts";
import { fromJson, type Value, type ValueTable } from "./values.ts";
import { asWritten } from "./written.ts";

/** A field's path, such as `training.batch_size`, and its new value. */
export type FieldChange = readonly [path: string, value: Value];

/**
 * Change fields together; a sentence says why that makes no experiment, or none for the page.
 *
 * Another `kind` keeps the values of those fields that both kinds have; the others begin as in a form.
 * Without hidden layers there is no width and no activation. Else nothing but the fields changes.
 */
export function varied(experiment: Experiment, changes: readonly FieldChange[]): Experiment | string {
  const table = changes.reduce((before: Value, [path, value]) => {
    if (fieldAt(experiment, path) === undefined) throw new TypeError(`an experiment has no field ${path}`);
    const after = set(before, path.split("."), value);
    if (path.endsWith(".kind")) return otherKind(experiment, after, path.slice(0, -".kind".length), value);
    return path === "network.hidden_layers" && value === 0n ? withoutLayers(after) : after;
  }, asWritten(experiment));
  try {
    const variant = validate(table);
    return checkLimits(variant) ?? variant;
  } catch (error) {
    if (error instanceof Problem) return error.said;
    throw error;
  }
}

/** The table with another value at the end of some steps. */
function set(table: Value, steps: readonly string[], value: Value): Value {
  const [step, ...others] = steps;
  if (step === undefined) return value;
  if (Array.isArray(table)) {
    return table.map((each: Value, i) => (String(i) === step ? set(each, others, value) : each));
  }
  const fields = table as ValueTable;
  return { ...fields, [step]: set(fields[step] as Value, others, value) };
}

/** The table with those fields of a part that its new kind has, and first values where it needs others. */
function otherKind(experiment: Experiment, table: Value, path: string, kind: Value): Value {
  const steps = path.split(".");
  const before = steps.reduce((each, step) => (each as ValueTable)[step] as Value, table) as ValueTable;
  const family = formOf(fieldAt(experiment, path) as Field, before);
  const part = isFamily(family) ? kinds(family).get(String(kind)) : undefined;
  // An unknown name is for the validation to refuse.
  if (part === undefined) return set(table, steps, { kind });
  const fields = Object.entries(part.properties ?? {}).filter(
    ([name]) => Object.hasOwn(before, name) || part.required?.includes(name),
  );
  const kept = fields.map(([name, field]) => [name, before[name] ?? fromJson(firstValue(field))]);
  return set(table, steps, Object.fromEntries(kept) as ValueTable);
}

function withoutLayers(table: Value): Value {
  const { layer_width, activation, ...network } = (table as ValueTable)["network"] as ValueTable;
  return { ...(table as ValueTable), network };
}
