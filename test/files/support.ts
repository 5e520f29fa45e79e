import { createGateway, type CallRecord, type Gateway, type GatewayOptions, memoryStore, type ModelGroup, type Price, secret, type Store } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';
import OpenAI, { toFile } from 'openai';
import { afterEach } from 'vitest';
import { startUpstream, type Upstream } from '../clients/upstream/upstream.ts';

/** 2,000 nano-dollars an input token, 4,000 an output token. The upstream reports ten and four a request. */
export const PRICE: Price = { input: 2e9, output: 4e9 };
/** What two requests cost in a batch: half of 20 x 2,000 and 8 x 4,000. */
export const TWO_LINES = 36_000;

export type Opened = { readonly gateway: Gateway; readonly store: Store; readonly records: CallRecord[]; client(apiKey: string): OpenAI };

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export async function upstream(): Promise<Upstream> {
  const started = await startUpstream();
  closing.push(() => started.close());
  return started;
}

export function group(name: string, { baseUrl }: Upstream, { provider = 'one', model = name } = {}): ModelGroup {
  return { name, deployments: [{ id: `${provider}/${name}`, provider, model, baseUrl, apiKey: secret('sk-upstream'), price: PRICE }] };
}

export function open(models: readonly ModelGroup[], options: Partial<GatewayOptions> = {}): Opened {
  const records: CallRecord[] = [];
  const store = options.store ?? memoryStore();
  const gateway = createGateway({
    masterKey: 'sk-master',
    keys: [
      { id: 'ann', key: 'sk-ann' },
      { id: 'ben', key: 'sk-ben' },
    ],
    providers: [openaiCompatible({ name: 'one', baseUrl: 'http://127.0.0.1:1' }), openaiCompatible({ name: 'two', baseUrl: 'http://127.0.0.1:1' })],
    models,
    sinks: [{ name: 'kept', write: (batch) => void records.push(...batch) }],
    ...options,
    store,
  });
  closing.push(() => gateway.close());
  const client = (apiKey: string): OpenAI => new OpenAI({ baseURL: 'http://sluice/v1', apiKey, fetch: gateway.fetch, maxRetries: 0 });
  return { gateway, store, records, client };
}

export function lines(model: string, questions: readonly string[], body: object = { max_tokens: 10 }): string {
  return questions
    .map((content, index) =>
      JSON.stringify({
        custom_id: `q${index}`,
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model, messages: [{ role: 'user', content }], ...body },
      }),
    )
    .join('\n');
}

export async function uploaded({ files }: OpenAI, text: string, fields: object = {}): Promise<OpenAI.FileObject> {
  return files.create({ ...fields, file: await toFile(Buffer.from(text), 'in.jsonl'), purpose: 'batch' });
}

export async function begun(client: OpenAI, text: string): Promise<OpenAI.Batch> {
  const { id } = await uploaded(client, text);
  return client.batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' });
}

/** Asks until it has ended; the upstream takes three times. */
export async function ended(client: OpenAI, id: string): Promise<OpenAI.Batch> {
  await client.batches.retrieve(id);
  await client.batches.retrieve(id);
  return client.batches.retrieve(id);
}
