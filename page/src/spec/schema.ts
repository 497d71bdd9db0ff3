// What an experiment may be: the JSON schema that Python exports, with presets and limits.

import type { Experiment } from "../engine/experiment.ts";
import { fieldNames } from "./paths.ts";
import table from "./spec.json";
import type { Json, JsonTable } from "./values.ts";

/** What a field may hold, in the words of JSON schema that Python's spec uses. */
export interface Field {
  readonly $ref?: string;
  readonly type?: "integer" | "number" | "boolean" | "string" | "array" | "object" | "null";
  readonly title?: string;
  /** One sentence. */
  readonly description?: string;
  readonly default?: Json;
  /** What a form begins with where there is no default. */
  readonly examples?: readonly Json[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minItems?: number;
  readonly items?: Field;
  readonly oneOf?: readonly Field[];
  readonly anyOf?: readonly Field[];
  /** Of a family: the field that tells its kinds apart. */
  readonly discriminator?: { readonly propertyName: string };
  readonly properties?: { readonly [name: string]: Field };
  readonly required?: readonly string[];
  /** Whether others are allowed; or, of a table of the user's own names, what each of them holds. */
  readonly additionalProperties?: boolean | Field;
  /** Whether a text alone stands for a list of it. */
  readonly "x-one-alone"?: boolean;
  /** Names of the rules by which a part's fields fit together. */
  readonly "x-rules"?: readonly string[];
  /** Of a field that came later: the value at which it changes nothing. */
  readonly "x-as-before"?: Json;
  readonly $defs?: { readonly [name: string]: Field };
}

/** The templates of a head, see `text/formula.ts`. */
export interface HeadFormulas {
  readonly output: string;
  readonly backward: string;
  readonly loss: string;
  readonly slope: string;
  /** Where p is kept before the loss is computed. */
  readonly within: readonly [number, number] | null;
}

/** The templates of an optimizer's update. */
export interface OptimizerFormulas {
  /** The first is taken whose condition holds; lines are of a name and a template. */
  readonly rules: readonly {
    readonly when: { readonly [field: string]: Json };
    readonly lines: readonly (readonly [string, string])[];
  }[];
  /** Fields by their symbols. */
  readonly symbols: { readonly [symbol: string]: string };
  readonly moments: readonly string[];
  readonly step_sizes: readonly string[];
  readonly begins_with: { readonly [symbol: string]: string };
}

interface Formulas {
  readonly activations: { readonly [name: string]: { readonly formula: string; readonly slope: string } };
  readonly classes: { readonly [loss: string]: HeadFormulas };
  readonly targets: { readonly [loss: string]: HeadFormulas };
  readonly smoothing: string;
  readonly penalty_slope: string;
  readonly clipping: { readonly [field: string]: string };
  readonly decay: string;
  readonly optimizers: { readonly [kind: string]: OptimizerFormulas };
}

interface SpecTable {
  readonly schema: Field;
  /** Why a well-known name is none of ours, in lower case. */
  readonly refused: { readonly [name: string]: string };
  /** What is said of a value that misses a keyword of the schema. */
  readonly messages: { readonly [keyword: string]: string };
  /** Where one can start, by title. */
  readonly presets: { readonly [title: string]: Experiment };
  /** Sessions of lessons, by name, as Python puts what it opens into the page. */
  readonly lessons: { readonly [name: string]: JsonTable };
  /** Title of the preset that a new page shows. */
  readonly first: string;
    /** The most that the page takes of each. */
  readonly limits: { readonly [name: string]: number };
  /** Kinds of datasets that are drawn on the plane: their samples have two features. */
  readonly planar: readonly string[];
  /** Of the classes, in their order. */
  readonly colours: readonly string[];
  /** Each activation as a NumPy function of the name `{name}`. */
  readonly numpy_activations: { readonly [activation: string]: string };
  readonly formulas: Formulas;
  /** What each term means, in one sentence. */
  readonly glossary: { readonly [term: string]: string };
}

export const spec = table as unknown as SpecTable;

const resolvedFields = new WeakMap<Field, Field>();

/** The field that a reference stands for; another field as it is. */
export function resolved(field: Field): Field {
  if (field.$ref === undefined) return field;
  const name = field.$ref.split("/").at(-1) ?? "";
  const found = resolvedFields.get(field) ?? { ...spec.schema.$defs?.[name], ...field };
  resolvedFields.set(field, found);
  return found;
}

/** Whether a field takes a part of a family, such as an optimizer. */
export function isFamily(field: Field): boolean {
  return field.discriminator !== undefined;
}

/** The kinds of a family by their names, in Python's order. */
export function kinds(family: Field): Map<string, Field> {
  const parts = (family.oneOf ?? []).filter((each) => each.properties !== undefined);
  return new Map(parts.map((part) => [part.properties?.["kind"]?.const ?? "", part]));
}

/** The kinds of part that a field takes, if there is a family among its forms. */
export function partKinds(field: Field): Map<string, Field> {
  return kinds(forms(field).find(isFamily) ?? {});
}

/** Whether a field may hold nothing. */
export function mayBeNothing(field: Field): boolean {
  return forms(field).some((form) => resolved(form).type === "null");
}

/** The part that a field may hold or not, such as early stopping; undefined where it is another field. */
export function optionalPart(field: Field): Field | undefined {
  const choice = forms(field).map(resolved);
  const part = choice.find(({ type }) => type === "object");
  return mayBeNothing(field) ? part : undefined;
}

/** The forms that a field's value may have: itself, or what is to choose from where there is a choice. */
export function forms(field: Field): readonly Field[] {
  return isFamily(field) ? [field] : (field.oneOf ?? field.anyOf ?? [field]);
}

/** The form of a field that a value is meant to have, by what it is: one, a list, a part, nothing. */
export function formOf(field: Field, value: unknown): Field {
  const choice = forms(field).map(resolved);
  const wanted = choice.find((form) => {
    if (value === null) return form.type === "null";
    if (Array.isArray(value)) return form.type === "array";
    return typeof value === "string" || typeof value === "object" ? isFamily(form) : false;
  });
  return wanted ?? (choice[0] as Field);
}

/** What a form begins with: the default, else the example; null where there is neither. */
export function firstValue(field: Field): Json {
  return field.default ?? field.examples?.[0] ?? null;
}

/** A part of a kind as a form begins with it. */
export function firstValues(kind: Field): JsonTable {
  const fields = Object.entries(kind.properties ?? {});
  return Object.fromEntries(fields.map(([name, field]) => [name, firstValue(field)]));
}

/** The field at a path of an experiment, such as `training.optimizer.momentum`, if there is one. */
export function fieldAt(experiment: Experiment, path: string): Field | undefined {
  let field: Field | undefined = spec.schema;
  let value: unknown = experiment;
  for (const step of fieldNames(path)) {
    const form: Field = formOf(resolved(field), value);
    const kind = isFamily(form) ? kinds(form).get((value as { readonly kind: string }).kind) : form;
    const { additionalProperties: ofEach } = kind ?? {};
    field = form.type === "array" ? form.items : (kind?.properties?.[step] ?? (typeof ofEach === "object" ? ofEach : undefined));
    if (field === undefined) return undefined;
    value = (value as { readonly [step: string]: unknown })[step];
  }
  return resolved(field);
}
