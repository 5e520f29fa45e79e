const WORDS = [
  'naïve ',
  '漢字 ',
  '👩‍👩‍👧 ',
  '\r\n',
  '\n\n',
  'data: ',
  '\u0000 "quoted" \u2028',
  '[DONE]',
  '{"error":"no"}',
  ' ',
  'plain words ',
  '\uFEFF',
  'ü',
];
const LINE_ENDS = ['\n', '\r\n', '\r'] as const;

type Random = () => number;

/** What a model may say that readers stumble over. None is empty, so that each is an event that says something. */
export function randomWords(random: Random): string[] {
  return Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(WORDS, random));
}

/** The words as a stream in any form that the format allows; `ends` are where its events end, `[DONE]` not counted. */
export function framed(words: readonly string[], random: Random): { readonly bytes: Buffer; readonly ends: readonly number[] } {
  const end = pick(LINE_ENDS, random);
  const isNoisy = random() < 0.5;
  const ends: number[] = [];
  let text = '';
  for (const content of words) {
    const json = JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content } }] });
    const isSplit = isNoisy && random() < 0.3;
    const noise = isNoisy && random() < 0.5 ? [': comment', 'id: 7', 'retry: 10'] : [];
    const lines = [...noise, ...(isSplit ? [`data:${json.slice(0, 6)}`, `data: ${json.slice(6)}`] : [`data: ${json}`]), ''];
    text += lines.map((line) => line + end).join('');
    // A lone CR ends a line only once it is known that no LF follows.
    ends.push(Buffer.byteLength(text) + (end === '\r' ? 1 : 0));
  }
  return { bytes: Buffer.from(`${text}data: [DONE]${end}${end}`), ends };
}

/** In pieces of one to forty bytes, or seldom as one. */
export function cutAnywhere(bytes: Buffer, random: Random): Buffer[] {
  const longest = random() < 0.1 ? bytes.length : 40;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * longest);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

function pick<T>(among: readonly T[], random: Random): T {
  return among[Math.floor(random() * among.length)] as T;
}
