import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '@sluice/testing/servers';

/** What a request to the host was, and what its document has against it. */
export type Judged = { readonly method: string; readonly path: string; readonly problems: readonly string[] };

export type SpecHost = {
  readonly url: string;
  /** What was sent so far, by the value of its header `x-case`. */
  judged(): Promise<ReadonlyMap<string, readonly Judged[]>>;
  close(): Promise<void>;
};

type Logged = {
  readonly type: string;
  readonly request: { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>> };
  readonly diagnostics: readonly { readonly category: string; readonly requestPath: string; readonly message: string }[];
};

/** A server made of an OpenAPI document by hands other than ours, which judges each request by it. */
export async function specHost(document: object): Promise<SpecHost> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-spec-'));
  const file = join(folder, 'document.json');
  writeFileSync(file, JSON.stringify(document));
  const port = await freePort();
  const judged = new Map<string, Judged[]>();
  const child = spawn(process.execPath, [steady(), '--host', '127.0.0.1', '-p', String(port), '--log-format', 'json', '--log-level', 'details', file], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => note(line, judged));
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  let asked = 0;
  return {
    url,
    // It writes down what it was asked in order: once it has the last question, it has all of them.
    async judged() {
      const last = `last ${(asked += 1)}`;
      await fetch(`${url}/none`, { headers: { 'x-case': last } });
      for (let count = 0; count < 500 && !judged.has(last); count += 1) await wait(20);
      if (!judged.delete(last)) throw new Error('It does not say what it was asked');
      return judged;
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function steady(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@stdy/cli/package.json')), 'steady.js');
}

function note(line: string, judged: Map<string, Judged[]>): void {
  if (!line.startsWith('{')) return;
  const { type, request, diagnostics } = JSON.parse(line) as Logged;
  if (type !== 'request') return;
  const { method, path, headers } = request;
  const name = headers['x-case'] ?? '';
  // The other categories are about the document.
  const problems = diagnostics.filter(({ category }) => category === 'sdk-issue').map(({ requestPath, message }) => `${requestPath}: ${message}`);
  judged.set(name, [...(judged.get(name) ?? []), { method, path, problems }]);
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let count = 0; count < 300; count += 1) {
    if (child.exitCode !== null) throw new Error(`The validator ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/_x-steady/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error('The validator is not ready after half a minute');
}
