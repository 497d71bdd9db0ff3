// Which known word was meant by an unknown one: Python's `mlplab.errors.suggestion`, written again.

const CUTOFF = 0.5;

/** What to say after "unknown word": the nearest known one, and all of them. */
export function suggestion(word: string, known: readonly string[]): string {
  const listing = `known: ${known.join(", ")}`;
  const low = word.toLowerCase();
  const nearest =
    known.find((each) => each.toLowerCase() === low) ??
    known.find((each) => each.split(/[_-]/).includes(low)) ??
    closest(low, known) ??
    known.find((each) => word !== "" && each.startsWith(low));
  return nearest === undefined ? listing : `did you mean '${nearest}'? (${listing})`;
}

/** The word most similar to another, if one is similar; of equals the last in the alphabet. */
function closest(word: string, known: readonly string[]): string | undefined {
  let best: { readonly ratio: number; readonly word: string } | undefined;
  for (const each of known) {
    const ratio = similarity([...each], [...word]);
    const isBetter =
      best === undefined || ratio > best.ratio || (ratio === best.ratio && each > best.word);
    if (ratio >= CUTOFF && isBetter) best = { ratio, word: each };
  }
  return best?.word;
}

/** Ratcliff and Obershelp's similarity, 0 to 1, as Python's `difflib` computes it. */
function similarity(a: readonly string[], b: readonly string[]): number {
  return a.length + b.length === 0 ? 1 : (2 * matches(a, b)) / (a.length + b.length);
}

/** Characters in the longest block that two texts have in common, and in those on its left and right. */
function matches(a: readonly string[], b: readonly string[]): number {
  let [size, endA, endB] = [0, 0, 0];
  let lengths = new Array<number>(b.length + 1).fill(0);
  for (let i = 0; i < a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(0);
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const length = (lengths[j] as number) + 1;
      next[j + 1] = length;
      if (length > size) [size, endA, endB] = [length, i + 1, j + 1];
    }
    lengths = next;
  }
  if (size === 0) return 0;
  const before = matches(a.slice(0, endA - size), b.slice(0, endB - size));
  return size + before + matches(a.slice(endA), b.slice(endB));
}
