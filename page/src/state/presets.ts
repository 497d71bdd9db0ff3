// Where one can start: experiments by the titles that a student reads, as Python has them.

import type { Experiment } from "../engine/experiment.ts";
import { spec } from "../spec/schema.ts";
import { canonical } from "./canonical.ts";
import type { State } from "./state.ts";

export interface Preset {
  readonly title: string;
  readonly experiment: Experiment;
}

export const PRESETS: readonly Preset[] = Object.entries(spec.presets).map(([title, experiment]) => ({ title, experiment }));

/** What a new page shows. */
export const FIRST: Preset = PRESETS.find(({ title }) => title === spec.first) ?? PRESETS[0];

const TEXTS = new Map(PRESETS.map((preset) => [canonical(preset.experiment), preset]));

/** The preset that an experiment with its stop rule is; null if it is none. */
export function presetOf({ experiment, stopRule }: Pick<State, "experiment" | "stopRule">): Preset | null {
  return stopRule === "epochs" ? (TEXTS.get(canonical(experiment)) ?? null) : null;
}
