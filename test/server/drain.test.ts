import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SlowUpstream, slowUpstream } from './support/slow-upstream.ts';
import { folderWith, type Sluice, sluice } from './support/sluice.ts';

const KEY = 'sk-a-master-key-for-tests';
let upstream: SlowUpstream;
let folder: ReturnType<typeof folderWith>;
let running: Sluice | undefined;

beforeAll(async () => {
  upstream = await slowUpstream();
  folder = folderWith({
    'gateway.yaml': `model_list: [{ model_name: slow, litellm_params: { model: openai/slow, api_key: x, api_base: "${upstream.baseUrl}" } }]\ngeneral_settings: { master_key: ${KEY} }`,
  });
});

afterEach(() => running?.child.kill('SIGKILL'));

afterAll(() => {
  upstream.server.closeAllConnections();
  upstream.server.close();
  folder.remove();
});

describe('a signal to end', () => {
  it('takes no more calls, lets a stream finish, and exits with 0', async () => {
    const { url, stream } = await startAndStream('10s');
    running?.child.kill('SIGTERM');
    await expectRefused(url);
    upstream.finish();
    const text = await stream;
    expect(text).toContain('data: [DONE]');
    expect(text).not.toContain('"error"');
    expect(await running?.ended).toMatchObject({ code: 0 });
  });

  it('cuts a stream at the grace limit with an error event, and exits with 0', async () => {
    const { stream } = await startAndStream('200ms');
    running?.child.kill('SIGINT');
    const text = await stream;
    expect(text).toMatch(/data: \{"error":\{[^\n]*"code":"shutting_down"[^\n]*\}\n\n$/);
    expect(text).not.toContain('[DONE]');
    // The sinks were flushed: the record of the call that was cut is there.
    expect(await running?.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/"model":"slow".*"code":"shutting_down"/) });
  });

  it('ends at once when it comes twice', async () => {
    const { url, stream } = await startAndStream('1m');
    running?.child.kill('SIGTERM');
    await expectRefused(url);
    running?.child.kill('SIGTERM');
    expect(await running?.ended).toMatchObject({ code: 143 });
    await expect(stream).rejects.toThrow();
  });

  it('ends at once when there is nothing to wait for', async () => {
    running = sluice(['--config', `${folder.path}/gateway.yaml`, '--port', '0', '--grace', '1m']);
    const url = await running.says(/Sluice listens on (\S+)/);
    expect((await fetch(`${url}/health/readiness`)).status).toBe(200);
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});

/** Starts the command with a stream under way; `stream` is what its caller gets to read. */
async function startAndStream(grace: string): Promise<{ url: string; stream: Promise<string> }> {
  running = sluice(['--config', `${folder.path}/gateway.yaml`, '--port', '0', '--grace', grace]);
  const url = await running.says(/Sluice listens on (\S+)/);
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content: 'x' }] }),
  });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  if (!reader || !first?.value) throw new Error(`No stream began: ${response.status}`);
  const stream = readRest(reader, new TextDecoder().decode(first.value));
  stream.catch(() => undefined);
  return { url, stream };
}

async function readRest(reader: ReadableStreamDefaultReader<Uint8Array>, begun: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = begun;
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value, { stream: true });
  return text;
}

/** New connections are refused as soon as the signal has been heard, which takes a moment. */
async function expectRefused(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const refused = await fetch(`${url}/health/liveness`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    );
    if (refused) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It still takes connections');
}
