type Headers = Readonly<Record<string, string>>;

const BYTE_ARRAY = 6;
const STRING = 7;
/** Bytes of the values that are always as long, by their type: true, false, byte, short, integer, long, timestamp, uuid. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

/** The headers of a frame that are texts; nothing where the bytes are no headers. */
export function readHeaders(bytes: Buffer): Headers | undefined {
  const headers: Record<string, string> = {};
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    if (nameEnd >= bytes.length) return undefined;
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    const valueAt = nameEnd + 1;
    const fixed = FIXED_BYTES[type];
    if (fixed !== undefined) {
      at = valueAt + fixed;
    } else {
      if ((type !== STRING && type !== BYTE_ARRAY) || valueAt + 2 > bytes.length) return undefined;
      at = valueAt + 2 + bytes.readUInt16BE(valueAt);
      if (type === STRING) headers[name] = bytes.toString('utf8', valueAt + 2, at);
    }
    if (at > bytes.length) return undefined;
  }
  return headers;
}
