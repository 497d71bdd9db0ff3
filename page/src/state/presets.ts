// Where one can start: experiments by the titles that a student reads, as Python has them.

import type { Experiment } from "../engine/experiment.ts";
import { spec } from "../spec/schema.ts";
import { canonical } from "./canonical.ts";
import type { StopRule } from "./stopping.ts";

export interface Preset {
  readonly title: string;
  readonly stopRule: StopRule;
  readonly experiment: Experiment;
}

export const PRESETS: readonly Preset[] = Object.entries(spec.presets).map(([title, experiment]) => ({
  title,
  stopRule: "epochs",
  experiment,
}));

/** What a new page shows. */
export const FIRST: Preset = PRESETS.find(({ title }) => title === spec.first) ?? PRESETS[0];

/** Of the classes, in their order. */
export const CLASS_COLOURS = spec.colours;

const TEXTS = new Map(PRESETS.map((preset) => [canonical(preset.experiment), preset]));

/** The preset that an experiment with its stop rule is; null if it is none. */
export function presetOf({ experiment, stopRule }: Omit<Preset, "title">): Preset | null {
  const preset = TEXTS.get(canonical(experiment));
  return preset?.stopRule === stopRule ? preset : null;
}
