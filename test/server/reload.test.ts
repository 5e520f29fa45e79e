import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SlowUpstream, slowUpstream } from './support/slow-upstream.ts';
import { folderWith, type Sluice, sluice } from './support/sluice.ts';

const KEY = 'sk-a-master-key-for-tests';
let upstream: SlowUpstream;
let quick: Server;
let quickUrl: string;
let folder: ReturnType<typeof folderWith>;
let running: Sluice | undefined;

beforeAll(async () => {
  upstream = await slowUpstream();
  quick = createServer((req, res) => {
    req.resume().on('end', () => {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }];
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
      // Long enough for a change to come in between.
      setTimeout(
        () =>
          res.setHeader('content-type', 'application/json').end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage })),
        30,
      );
    });
  });
  await new Promise<void>((resolve) => quick.listen(0, '127.0.0.1', resolve));
  quickUrl = `http://127.0.0.1:${(quick.address() as AddressInfo).port}/v1`;
  folder = folderWith({ 'gateway.yaml': file() });
});

afterEach(() => running?.child.kill('SIGKILL'));

afterAll(() => {
  for (const server of [upstream.server, quick]) server.close().closeAllConnections();
  folder.remove();
});

function file(more = '', general = ''): string {
  return `model_list:
  - { model_name: slow, litellm_params: { model: openai/slow, api_key: x, api_base: "${upstream.baseUrl}" } }
  - { model_name: quick, litellm_params: { model: openai/quick, api_key: x, api_base: "${quickUrl}" } }
${more}
general_settings: { master_key: ${KEY}${general} }
`;
}

const ANOTHER = (): string => `  - { model_name: another, litellm_params: { model: openai/another, api_key: sk-of-another, api_base: "${quickUrl}" } }`;

describe('a configuration that changes while the command runs', () => {
  it('is taken on without dropping a call: a stream goes on, and a steady load sees nothing', { timeout: 60_000 }, async () => {
    const url = await started();
    const stream = await ask(url, 'slow', true);
    const reading = stream.text();
    const load = steadyLoad(url);
    expect((await ask(url, 'another')).status).toBe(404);

    write(file(ANOTHER()));
    const said = await running?.says(/taken on its new configuration:\n((?: {2}.*\n)+)/);
    expect(said).toContain('model_list[2].model_name: "another"');
    expect(said).toContain('model_list[2].litellm_params.api_key: ***');
    expect((await ask(url, 'another')).status).toBe(200);

    write(file());
    running?.child.kill('SIGHUP');
    await expect.poll(async () => (await ask(url, 'another')).status, { timeout: 10_000 }).toBe(404);
    const { calls, failures } = await load.end();
    expect(failures).toEqual([]);
    // Each caller has had calls on the way while both changes came.
    expect(calls).toBeGreaterThan(4);

    upstream.finish();
    const text = await reading;
    expect(text).toContain('data: [DONE]');
    expect(text).not.toContain('"error"');
    expect(running?.stdout()).not.toContain('sk-of-another');
  });

  it('is left alone where it is wrong, with every mistake told, and taken on once it is right', { timeout: 60_000 }, async () => {
    write(file());
    const url = await started();
    write(file('', ', rpm_limt: 3'));
    await running?.says(
      /goes on with the configuration it has; the new one is wrong\.\n.*gateway\.yaml:5:\d+ general_settings\.rpm_limt: unknown key\. Did you mean 'rpm_limit'\?/,
    );
    expect((await ask(url, 'quick')).status).toBe(200);
    write(file('', ', database_url: /tmp/none.db'));
    await running?.says(/general_settings\.database_url: where things are kept is settled at the start/);
    expect((await ask(url, 'quick')).status).toBe(200);
    write(file(ANOTHER()));
    await running?.says(/taken on its new configuration/);
    expect((await ask(url, 'another')).status).toBe(200);
  });

  it('keeps what has been counted', { timeout: 60_000 }, async () => {
    write(file('', ', max_budget: 1, cost_per_token: { quick: 0.001 }'));
    const url = await started();
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await ask(url, 'quick', false, 300)).status);
    expect(statuses).toEqual([200, 200, 200]);
    // Six tokens have been paid for, and of a budget of less than that nothing is left.
    write(file('', ', max_budget: 0.005, cost_per_token: { quick: 0.001 }'));
    await running?.says(/general_settings\.max_budget: 0\.005 in place of 1/);
    const refused = await ask(url, 'quick', false, 1);
    expect(refused.status).toBe(402);
    expect(await refused.text()).toMatch(/budget/);
  });
});

async function started(): Promise<string> {
  running = sluice(['--config', `${folder.path}/gateway.yaml`, '--port', '0']);
  return running.says(/Sluice listens on (\S+)/);
}

function write(text: string): void {
  writeFileSync(`${folder.path}/gateway.yaml`, text);
}

function ask(url: string, model: string, stream = false, maxTokens = 10): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream, max_tokens: maxTokens, messages: [{ role: 'user', content: 'hi' }] }),
  });
}

/** Four callers, each with one call after the other. */
function steadyLoad(url: string): { end(): Promise<{ readonly calls: number; readonly failures: readonly unknown[] }> } {
  const failures: unknown[] = [];
  let calls = 0;
  let isOver = false;
  async function caller(): Promise<void> {
    while (!isOver) {
      const answer = await ask(url, 'quick').catch((error: unknown) => error);
      calls += 1;
      if (!(answer instanceof Response) || answer.status !== 200) failures.push(answer instanceof Response ? await answer.text() : answer);
      else await answer.text();
    }
  }
  const callers = [caller(), caller(), caller(), caller()];
  return {
    async end() {
      isOver = true;
      await Promise.all(callers);
      return { calls, failures };
    },
  };
}
