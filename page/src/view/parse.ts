// Numbers as they are typed. What is none is said, and never taken for another.

const LARGEST = 1e6;

/** The number that a text is, or a sentence that says why it is none. */
export function parseNumber(text: string, low = -LARGEST, high = LARGEST): number | string {
  const typed = text.trim();
  if (typed === "") return "Expected a number, received nothing.";
  if (/^[-+]?\d+,\d+$/.test(typed)) return `Expected a number with a point, received "${typed}".`;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(typed)) return `Expected a number, received "${typed}".`;
  const value = Number(typed);
  if (value < low || value > high) return `Expected a number from ${low} to ${high}, received ${typed}.`;
  return value;
}

/** The whole number that a text is, or a sentence that says why it is none. */
export function parseWhole(text: string, low: number, high: number): number | string {
  const value = parseNumber(text, low, high);
  if (typeof value === "string") return value.replace("Expected a number", "Expected a whole number");
  return Number.isInteger(value) ? value : `Expected a whole number, received ${text.trim()}.`;
}
