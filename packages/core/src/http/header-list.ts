/**
 * Headers as Node writes them fastest: names, in lower case, and values in turn. An object of more than a dozen names
 * becomes a hash table of V8's, which costs as much to fill and to walk as all else about a head.
 */
export type HeaderList = string[];

/** In place of a value that is there already. */
export function setHeader(headers: HeaderList, name: string, value: string): void {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] !== name) continue;
    headers[index + 1] = value;
    return;
  }
  headers.push(name, value);
}

export function toPairs(headers: HeaderList): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index < headers.length; index += 2) pairs.push([headers[index] as string, headers[index + 1] as string]);
  return pairs;
}
