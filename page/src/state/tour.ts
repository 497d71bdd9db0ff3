// The tour: five steps through the page, for those who are there for the first time.

import type { Tab } from "./state.ts";

/** A part of the page; it has this name as `data-tour`. */
export type TourPart = "data" | "network" | "play" | "plane" | "runs";

interface TourStep {
  readonly part: TourPart;
  readonly title: string;
  readonly text: string;
  /** The tab that is opened for it. */
  readonly tab?: Tab;
}

export const TOUR: readonly TourStep[] = [
  {
    part: "data",
    title: "The data",
    text: "Each point is a sample: two features, x₁ and x₂, and a class. Here you choose where the points come from; below it are the network and how it is trained.",
  },
  {
    part: "network",
    title: "The network",
    text: "From the inputs on the left to an output for each class on the right. A square shows what a neuron answers over the whole plane; the thicker a link, the larger its weight.",
  },
  {
    part: "play",
    title: "Play",
    text: "Press Play: the network learns, update by update. You can pause it, make one update alone, or begin anew.",
  },
  {
    part: "plane",
    title: "The plane",
    text: "The background shows which class the network answers where, and wrong points have a ring. The curves below the network tell the same story as numbers: watch the loss fall.",
  },
  {
    part: "runs",
    title: "Many runs",
    text: "One run may be luck: another seed gives another result. Here you train the same set-up a hundred times, compare two set-ups, or map two numbers.",
    tab: "runs",
  },
];
