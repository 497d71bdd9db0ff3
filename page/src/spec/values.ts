// What a person wrote, before it is known whether it is an experiment: in TOML, in JSON, or in a form.

/** A whole number is a bigint, one with a point a number: Python tells 2 from 2.0, and so do its messages. */
export type Value = null | boolean | bigint | number | string | readonly Value[] | ValueTable;

export interface ValueTable {
  readonly [name: string]: Value;
}

/** A value of an experiment as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonTable;

export interface JsonTable {
  readonly [name: string]: Json;
}

export function isTable(value: Value): value is ValueTable {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Take JSON, which has one kind of number: one without a fraction was written as a whole number. */
export function fromJson(json: unknown): Value {
  if (json === null || typeof json === "boolean" || typeof json === "string") return json;
  if (typeof json === "number") {
    return Number.isSafeInteger(json) && !Object.is(json, -0) ? BigInt(json) : json;
  }
  if (Array.isArray(json)) return json.map(fromJson);
  return Object.fromEntries(Object.entries(json as object).map(([name, value]) => [name, fromJson(value)]));
}

/** Whether tables and lists lie deeper in each other than so many levels. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
