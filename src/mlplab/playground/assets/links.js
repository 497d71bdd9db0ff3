// Which links of the network are drawn: the strongest ones, and a word on what is left out.

const MOST_LINKS = 1200;
const STRENGTHS = 1024; // levels into which weights are sorted to find the strongest

// The strongest links; all, where there are few. Levels tell most of the weak ones apart without sorting all.
// Returned with the largest weight, and a sentence where not all links are among them.
function chooseLinks(sizes, weights) {
  let largest = 1e-9;
  let unknown = 0; // weights that are no numbers
  for (const w of weights) {
    if (!Number.isFinite(w)) unknown += 1;
    else if (Math.abs(w) > largest) largest = Math.abs(w);
  }
  const levelOf = (w) => Math.floor((Math.abs(w) / largest) * (STRENGTHS - 1));
  let least = 0;
  if (weights.length - unknown > MOST_LINKS) {
    const counts = new Uint32Array(STRENGTHS);
    for (const w of weights) if (Number.isFinite(w)) counts[levelOf(w)] += 1;
    least = STRENGTHS - 1;
    for (let kept = counts[least]; kept < MOST_LINKS; kept += counts[least]) least -= 1;
  }
  let links = [];
  let at = 0;
  for (let layer = 0; layer + 1 < sizes.length; layer++) {
    for (let o = 0; o < sizes[layer + 1]; o++) {
      for (let i = 0; i < sizes[layer]; i++, at++) {
        const w = weights[at];
        if (Number.isFinite(w) && levelOf(w) >= least) links.push({ layer, o, i, w });
      }
    }
  }
  if (links.length > MOST_LINKS) links = strongest(links);
  return { links, largest, said: whichLinks(links.length, weights.length, unknown) };
}

// As many as are drawn at most; of those that are as strong as the last, some of every layer.
function strongest(links) {
  const sorted = [...links].sort((one, other) => Math.abs(other.w) - Math.abs(one.w));
  const last = Math.abs(sorted[MOST_LINKS - 1].w);
  const stronger = sorted.filter(({ w }) => Math.abs(w) > last);
  const equal = sorted.filter(({ w }) => Math.abs(w) === last);
  const room = MOST_LINKS - stronger.length;
  const upTo = (i) => Math.floor((i * room) / equal.length);
  return stronger.concat(equal.filter((_, i) => upTo(i + 1) > upTo(i)));
}

// What there is to say where not all links are drawn.
function whichLinks(drawn, all, unknown) {
  const count = (number) => number.toLocaleString("en");
  if (unknown === all) return "no weight is a number";
  if (unknown > 0) return `${count(unknown)} of ${count(all)} weights are no numbers`;
  return drawn < all ? `the ${count(drawn)} strongest of ${count(all)} links` : "";
}
