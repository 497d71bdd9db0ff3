// What is opened takes time to be read. Of links and files that come in quick succession, the last one counts.

let asked = 0;

/** Begin to open something; returns a function that tells whether nothing else was to be opened since. */
export function beginOpening(): () => boolean {
  const mine = ++asked;
  return () => mine === asked;
}
