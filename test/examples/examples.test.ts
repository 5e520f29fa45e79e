import { afterEach, describe, expect, it } from 'vitest';
import { exampleFolder, runExample, type RunningExample, startExample } from './run-example.ts';

const MASTER_KEY = 'sk-only-for-trying-out';

let running: RunningExample | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

type Sent = { readonly model?: string; readonly key?: string; readonly cookie?: string };

function ask(url: string, { model = 'demo', key, cookie }: Sent = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }), ...(cookie && { cookie }) },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] }),
  });
}

async function textOf(response: Response): Promise<string> {
  expect(response.status).toBe(200);
  return ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]?.message.content ?? '';
}

describe('express-basic', () => {
  it('answers below the mount, by policy on the other one, and leaves the rest of the app alone', async () => {
    running = await startExample(exampleFolder('express-basic'), { SLUICE_MASTER_KEY: MASTER_KEY });
    const { url } = running;
    expect(await textOf(await ask(`${url}/ai`, { key: MASTER_KEY }))).not.toBe('');
    expect((await ask(`${url}/ai`)).status).toBe(401);
    expect((await ask(`${url}/small-ai`, { key: MASTER_KEY })).status).toBe(403);
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await ask(`${url}/small-ai`, { key: MASTER_KEY, model: 'echo' })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const greeting = await fetch(`${url}/greetings`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"Ada"}' });
    expect(await greeting.json()).toEqual({ greeting: 'Hello, Ada!' });
    expect(await running.stop()).toBe(0);
  });
});

describe('koa-basic', () => {
  it('answers below its prefix and leaves the rest of the app alone', async () => {
    running = await startExample(exampleFolder('koa-basic'), { SLUICE_MASTER_KEY: MASTER_KEY });
    expect(await textOf(await ask(`${running.url}/ai`, { key: MASTER_KEY }))).not.toBe('');
    expect(await (await fetch(`${running.url}/elsewhere`)).text()).toBe("Nothing of the gateway's at /elsewhere\n");
    expect(await running.stop()).toBe(0);
  });
});

describe('host-auth', () => {
  it('takes its principals from the sessions of the app', async () => {
    running = await startExample(exampleFolder('host-auth'));
    const { url } = running;
    const login = async (name: string): Promise<string> =>
      (await fetch(`${url}/login?name=${name}`, { method: 'POST' })).headers.get('set-cookie')?.split(';')[0] ?? '';
    const [ada, bob] = [await login('ada'), await login('bob')];
    expect((await ask(`${url}/ai`)).status).toBe(401);
    expect(await textOf(await ask(`${url}/ai`, { cookie: ada }))).not.toBe('');
    expect((await ask(`${url}/ai`, { cookie: bob })).status).toBe(403);
    expect(await textOf(await ask(`${url}/ai`, { cookie: bob, model: 'echo' }))).toContain('Hello!');
  });
});

describe('programs', () => {
  it('in-process answers, streams, and is refused over its limit', async () => {
    const output = await runExample(exampleFolder('in-process'));
    expect(output).toMatch(/^whole: +\S.*\nstreamed: \S[^]*\nrefused: +rate_limited, again in \d+ s\n$/);
  });

  it('run-tools runs both tools and answers', async () => {
    expect(await runExample(exampleFolder('run-tools'))).toMatch(
      /^round 1: {"city":"Rome","celsius":21} {"city":"Bern","celsius":14}\nround 2: \nanswer: +It is 21 degrees .*\ncost: +\$0\.\d+ in 2 rounds\n$/,
    );
  });

  it('custom-hook tells how its call ended', async () => {
    expect(await runExample(exampleFolder('custom-hook'))).toMatch(/call [\w-]+ ended: ok/);
  });
});
