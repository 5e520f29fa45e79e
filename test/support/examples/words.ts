/** Words that stand nowhere else, so that each can be looked for in what became of it. */
export type Words = { next(): string; readonly all: readonly string[] };

export function words(prefix = 'zq'): Words {
  const all: string[] = [];
  return {
    all,
    next() {
      // Six letters, which base64 packs into whole letters of its own.
      const word = `${prefix}${String(all.length).padStart(3, '0')}x`;
      all.push(word);
      return word;
    },
  };
}

/** Those that `value` holds nowhere, neither in itself nor packed in base64. */
export function lostIn(value: unknown, { all }: Words): readonly string[] {
  const text = JSON.stringify(value);
  return all.filter((word) => !text.includes(word) && !text.includes(base64(word)));
}

export function base64(word: string): string {
  return Buffer.from(word).toString('base64');
}
