// All files that one can take along: each is written of the network that is shown.

import type { State } from "../state/state.ts";
import { sessionOf } from "../state/session.ts";
import { curvesFile } from "./curves_file.ts";
import { experimentFile } from "./experiment_file.ts";
import { kerasProgram } from "./keras_program.ts";
import { type ExportedNetwork, exportedNetwork } from "./network.ts";
import { numpyProgram } from "./numpy_program.ts";
import { POINTS_FILE, pointsFile } from "./points_file.ts";
import { writeSession } from "./session_file.ts";
import { weightsFile } from "./weights.ts";
import { zipped } from "./zip.ts";

export interface ExportedFile {
  readonly title: string;
  /** What it is for. */
  readonly says: string;
  readonly name: string;
  readonly write: (network: ExportedNetwork, state: State) => string | Uint8Array<ArrayBuffer>;
}

const points = ({ samples }: ExportedNetwork) => pointsFile(samples);

export const FILES: readonly ExportedFile[] = [
  {
    title: "Session",
    says: "everything, to go on in this page",
    name: "session.json",
    write: (_, state) => writeSession(sessionOf(state)),
  },
  {
    title: "Experiment (TOML)",
    says: "the set-up, for mlplab train",
    name: "experiment.toml",
    write: experimentFile,
  },
  {
    title: "Keras program (ZIP)",
    says: "the network, and its points beside it",
    name: "network_keras.zip",
    write: (network) => {
      const files = { "network_keras.py": kerasProgram(network), [POINTS_FILE]: points(network) };
      return zipped(new Map(Object.entries(files)));
    },
  },
  {
    title: "NumPy program",
    says: "the network, in nothing but NumPy",
    name: "network_numpy.py",
    write: numpyProgram,
  },
  { title: "Weights (JSON)", says: "each weight and bias", name: "weights.json", write: weightsFile },
  { title: "Points (CSV)", says: "in their splits", name: POINTS_FILE, write: points },
  { title: "Curves (CSV)", says: "loss and accuracy by epoch", name: "curves.csv", write: curvesFile },
];

/** The content of a file; null while there is no network yet. */
export function contentOf(file: ExportedFile, state: State): string | Uint8Array<ArrayBuffer> | null {
  const network = exportedNetwork(state);
  return network === null ? null : file.write(network, state);
}
