// The trainings of this visit as a CSV file: a row each, with a column for each setting in which they differ.

import type { Tried, TriedRun } from "../state/tried.ts";
import { sayEnding } from "../state/tried.ts";
import { described, sayDifferences } from "../studies/differences.ts";
import { floatText } from "../text/numbers.ts";
import { csv, field } from "./csv_files.ts";

const HEADING = [
  "run",
  "seed",
  "differs_from_first",
  "changed_on_its_way",
  "epochs",
  "updates",
  "metric",
  "train_metric",
  "train_loss",
  "test_metric",
  "test_loss",
  "ending",
];

export function triedFile({ runs }: Tried): string {
  const settings = runs.map(({ setUp }) => described(setUp));
  const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))];
  const differing = paths.filter((path) => new Set(settings.map((each) => text(each.get(path)))).size > 1);
  const rows = runs.map((run, i) => [...resultsOf(run, runs[0]), ...differing.map((path) => text(settings[i].get(path)))]);
  return csv([[...HEADING, ...differing], ...rows].map((row) => row.map(field)));
}

function resultsOf(run: TriedRun, first: TriedRun): string[] {
  const { number, seed, setUp, isPlain, epochs, updates, metric, train, test } = run;
  const scores = [train.metric, train.loss, test.metric, test.loss].map(floatText);
  const differs = sayDifferences(first.setUp, setUp);
  return [String(number), seed, differs, String(!isPlain), String(epochs), String(updates), metric, ...scores, sayEnding(run)];
}

/** A setting's value; empty where a run has no such setting. */
function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
}
