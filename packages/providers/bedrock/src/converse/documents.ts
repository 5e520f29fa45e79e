const MOST_CHARACTERS = 200;

/** Names of documents, as Bedrock takes them: of letters, digits, dashes, brackets and single spaces, no two alike. */
export class DocumentNames {
  readonly #taken = new Set<string>();

  nameFor(filename: string | undefined): string {
    const plain = (filename ?? '')
      .replace(/\.\w{1,5}$/, '')
      .replaceAll(/[^\p{L}\p{N}\s\-()[\]]/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, MOST_CHARACTERS - 10);
    const base = plain === '' ? 'document' : plain;
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base} ${number}`;
    this.#taken.add(name);
    return name;
  }
}
