// The loss landscape around the training under way: which plane is wanted, what is computed, and what there is.

import type { PathPoint, PlaneKind } from "../landscape/plane.ts";
import type { Landscape, LandscapeFound } from "../worker/messages.ts";
import type { State } from "./state.ts";

export interface LandscapeState {
  readonly plane: PlaneKind;
  readonly withPenalty: boolean;
  /** Whether a hundred runs from the same start are drawn. */
  readonly ofHundred: boolean;
  /** So many of the others are trained. */
  readonly trained: number;
  /** The last one that was asked for; null before the first. */
  readonly asked: Asked | null;
  /** The path of the one that is asked for; null until the worker has told it, and when all is computed. */
  readonly path: readonly PathPoint[] | null;
  /** What there is of it, or of the one before. */
  readonly found: Found | null;
  /** Why there is none. */
  readonly why: string;
}

/** A landscape is of a training that was so many updates far. */
interface Asked {
  /** Landscapes are counted. */
  readonly number: number;
  readonly training: number;
  readonly step: number;
  readonly isDone: boolean;
}

interface Found {
  readonly training: number;
  readonly landscape: Landscape;
}

export const NO_LANDSCAPE: LandscapeState = {
  plane: "path",
  withPenalty: false,
  ofHundred: false,
  trained: 0,
  asked: null,
  path: null,
  found: null,
  why: "",
};

export type LandscapeAction =
  | { readonly kind: "choose_plane"; readonly plane: PlaneKind }
  | { readonly kind: "of_hundred"; readonly on: boolean }
  | { readonly kind: "add_penalty"; readonly on: boolean }
  | { readonly kind: "draw" }
  | { readonly kind: "found"; readonly found: LandscapeFound }
  | { readonly kind: "failed"; readonly number: number; readonly sentence: string };

/** What was asked for and is not done; null if nothing. */
export function underWay({ landscape: { asked }, training }: State): Asked | null {
  return asked !== null && asked.training === training && !asked.isDone ? asked : null;
}

/** The landscape for which the worker is to tell the training's path; null if it has, or none is asked for. */
export function pathWantedFor(state: State): number | null {
  return state.landscape.path === null ? (underWay(state)?.number ?? null) : null;
}

/** Whether a landscape is being computed. */
export function isComputing(state: State): boolean {
  return underWay(state) !== null;
}

/** The landscape of the training under way. */
export function landscapeNow({ landscape: { found }, training }: State): Landscape | null {
  return found?.training === training ? found.landscape : null;
}
