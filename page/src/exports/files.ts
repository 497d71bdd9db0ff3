// All files that one can take along: of the session, or of the network that is shown.

import { sessionOf } from "../state/session.ts";
import type { State } from "../state/state.ts";
import { curvesFile, pointsFile, POINTS_FILE, TARGET } from "./csv_files.ts";
import { experimentFile } from "./experiment_file.ts";
import { kerasProgram } from "./keras_program.ts";
import { type ExportedNetwork, exportedNetwork } from "./network.ts";
import { numpyProgram } from "./numpy_program.ts";
import { writeSession } from "./session_file.ts";
import { weightsFile } from "./weights.ts";
import { zipped } from "./zip.ts";

type Content = string | Uint8Array<ArrayBuffer>;

export interface ExportedFile {
  readonly title: string;
  /** What it is for. */
  readonly says: string;
  readonly name: string;
  /** Its content; null while there is none. */
  readonly write: (state: State) => Content | null;
}

/** What is written of the network; null while there is none. */
function ofNetwork(write: (network: ExportedNetwork) => Content): ExportedFile["write"] {
  return (state) => {
    const network = exportedNetwork(state);
    return network === null ? null : write(network);
  };
}

function pointsOf({ samples, labels }: ExportedNetwork): string {
  return pointsFile(samples, labels.length > 0 ? "label" : TARGET);
}

export const FILES: readonly ExportedFile[] = [
  {
    title: "Session",
    says: "everything, to go on in this page",
    name: "session.json",
    write: (state) => writeSession(sessionOf(state)),
  },
  {
    title: "Experiment (TOML)",
    says: "the set-up, for mlplab train",
    name: "experiment.toml",
    write: ofNetwork(experimentFile),
  },
  {
    title: "Keras program (ZIP)",
    says: "the network, and its points beside it",
    name: "network_keras.zip",
    write: ofNetwork((network) =>
      zipped({ "network_keras.py": kerasProgram(network), [POINTS_FILE]: pointsOf(network) }),
    ),
  },
  {
    title: "NumPy program",
    says: "the network, in nothing but NumPy",
    name: "network_numpy.py",
    write: ofNetwork(numpyProgram),
  },
  { title: "Weights (JSON)", says: "each weight and bias", name: "weights.json", write: ofNetwork(weightsFile) },
  {
    title: "Points (CSV)",
    says: "in their splits",
    name: POINTS_FILE,
    // Own points are there before they are enough for a network.
    write: (state) => {
      const { set } = state.ownPoints;
      if (set !== null) return pointsFile(set.points);
      const network = exportedNetwork(state);
      return network === null ? null : pointsOf(network);
    },
  },
  { title: "Curves (CSV)", says: "loss and metric by epoch", name: "curves.csv", write: ofNetwork(curvesFile) },
];
