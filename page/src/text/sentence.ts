/** What a message says as a sentence: with a capital letter and a full stop. */
export function sentence(message: string): string {
  return `${message[0].toUpperCase()}${message.slice(1)}.`;
}
