// Causes in words: `mlplab.explain.causes`.

import type { Metric } from "../spec/losses.ts";
import { explanation, type NumberKind } from "./table.ts";
import { grouped } from "../text/numbers.ts";

/** A cause with its evidence. */
export interface Finding {
  readonly code: string;
  /** In the order in which the cause names them. */
  readonly numbers: readonly number[];
}

/** Whether nothing is wrong. */
export function hasLearned(findings: readonly Finding[]): boolean {
  return findings.length > 0 && explanation.learned.includes(findings[0].code);
}

/** The sentence of a cause, with its numbers in it. */
export function sentenceOf({ code, numbers }: Finding, metric: Metric): string {
  const { sentence, numbers: kinds } = explanation.causes[code];
  const written = Object.entries(kinds).map(([name, kind], i) => [name, writeNumber(numbers[i], kind, metric)] as const);
  const texts = new Map<string, string>([...written, ["metric", explanation.metrics[metric]]]);
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => texts.get(name) ?? "");
}

/** Write a number as sentences have it, in the way of its kind. */
export function writeNumber(value: number, kind: NumberKind, metric: Metric = "accuracy"): string {
  if (kind === "reference") {
    const known = `nearest neighbours have ${writeNumber(value, "score", metric)}`;
    return Number.isFinite(value) ? known : "a large enough network can meet all of so few samples, if no two are alike";
  }
  if (kind === "updates" || kind === "epochs") {
    const count = writeNumber(value, "count");
    return `${count} ${count === "1" ? kind.slice(0, -1) : kind}`;
  }
  if (!Number.isFinite(value)) return "no longer a number";
  if (kind === "fraction" || (kind === "score" && metric === "accuracy")) return `${writeNumber(100 * value, "number")} %`;
  const size = Math.abs(value);
  if (kind === "count" || size >= 1000) return size < 1e15 ? grouped(Math.floor(value + 0.5)) : "more than 10¹⁵";
  if (size > 0 && size < 1e-4) return "below 0.0001";
  return String(Number(value.toPrecision(3)));
}
