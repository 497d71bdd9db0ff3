// Where one can start: experiments by the titles that a student reads, as Python has them.

import type { Experiment } from "../engine/experiment.ts";
import type { StopRule } from "./stopping.ts";
import written from "./presets.json";

export interface Preset {
  readonly title: string;
  readonly stopRule: StopRule;
  readonly experiment: Experiment;
}

export const PRESETS: readonly Preset[] = written.presets.map(({ title, experiment }) => ({
  title,
  stopRule: "epochs",
  experiment: experiment as Experiment,
}));

/** What a new page shows. */
export const FIRST: Preset = PRESETS.find(({ title }) => title === written.first) ?? PRESETS[0];

/** Of the classes, in their order. */
export const CLASS_COLOURS: readonly string[] = written.colours;
