// What a network without hidden layers and with two classes draws, and whether that was wanted.

import { significant } from "../text/numbers.ts";
import { constraintsOf, exclusionOf, missedConstraints } from "./family.ts";
import { isZero, plus, times } from "./fraction.ts";
import { isClose, type Line, rounded, type Side, sidesOf, writeLine } from "./line.ts";
import { difference, drawnLine, sharpnessOf, type TwoClasses } from "./two_classes.ts";

const WHERE: Readonly<Record<Side, string>> = {
  below: "below it",
  above: "above it",
  left: "to the left of it",
  right: "to the right of it",
};

export interface Check {
  readonly network: TwoClasses;
  readonly wanted: Line;
  /** Where both classes have the probability 1/2; `null` if that is nowhere or everywhere. */
  readonly line: Line | null;
  /** The side of the line that is class 0: of the wanted line if that is drawn, else of the drawn one. */
  readonly side: Side | null;
  /** Whether the drawn line is the wanted one, but for rounding. */
  readonly drawsWanted: boolean;
  /** Whether the wanted line is drawn but class 0 is on its other side. */
  readonly isSwitched: boolean;
}

/** Say what a network draws; `wantedSide` is the side of class 0, `null` where either will do. */
export function check(network: TwoClasses, wanted: Line, wantedSide: Side | null): Check {
  const line = drawnLine(network);
  const asked = { network, wanted, line };
  if (line === null) return { ...asked, side: null, drawsWanted: false, isSwitched: false };
  const [slope1, slope2] = difference(network);
  const drawsWanted = isClose(line, wanted);
  const reference = drawsWanted ? wanted : line;
  // z₀ - z₁ rises towards class 0.
  const rise = plus(times(slope1, reference.a), times(slope2, reference.b));
  const side = sidesOf(reference)[rise.numerator > 0n ? 1 : 0];
  return { ...asked, side, drawsWanted, isSwitched: wantedSide !== null && drawsWanted && side !== wantedSide };
}

/** The findings as one paragraph of plain text. */
export function explain(found: Check): string {
  if (found.line === null) return explainNoLine(found);
  return `${explainLine(found, found.line)} ${explainSides(found, found.line)}`;
}

function explainNoLine({ network, wanted }: Check): string {
  const [first, second] = network;
  if (isZero(difference(network)[2])) {
    return (
      "These weights draw no line: both rows of W are equal and both biases too, so that z1 = z2 and both " +
      "classes have the probability 0.5 at every point. " +
      `They do fulfil ${constraintsOf(wanted).join(" and ")}, but ${exclusionOf(wanted)} is needed as well.`
    );
  }
  const probability = 1 / (1 + Math.exp(-Math.abs(first[2] - second[2])));
  return (
    "These weights draw no line: both rows of W are equal, so that only the biases tell the classes apart, " +
    `and class ${first[2] > second[2] ? 0 : 1} has the larger probability, ${significant(probability, 4)}, ` +
    "at every point."
  );
}

function explainLine({ network, wanted, drawsWanted }: Check, line: Line): string {
  if (drawsWanted) return `These weights draw the line ${writeLine(wanted)}, as wanted.`;
  const text = `These weights draw the line ${shown(line)}, not the wanted ${writeLine(wanted)}`;
  const missed = missedConstraints(wanted, network);
  const broken = constraintsOf(wanted).filter((_, i) => missed[i]);
  if (broken.length === 1) return `${text}, because ${broken[0]} does not hold.`;
  return `${text}, because neither ${broken.join(" nor ")} holds.`;
}

function explainSides({ network, wanted, side, drawsWanted, isSwitched }: Check, line: Line): string {
  const sides = sidesOf(drawsWanted ? wanted : line);
  const [mine, other] = side === sides[0] ? sides : [sides[1], sides[0]];
  const text = isSwitched
    ? `Only the labels are swapped: class 0 lies ${WHERE[mine]}, not ${WHERE[other]} as wanted; ` +
      "exchange the rows of W, and the biases."
    : `Class 0 lies ${WHERE[mine]}, class 1 ${WHERE[other]}.`;
  const sharpness = sharpnessOf(network);
  const steep = significant(sharpness, 4);
  return (
    `${text} The sharpness is ${steep}: at a distance d from the line, a point's class has the probability ` +
    `1 / (1 + exp(-${steep} d)), so it takes a distance of ${significant(Math.log(9) / sharpness, 4)} ` +
    "to be 90 % sure."
  );
}

/** Write a line, with six significant digits where all of them would be too long to read. */
function shown(line: Line): string {
  const text = writeLine(line);
  return text.length <= 40 ? text : `${writeLine(rounded(line, 6))} (rounded)`;
}
