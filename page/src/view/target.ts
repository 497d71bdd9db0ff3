// The target that the network which is shown predicts, if its samples have one.

import type { State } from "../state/state.ts";
import { scaleOf, type Scale } from "./surface.ts";

/** What targets of drawn samples are called. */
export const TARGET_NAMES: readonly string[] = ["y"];

/** The scale of the targets of the network that is shown; null where there are classes. */
export function targetScale({ result, points }: State): Scale | null {
  return result?.classes === 0 && points !== null ? scaleOf(points) : null;
}
