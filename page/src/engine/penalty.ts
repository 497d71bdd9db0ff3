// What a regularizer adds to the loss: `mlplab.spec.regularizers`.

import type { Network } from "./experiment.ts";
import type { Layer } from "./layout.ts";

/** What a penalty multiplies Σ |w| and Σ w² by. */
export function strengthsOf({ kernel_regularizer: regularizer }: Network): { readonly l1: number; readonly l2: number } {
  const strength = (name: string) => (regularizer?.[name] as number | undefined) ?? 0;
  return { l1: strength("l1"), l2: strength("l2") };
}

/** P = l1 Σ |w| + l2 Σ w² over the weights of all layers; null where there is no regularizer. */
export function penaltyOf(network: Network, layers: readonly Layer[]): number | null {
  if (network.kernel_regularizer === null) return null;
  const { l1, l2 } = strengthsOf(network);
  let penalty = 0;
  for (const { weights } of layers) for (const w of weights) penalty += l1 * Math.abs(w) + l2 * w ** 2;
  return penalty;
}
