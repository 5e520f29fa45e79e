import { parseArgs } from 'node:util';

export type BenchOptions = {
  readonly isQuick: boolean;
  readonly withPeers: boolean;
  readonly withSoak: boolean;
  readonly soakRequests: number;
  readonly rounds: number;
  readonly sliceMs: number;
  /** Parts of the names of the scenarios to run; empty means all. */
  readonly only: readonly string[];
  /** The Node that runs the gateways. */
  readonly node: string | undefined;
  readonly jsonFile: string | undefined;
  readonly writeDocs: boolean;
};

export const USAGE = `Usage: pnpm bench [options]
  --quick          a minute instead of a quarter of an hour, with looser figures
  --only NAME      only scenarios whose name holds NAME; may be repeated
  --node PATH      run the gateways with another Node
  --rounds N       slices for each program and scenario (default 9; quick: 3)
  --slice MS       length of a slice (default 600; quick: 250)
  --peers          other gateways as well; see bench/peers/README.md
  --soak           the soak instead: growth of the heap, and what aborted streams leave behind
  --requests N     requests of the soak (default 1000000)
  --json FILE      every figure, raw slices included
  --write          put the tables into docs/performance.md`;

/** @throws TypeError naming the option that is not known. */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      help: { type: 'boolean', short: 'h' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      node: { type: 'string' },
      rounds: { type: 'string' },
      slice: { type: 'string' },
      peers: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      requests: { type: 'string', default: '1000000' },
      json: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    isQuick: values.quick,
    withPeers: values.peers,
    withSoak: values.soak,
    soakRequests: toCount('requests', values.requests),
    rounds: toCount('rounds', values.rounds ?? (values.quick ? '3' : '9')),
    sliceMs: toCount('slice', values.slice ?? (values.quick ? '250' : '600')),
    only: values.only,
    node: values.node,
    jsonFile: values.json,
    writeDocs: values.write,
  };
}

function toCount(name: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new TypeError(`--${name} takes a whole number above 0, not '${text}'`);
  return count;
}
