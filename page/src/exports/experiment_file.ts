// `experiment.toml` for `mlplab train`: the set-up, and in its first lines what such a file cannot say.

import { writeToml } from "../spec/toml.ts";
import { isOwn } from "../state/point_set.ts";
import { describeChange } from "../state/provenance.ts";
import { grouped } from "../text/numbers.ts";
import type { ExportedNetwork } from "./network.ts";
import { POINTS_FILE } from "./csv_files.ts";

export function experimentFile(network: ExportedNetwork): string {
  const lines = [...notes(network), ...(isOwn(network.setUp) ? [`Its samples are in ${POINTS_FILE}, beside this file.`] : [])];
  return `${lines.map((line) => `# ${line}\n`).join("")}\n${writeToml(network.setUp)}`;
}

/** The seed, and whether training by this file gives the network that is shown. */
function notes({ setUp, seed, changes, step, epoch, updatesPerEpoch }: ExportedNetwork): string[] {
  const { epochs } = setUp.training;
  const how = `From seed ${seed}: mlplab train experiment.toml --seed ${seed}`;
  if (changes.length > 0) {
    const said = "That trains another network than the playground's, which was changed on the way:";
    return [how, said, ...changes.map((change) => `- ${describeChange(change)}`)];
  }
  if (step === 0 || step === epochs * updatesPerEpoch) return [how];
  const trained = `${grouped(step)} updates, ${grouped(epoch)} whole epochs`;
  return [how, `That trains ${grouped(epochs)} epochs; the playground's network is that of ${trained}.`];
}
