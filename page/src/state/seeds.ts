// Seeds, as Python takes them: whole numbers, as text since they may exceed 2^53.

import { shown } from "../spec/shown.ts";
import { grouped } from "../text/numbers.ts";

const LARGEST_SEED = 2n ** 62n;

/** The seed that a text is, as it is written; null if it is none. */
export function readSeed(text: string): string | null {
  const typed = text.trim();
  if (!/^\d{1,20}$/.test(typed) || BigInt(typed) > LARGEST_SEED) return null;
  return String(BigInt(typed));
}

/** What is said of a text that is no seed. */
export function whyNoSeed(text: string): string {
  return `expected a whole number from 0 to ${grouped(LARGEST_SEED)}, received ${shown(text)}`;
}

/** The seed that stands so many after another; after the largest one comes 0. */
export function seedAfter(seed: string, count: number): string {
  return String((BigInt(seed) + BigInt(count)) % (LARGEST_SEED + 1n));
}
