/** What a message says as a sentence: with a capital letter and a full stop. Nothing stays nothing. */
export function sentence(message: string): string {
  const end = message === "" || message.endsWith(".") ? "" : ".";
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${end}`;
}

const LONGEST = 400; // characters

/** A message that can be read: names and values in it, which come from a file, may be of any length. */
export function cut(message: string): string {
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST)} …`;
}
