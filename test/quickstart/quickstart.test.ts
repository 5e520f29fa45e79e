import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../examples/quickstart', import.meta.url));
const shell = promisify(execFile);

let child: ChildProcess;
let printed = '';

beforeAll(async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_API_KEY$|_TOKEN$|MASTER_KEY$|^NODE_ENV$/.test(name)));
  child = spawn(process.execPath, ['server.js'], { cwd: FOLDER, env: { ...env, PORT: String(await freePort()) }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  for (let waited = 0; !printed.includes('curl -N') && waited < 200; waited += 1) await new Promise((resolve) => setTimeout(resolve, 50));
});

afterAll(() => child.kill());

describe('the quickstart', () => {
  it('shows its address, a key, and that a stand-in answers', () => {
    expect(printed).toMatch(/a stand-in answers: demo/);
    expect(printed).toMatch(/Sluice listens on http:\/\/127\.0\.0\.1:\d+/);
    expect(printed.match(/master key {2}(sk-[\w-]{43})/)).not.toBeNull();
  });

  it('prints calls that work as they are printed', async (ctx) => {
    if (!(await has('curl'))) ctx.skip('curl is not installed');
    const lines = printed.split('\n').filter((line) => line.startsWith('curl '));
    const [models = '', chat = '', stream = ''] = await Promise.all(lines.map(async (line) => (await shell('sh', ['-c', line])).stdout));
    expect(JSON.parse(models)).toMatchObject({ object: 'list', data: expect.arrayContaining([expect.objectContaining({ id: 'demo' })]) });
    expect(JSON.parse(chat)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: expect.stringContaining('demo provider') } }],
    });
    expect(stream).toMatch(/^data: \{[^]*data: \[DONE\]\n\n$/);
  });

  it('refuses calls without the key', async () => {
    const url = /Sluice listens on (\S+)/.exec(printed)?.[1];
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  });

  it('makes keys with a budget, which call the stand-in', async () => {
    const made = await post('/key/generate', masterKey(), { models: ['demo'], max_budget: 1 });
    const answer = await post('/v1/chat/completions', made.key ?? '', { model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] });
    expect(answer).toMatchObject({ object: 'chat.completion' });
  });

  it('says of a path that it does not have that there is none', async () => {
    expect(await post('/key/generat', masterKey(), {})).toMatchObject({ error: { code: 'route_not_found' } });
  });
});

function masterKey(): string {
  return /master key {2}(\S+)/.exec(printed)?.[1] ?? '';
}

async function post(path: string, key: string, body: object): Promise<Record<string, string>> {
  const url = /Sluice listens on (\S+)/.exec(printed)?.[1];
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<Record<string, string>>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function has(command: string): Promise<boolean> {
  return shell('sh', ['-c', `command -v ${command}`]).then(
    () => true,
    () => false,
  );
}
