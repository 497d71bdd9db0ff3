// Some files as one: a zip archive, in which they are stored as they are.

const VERSION = 20; // of the format that is needed: 2.0
const UTF8 = 0x0800; // names are in UTF-8
const DATE = 0x21; // 1 January 1980: the same files give the same bytes

/** Make an archive of files by their names. */
export function zipped(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, content] = [encoder.encode(name), encoder.encode(text)];
    const { length } = content;
    // Of local header and directory alike: version, flags, method, time, date, checksum, sizes, lengths.
    const shared = [VERSION, UTF8, 0, 0, DATE, ...halves(checksum(content)), ...halves(length), ...halves(length)];
    const local = numbers([0x4b50, 0x0403, ...shared, path.length, 0]);
    parts.push(local, path, content);
    const entry = [0x4b50, 0x0201, VERSION, ...shared, path.length, 0, 0, 0, 0, 0, 0, ...halves(offset)];
    directory.push(numbers(entry), path);
    offset += local.length + path.length + length;
  }
  const size = directory.reduce((sum, each) => sum + each.length, 0);
  const count = [directory.length / 2, directory.length / 2];
  const end = numbers([0x4b50, 0x0605, 0, 0, ...count, ...halves(size), ...halves(offset), 0]);
  return Uint8Array.from([...parts, ...directory, end].flatMap((part) => [...part]));
}

/** CRC-32. */
function checksum(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A number of 32 bits as two of 16, the lower one first. */
function halves(value: number): [number, number] {
  return [value & 0xffff, value >>> 16];
}

/** Numbers of 16 bits, the lower byte first. */
function numbers(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, value >>> 8]));
}
