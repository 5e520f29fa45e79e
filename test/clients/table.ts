import { readFileSync } from 'node:fs';
import type { ClientSuite } from './feature.ts';

const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { devDependencies: Record<string, string> };

export type Results = ReadonlyMap<string, 'passed' | 'failed'>;

/** Names one cell of the table. */
export function cellOf(face: string, suite: ClientSuite, feature: string): string {
  return [face, suite.packages[0], feature].join(' | ');
}

/** docs/clients.md, from what the tests of this run have found. */
export function clientsDocument(suites: readonly ClientSuite[], faces: readonly string[], results: Results): string {
  const failed = [...results.values()].filter((result) => result === 'failed').length;
  return `# Official clients

Each cell is a test that runs the client as its users install it, against a scripted upstream that answers as OpenAI does, through one face of the gateway: mounted in Express, mounted in Koa, the \`sluice\` command in a process of its own, and \`gateway.fetch\`, without a socket. ${results.size} tests, ${failed} failed.

\`\`\`sh
npx tsc -b && npx vitest run test/clients                    # fails when this page is not what it finds
npx tsc -b && UPDATE_DOCS=1 npx vitest run test/clients      # writes this page
\`\`\`
${suites.map((suite) => `\n${tableOf(suite, faces, results)}\n`).join('')}`;
}

function tableOf(suite: ClientSuite, faces: readonly string[], results: Results): string {
  const rows = suite.features.map(({ name }) => [name, ...faces.map((face) => SIGNS[results.get(cellOf(face, suite, name)) ?? 'missing'])]);
  return [
    `## ${suite.packages.map((name) => `${name} ${devDependencies[name]}`).join(', ')}`,
    '',
    toRow(['', ...faces]),
    toRow(['---', ...faces.map(() => ':-:')]),
    ...rows.map(toRow),
  ].join('\n');
}

const SIGNS = { passed: '✓', failed: '✗', missing: '' } as const;

function toRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
