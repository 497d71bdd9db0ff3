// A valid experiment as a person writes it: numbers with a point where a field takes them, no nulls.

import type { Experiment } from "../engine/experiment.ts";
import { type Field, formOf, isFamily, kinds, resolved, spec } from "./schema.ts";
import type { Value, ValueTable } from "./values.ts";

export function asWritten(experiment: Experiment): ValueTable {
  return valueOf(spec.schema, experiment) as ValueTable;
}

function valueOf(field: Field, value: unknown): Value {
  const form = formOf(resolved(field), value);
  if (isFamily(form) || form.type === "object") {
    const table = value as { readonly [name: string]: unknown };
    const ofEach = form.additionalProperties;
    if (typeof ofEach === "object")
      return Object.fromEntries(Object.entries(table).map(([name, each]) => [name, valueOf(ofEach, each)]));
    const part = isFamily(form) ? (kinds(form).get(table["kind"] as string) as Field) : form;
    const fields = Object.entries(part.properties ?? {}).filter(([name]) => table[name] !== null);
    return Object.fromEntries(fields.map(([name, each]) => [name, valueOf(each, table[name])]));
  }
  if (Array.isArray(value)) return value.map((item) => valueOf(form.items as Field, item));
  return form.type === "integer" ? BigInt(value as number) : (value as Value);
}
