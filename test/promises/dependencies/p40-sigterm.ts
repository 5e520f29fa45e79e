import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, type PostgresServer, startPostgres } from '@sluice/testing/servers';
import { startUpstream, stream } from '../../governance/support/upstream.ts';
import { atMost, exactly } from '../frame/check.ts';
import type { Evidence, Proof, Run } from '../frame/proof.ts';
import { booksOf } from '../support/books-of.ts';
import { lacksCommand, startCommand } from '../support/command.ts';
import { KEY } from '../support/paid-model.ts';
import { readStream } from '../support/read-stream.ts';
import { signalTree } from '../support/signal-tree.ts';

const EVERY_MS = 50;

type Variant = {
  readonly what: string;
  readonly graceS: number;
  /** How long a stream is. */
  readonly streamS: number;
  readonly hangs?: true;
};

const VARIANTS: readonly Variant[] = [
  { what: 'that end within the grace', graceS: 20, streamS: 4 },
  { what: 'that do not end within the grace', graceS: 3, streamS: 600 },
  { what: 'that do not end within the grace, while PostgreSQL hangs', graceS: 3, streamS: 600, hangs: true },
];

export const proof: Proof = {
  id: 'P40',
  promise: 'SIGTERM loses nothing',
  lacks: () => (hasPostgres() ? lacksCommand() : 'PostgreSQL is not installed'),
  async prove(run) {
    const postgres = await startPostgres();
    try {
      const all: Evidence[] = [];
      for (const [index, variant] of VARIANTS.entries()) all.push(await terminated(run, variant, postgres, postgres.createDatabase(`proof_${index}`)));
      return all;
    } finally {
      await postgres.stop();
    }
  },
};

async function terminated(run: Run, { what, graceS, streamS, hangs }: Variant, postgres: PostgresServer, url: string): Promise<Evidence> {
  const streams = run.scaled(100, 20);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-proof-'));
  const journal = join(folder, 'journal');
  const upstream = await startUpstream(stream({ chunks: (streamS * 1000) / EVERY_MS, everyMs: EVERY_MS, usage: { prompt_tokens: 1, completion_tokens: 1 } }));
  const command = await startCommand(folder, yamlOf(upstream.baseUrl, url, journal), ['--grace', `${graceS}s`]);
  try {
    let begun = 0;
    const reading = Array.from({ length: streams }, () => readStream(command.url, KEY, () => (begun += 1)));
    while (begun < streams) await new Promise((resolve) => setTimeout(resolve, 20));
    if (hangs) signalTree(postgres.process.pid ?? 0, 'SIGSTOP');
    const toldAt = performance.now();
    command.process.kill('SIGTERM');
    const [read, { code, at }] = [await Promise.all(reading), await command.ended];
    if (hangs) signalTree(postgres.process.pid ?? 0, 'SIGCONT');
    const { rows } = await booksOf(url, 'master', journal);
    const whole = read.filter(({ text, isWhole }) => isWhole && text.includes('[DONE]') && !text.includes('"error"')).length;
    const told = read.filter(({ text, isWhole }) => isWhole && text.includes('"code":"shutting_down"') && !text.includes('[DONE]')).length;
    const isCut = streamS > graceS;
    return {
      test: `${streams} streams ${what} of ${graceS} s`,
      n: streams,
      checks: [
        exactly('rows lost', streams - rows, 0),
        exactly(isCut ? 'cut with an error event' : 'whole', isCut ? told : whole, streams),
        exactly('exit code', code ?? -1, 0),
        atMost('exit after', (at - toldAt) / 1000, (isCut ? graceS : streamS) + 1, { unit: 's', bearable: graceS + 20 }),
      ],
    };
  } finally {
    if (hangs) signalTree(postgres.process.pid ?? 0, 'SIGCONT');
    command.process.kill('SIGKILL');
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function yamlOf(baseUrl: string, databaseUrl: string, journal: string): string {
  return [
    `model_list: [{ model_name: m, litellm_params: { model: openai/mock, api_key: x, api_base: "${baseUrl}", input_cost_per_token: 0.000001 } }]`,
    `general_settings: { master_key: ${KEY} }`,
    `database: { url: "${databaseUrl}", journal_dir: "${journal}" }`,
    '',
  ].join('\n');
}
