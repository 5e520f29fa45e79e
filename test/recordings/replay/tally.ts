import type { RecordedHost } from './recorded-host.ts';

type Count = { right: number; total: number };

/** Right answers by provider, folder and feature, as they are counted. */
export class Tally {
  readonly #folders = new Map<string, Count>();
  readonly #features = new Map<string, Count>();
  readonly #misses: string[] = [];

  add({ folder, operation, provider }: RecordedHost, features: readonly string[], isRight: boolean): void {
    count(this.#folders, `${folder}\t${operation} by ${provider.name}`, isRight);
    for (const feature of [operation, ...features]) count(this.#features, feature, isRight);
  }

  miss(id: string, reason: string): void {
    this.#misses.push(`${id}: ${reason}`);
  }

  /** As lines of text, for whoever runs the command. */
  toString(): string {
    if (this.#folders.size === 0) return 'There are no recordings beside the checkout.';
    const rows = [...this.#folders].sort();
    const total = rows.reduce((sum, [, { right, total: all }]) => ({ right: sum.right + right, total: sum.total + all }), { right: 0, total: 0 });
    return [
      'recordings answered right',
      ...rows.map(([name, { right, total: all }]) => `  ${cell(`${right}/${all}`, 9)} ${name.replace('\t', ': ')}`),
      `  ${cell(`${total.right}/${total.total}`, 9)} in all`,
      'by feature',
      ...[...this.#features].sort().map(([name, { right, total: all }]) => `  ${cell(`${right}/${all}`, 9)} ${name}`),
      ...(this.#misses.length > 0 ? ['not answered right', ...this.#misses.map((line) => `  ${line}`)] : []),
    ].join('\n');
  }
}

function count(counts: Map<string, Count>, name: string, isRight: boolean): void {
  const known = counts.get(name) ?? { right: 0, total: 0 };
  counts.set(name, { right: known.right + (isRight ? 1 : 0), total: known.total + 1 });
}

function cell(text: string, width: number): string {
  return text.padStart(width);
}
