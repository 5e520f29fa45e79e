import { parseArgs } from 'node:util';

export type PromisesOptions = {
  readonly areas: readonly string[];
  /** Ids; empty means all. */
  readonly only: readonly string[];
  readonly seed: number;
  readonly isShort: boolean;
  readonly writeDocs: boolean;
};

export const USAGE = `Usage: pnpm promises AREA… [options]
  --only ID        only this promise, such as P26; may be repeated
  --seed N         another course of everything random (default 1)
  --short          as the tests run it: seconds, and no proof
  --write          put the tables into docs/promises.md`;

/** @throws TypeError naming what is not understood. */
export function readOptions(args: readonly string[], known: readonly string[]): PromisesOptions | undefined {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { help, only, seed, short, write } = values;
  if (help || positionals.length === 0) return undefined;
  const unknown = positionals.filter((area) => !known.includes(area));
  if (unknown.length > 0) throw new TypeError(`No area is named ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  if (write && (short || only.length > 0)) throw new TypeError('--write takes whole areas at full size: leave out --short and --only.');
  const number = Number(seed);
  if (!Number.isSafeInteger(number) || number < 0) throw new TypeError(`--seed takes a whole number, not '${seed}'.`);
  return { areas: positionals, only: only.map((id) => id.toUpperCase()), seed: number, isShort: short, writeDocs: write };
}
