import { createGateway, type Gateway, memoryStore, type Provider, type Secret, secret, type WireRequest } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { mistral } from '@sluice/provider-mistral';
import { openai } from '@sluice/provider-openai';
import OpenAI, { toFile } from 'openai';
import { describe, expect, test } from 'vitest';
import { providerNamed } from '../support/provider-named.ts';
import { bytesOf, type RecordedExchange, recordedIn } from '../support/recordings.ts';

type Sent = { readonly wire: WireRequest; readonly body: string };

const KEY: Secret = secret('sk-recorded');

/** A gateway whose provider answers with recordings, and the official client before it. */
function replaying(provider: Provider, answers: RecordedExchange['response'][]): { client: OpenAI; sent: Sent[]; gateway: Gateway; spent(): Promise<number> } {
  const sent: Sent[] = [];
  const store = memoryStore();
  const recorded: Provider = {
    ...provider,
    async send(wire) {
      const parts: Uint8Array[] = [];
      if (wire.body && typeof wire.body !== 'string') for await (const part of wire.body as AsyncIterable<Uint8Array>) parts.push(part);
      sent.push({ wire, body: typeof wire.body === 'string' ? wire.body : Buffer.concat(parts).toString('latin1') });
      const answer = answers.shift();
      if (!answer) throw new Error(`Nothing was recorded for ${wire.url}`);
      const bytes = bytesOf({ response: answer } as RecordedExchange);
      return {
        status: answer.status,
        headers: answer.headers,
        body: (async function* () {
          yield bytes.subarray(0, 7);
          yield bytes.subarray(7);
        })(),
      };
    },
  };
  const gateway = createGateway({
    keys: [{ id: 'ann', key: 'sk-ann' }],
    masterKey: 'sk-master',
    store,
    providers: [recorded],
    models: [{ name: 'm', deployments: [{ id: 'd', provider: provider.name, model: 'claude-haiku-4-5', apiKey: KEY, price: { input: 1e9, output: 5e9 } }] }],
    router: { retries: 0 },
  });
  const client = new OpenAI({ baseURL: 'http://sluice/v1', apiKey: 'sk-ann', fetch: gateway.fetch, maxRetries: 0 });
  return { client, sent, gateway, spent: async () => store.total('spend:key:ann') };
}

function recordingsOf(folder: string): readonly RecordedExchange[] {
  return recordedIn(folder);
}

const method = ({ request }: RecordedExchange): string => (request as { readonly method?: string }).method ?? '';
const file = () => toFile(Buffer.from('%PDF'), 'sample.pdf', { type: 'application/pdf' });

describe('recorded files', () => {
  for (const [folder, provider] of [
    ['openai/files', openai({ env: {} })],
    ['anthropic/files', anthropic({ env: {} })],
    ['mistral/files', mistral({ env: {} })],
    ['xai/files', providerNamed('xai')],
  ] as const) {
    const uploads = recordingsOf(folder).filter((exchange) => method(exchange) === 'POST');
    test.each(uploads.map((exchange) => [exchange.id, exchange] as const))('%s is an upload', async (_, { response }) => {
      const { client, sent } = replaying(provider, [response, response]);
      const told = response.json as Readonly<Record<string, unknown>>;
      const made = await client.files.create({ file: await file(), purpose: 'user_data' });
      expect(made).toMatchObject({ object: 'file', filename: told.filename, bytes: told.bytes ?? told.size_bytes });
      expect(Number.isInteger(made.created_at)).toBe(true);
      expect(sent[0]?.body.includes('name="purpose"')).toBe(!folder.startsWith('anthropic'));
      expect(await client.files.retrieve(made.id)).toMatchObject({ id: made.id, filename: told.filename });
      expect(sent[1]?.wire.url).toMatch(new RegExp(`/files/${String(told.id)}$`));
      expect(sent[1]?.wire.headers['anthropic-beta']).toBe(folder.startsWith('anthropic') ? 'files-api-2025-04-14' : undefined);
    });

    const others = recordingsOf(folder).filter((exchange) => method(exchange) !== 'POST');
    test.each(others.map((exchange) => [exchange.id, exchange] as const))('%s is about one', async (_, exchange) => {
      const upload = uploads[0]?.response as RecordedExchange['response'];
      const { client } = replaying(provider, [upload, exchange.response]);
      const { id } = await client.files.create({ file: await file(), purpose: 'user_data' });
      if (method(exchange) === 'DELETE') expect(await client.files.delete(id)).toEqual({ id, object: 'file', deleted: true });
      else if (exchange.response.status >= 400)
        await expect(client.files.content(id)).rejects.toMatchObject({
          status: exchange.response.status,
          message: expect.stringContaining('not downloadable'),
        });
      else expect(Buffer.from(await (await client.files.content(id)).arrayBuffer()).equals(bytesOf(exchange))).toBe(true);
    });
  }
});

describe('recorded batches', () => {
  test('of OpenAI are begun, looked at and read', async (ctx) => {
    const [upload] = recordingsOf('openai/files').filter((exchange) => method(exchange) === 'POST');
    const batches = recordingsOf('openai/batches');
    const output = recordingsOf('openai/files').find(({ response }) => response.text?.includes('batch_req_'));
    if (!upload || !output || batches.length === 0) return ctx.skip('no recordings beside the checkout');
    for (const { response } of batches) {
      const completed = { ...response, json: { ...(response.json as object), status: 'completed', output_file_id: 'file-out', usage: undefined } };
      const { client, spent, gateway } = replaying(openai({ env: {} }), [upload.response, response, completed, output.response, output.response]);
      const line = { custom_id: '0', method: 'POST', url: '/v1/responses', body: { model: 'm', input: 'hi' } };
      const input = await client.files.create({ file: await toFile(Buffer.from(JSON.stringify(line)), 'in.jsonl'), purpose: 'batch' });
      const begun = await client.batches.create({ input_file_id: input.id, endpoint: '/v1/responses', completion_window: '24h' });
      const { id: _, input_file_id: __, ...told } = response.json as Readonly<Record<string, unknown>>;
      expect(begun).toMatchObject({ ...told, input_file_id: input.id });
      const done = await client.batches.retrieve(begun.id);
      expect(await (await client.files.content(done.output_file_id ?? '')).text()).toBe(output.response.text);
      await gateway.idle();
      expect(await spent()).toBeGreaterThan(0);
    }
  });

  test('of Anthropic are begun with the requests, and their results read and charged in the form of OpenAI', async (ctx) => {
    const all = recordingsOf('anthropic/batches');
    const create = all.find(({ id }) => id === 'anthropic-batches-129361c0');
    const results = all.find(({ request }) => request.url.endsWith('/results'));
    if (!create || !results) return ctx.skip('no recordings beside the checkout');
    const ended = {
      ...(create.response.json as object),
      processing_status: 'ended',
      ended_at: '2026-08-19T15:00:00Z',
      request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
    };
    const { client, sent, spent, gateway } = replaying(anthropic({ env: {} }), [
      create.response,
      { ...create.response, json: ended },
      results.response,
      results.response,
    ]);
    const line = (custom_id: string, messages: object[]) =>
      JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages, max_tokens: 64_000 } });
    const questions = [
      line('0', [
        { role: 'system', content: 'Be terse.' },
        { role: 'user', content: 'What is 2 + 2?' },
      ]),
      line('1', [{ role: 'user', content: 'Name the largest planet in our solar system. One word.' }]),
    ];
    const input = await client.files.create({ file: await toFile(Buffer.from(questions.join('\n')), 'in.jsonl'), purpose: 'batch' });
    expect(sent).toEqual([]);
    const begun = await client.batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    expect(begun).toMatchObject({ object: 'batch', status: 'in_progress', input_file_id: input.id, request_counts: { total: 2, completed: 0, failed: 0 } });
    const said = (JSON.parse(sent[0]?.body ?? '') as { requests: { custom_id: string; params: Record<string, unknown> }[] }).requests;
    expect(said).toMatchObject([
      { custom_id: '0', params: { model: 'claude-haiku-4-5', max_tokens: 64_000, system: [{ text: 'Be terse.' }] } },
      { custom_id: '1', params: { model: 'claude-haiku-4-5' } },
    ]);

    const done = await client.batches.retrieve(begun.id);
    expect(done).toMatchObject({ id: begun.id, status: 'completed', request_counts: { total: 2, completed: 2 } });
    const lines = (await (await client.files.content(done.output_file_id ?? '')).text())
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as { custom_id: string; response: { body: OpenAI.ChatCompletion } });
    expect(lines.map(({ custom_id, response }) => [custom_id, response.body.choices[0]?.message.content])).toEqual([
      ['0', '4'],
      ['1', 'Jupiter'],
    ]);
    await gateway.idle();
    // 39 tokens in and 9 out, a thousand and five thousand nano-dollars each, by half.
    expect(await spent()).toBe((39 * 1_000 + 9 * 5_000) / 2);
  });

  test('of Anthropic are cancelled', async (ctx) => {
    const all = recordingsOf('anthropic/batches');
    const [create, cancel] = ['44973377', 'a89e7307'].map((id) => all.find((exchange) => exchange.id.endsWith(id)));
    if (!create || !cancel) return ctx.skip('no recordings beside the checkout');
    const { client, sent } = replaying(anthropic({ env: {} }), [create.response, cancel.response]);
    const line = { custom_id: '0', method: 'POST', url: '/v1/chat/completions', body: { model: 'm', messages: [{ role: 'user', content: 'What is 5 + 5?' }] } };
    const input = await client.files.create({ file: await toFile(Buffer.from(JSON.stringify(line)), 'in.jsonl'), purpose: 'batch' });
    expect(await (await client.files.content(input.id)).text()).toContain('"custom_id":"0"');
    const { id } = await client.batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    expect((await client.batches.cancel(id)).status).toBe('cancelling');
    expect(sent[1]?.wire).toMatchObject({ method: 'POST', url: 'https://api.anthropic.com/v1/messages/batches/msgbatch_016z7nD8oj5sT4pMEcEnvJQQ/cancel' });
    await client.files.delete(input.id);
    await expect(client.files.retrieve(input.id)).rejects.toMatchObject({ code: 'object_not_found' });
  });
});
