// What explaining needs of Python's table: names and numbers of the kernels, causes in words, and what is tried.
//
// Workers need this and no more of the table: the names that are imported are all that their bundle carries.

import { explanation as table } from "../spec/spec.json";

/**
 * How a number is written: as a whole one (`count`), with three digits (`number`), in per cent (`fraction`), as the metric
 * is (`score`), as what nearest neighbours have (`reference`), or with its noun.
 */
export type NumberKind = "count" | "number" | "fraction" | "score" | "reference" | "updates" | "epochs";

interface Explanation {
  /** Of causes, in the order of the kernel's rows, the likeliest first; `learned` are those of runs with which nothing is wrong. */
  readonly codes: readonly string[];
  readonly learned: readonly string[];
  readonly causes: Readonly<
    Record<string, { readonly short: string; readonly sentence: string; readonly numbers: Readonly<Record<string, NumberKind>> }>
  >;
  readonly metrics: Readonly<Record<string, string>>;
  /** Of a layer. */
  readonly measures: number;
  readonly facts: readonly string[];
  readonly sample_facts: readonly string[];
  readonly most_numbers: number;
  readonly most_looks: number;
  readonly followed: number;
  /** What is tried when it is asked what would help. */
  readonly factors: readonly number[];
  readonly initializers: readonly string[];
  readonly activations: readonly string[];
  readonly times_longer: readonly number[];
  readonly times_wider: readonly number[];
  readonly first_layer: Readonly<Record<string, number | string>>;
  /** Samples times weights times epochs of all runs of a change; with more there are fewer runs. */
  readonly largest_work: number;
  /** A change with more than so many times the largest work is left out … */
  readonly beyond: number;
  /** … unless it has at most so many times the work of the unchanged. */
  readonly always: number;
  /** Of mean absolute errors: the smallest difference that means anything, as a part of the unchanged. */
  readonly tolerated: number;
}

export const explanation = table as unknown as Explanation;
