// Texts as Python understands them: what white space is, and which texts are numbers.

const WHITE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const IS_WHITE = new RegExp(`[${WHITE}]`, "u");
const FLOAT = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i;

/** Digits with signs in between that Python's `float` does not take: 1_000, 1,5, 20 %. */
const ALMOST = new RegExp(`^[+-]?[\\p{Nd}.,_'’${WHITE}]+%?$`, "u");

/** A text without white space around it. */
export function stripped(text: string): string {
  return trimmed(text, IS_WHITE);
}

/** The number that a text is, or null; digits and spaces may be those of any script. */
export function numberOf(text: string): number | null {
  const ascii = text.replace(/[^\x00-\x7f]/gu, (each) => (IS_WHITE.test(each) ? " " : plainDigit(each)));
  // What separates records, \x1c to \x1f, is white space around a label, but not around a number.
  const plain = trimmed(ascii, /[\t-\r ]/);
  if (!FLOAT.test(plain)) return null;
  const word = /inf|nan/i.exec(plain)?.[0].toLowerCase();
  if (word === undefined) return Number(plain);
  return word === "nan" ? NaN : plain.startsWith("-") ? -Infinity : Infinity;
}

/** Whether a text is a number, or nearly so. */
export function isLikeANumber(text: string): boolean {
  const plain = stripped(text);
  return numberOf(text) !== null || (ALMOST.test(plain) && /\p{Nd}/u.test(plain));
}

/** A digit of any script as 0 to 9; another character stays. Digits stand in tens, from 0 to 9. */
export function plainDigit(character: string): string {
  const isDigit = (code: number) => /\p{Nd}/u.test(String.fromCodePoint(code));
  const code = character.codePointAt(0) as number;
  if (!isDigit(code)) return character;
  let first = code;
  while (isDigit(first - 1)) first--;
  return String((code - first) % 10);
}

/** A text without such characters at its ends; a regular expression for both takes long over long texts. */
function trimmed(text: string, white: RegExp): string {
  let [begin, end] = [0, text.length];
  while (begin < end && white.test(text[begin])) begin++;
  while (begin < end && white.test(text[end - 1])) end--;
  return text.slice(begin, end);
}
