import { secret } from '@sluice/core';
import { mistral } from '@sluice/provider-mistral';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, type ScriptedHost, scriptedHost } from '../support/scripted-host.ts';
import { begun, lines, open, PRICE, uploaded } from './support.ts';

let host: ScriptedHost;

beforeAll(async () => {
  host = await scriptedHost();
});
afterAll(() => host.close());

const JOB = {
  id: 'job-1',
  object: 'batch',
  input_files: [],
  endpoint: '/v1/chat/completions',
  errors: [],
  status: 'QUEUED',
  created_at: 1786389977,
  total_requests: 2,
  completed_requests: 0,
  succeeded_requests: 0,
  failed_requests: 0,
};
const DONE = { ...JOB, status: 'SUCCESS', succeeded_requests: 2, completed_at: 1786390000, output_file: 'f-out' };

/** Thoughts as Mistral writes them, which a caller must not meet. */
function outputLine(custom_id: string, text: string): string {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
    { type: 'text', text },
  ];
  const body = {
    id: custom_id,
    object: 'chat.completion',
    created: 1,
    model: 'mistral-small-latest',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'model_length' }],
    usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
  };
  return JSON.stringify({ id: `b-${custom_id}`, custom_id, response: { status_code: 200, body }, error: null });
}

function opened() {
  return open(
    [{ name: 'm', deployments: [{ id: 'd', provider: 'mistral', model: 'mistral-small-latest', baseUrl: host.url, apiKey: secret('sk-up'), price: PRICE }] }],
    { providers: [mistral({ env: {} })] },
  );
}

test('a batch at Mistral is begun with its requests, told in the form of OpenAI, and charged once', async () => {
  let job: object = JOB;
  host.script(({ path }, res) => {
    if (path.endsWith('/content')) res.end([outputLine('q0', 'Vier'), outputLine('q1', 'Jupiter')].join('\n'));
    else answer(res, job);
  });
  const { client, gateway, store } = opened();
  const ann = client('sk-ann');
  const batch = await begun(ann, lines('m', ['2 + 2?', 'The largest planet?']));
  expect(batch).toMatchObject({ object: 'batch', status: 'validating', request_counts: { total: 2, completed: 0, failed: 0 } });
  expect(host.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/batch/jobs']);
  const sent = JSON.parse(String(host.seen[0]?.body)) as object;
  expect(sent).toEqual({
    endpoint: '/v1/chat/completions',
    model: 'mistral-small-latest',
    requests: [
      { custom_id: 'q0', body: { messages: [{ role: 'user', content: '2 + 2?' }], max_tokens: 10 } },
      { custom_id: 'q1', body: { messages: [{ role: 'user', content: 'The largest planet?' }], max_tokens: 10 } },
    ],
  });

  job = DONE;
  const done = await ann.batches.retrieve(batch.id);
  expect(done).toMatchObject({ id: batch.id, status: 'completed', completed_at: 1786390000, error_file_id: null });
  await ann.batches.retrieve(batch.id);
  const output = await (await ann.files.content(done.output_file_id ?? '')).text();
  const answers = output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { response: { body: { choices: object[] } } }).response.body.choices[0]);
  expect(answers).toMatchObject([{ message: { content: 'Vier', reasoning_content: 'Hm' }, finish_reason: 'length' }, { message: { content: 'Jupiter' } }]);
  await gateway.idle();
  expect(await store.total('spend:key:ann')).toBe((20 * 2_000 + 8 * 4_000) / 2);

  job = { ...JOB, status: 'CANCELLATION_REQUESTED' };
  expect((await ann.batches.cancel(batch.id)).status).toBe('cancelling');
  expect(host.seen.at(-1)).toMatchObject({ method: 'POST', path: '/v1/batch/jobs/job-1/cancel' });
});

test('a batch at Mistral that failed says why, and a state that nobody knows is no state', async () => {
  host.script((_, res) => answer(res, { ...JOB, status: 'FAILED', errors: [{ message: 'No credit', count: 2 }], completed_at: 1786390000 }));
  const ann = opened().client('sk-ann');
  const batch = await begun(ann, lines('m', ['hi']));
  expect(batch).toMatchObject({ status: 'failed', failed_at: 1786390000, errors: { data: [{ message: 'No credit' }] } });
  host.script((_, res) => answer(res, { ...JOB, status: 'PONDERING' }));
  await expect(ann.batches.retrieve(batch.id)).rejects.toMatchObject({ status: 502, message: expect.stringContaining('PONDERING') });
});

test('what Mistral cannot do with files and batches is refused by name', async () => {
  host.script((_, res) => answer(res, JOB));
  const ann = opened().client('sk-ann');
  const { id } = await uploaded(ann, lines('m', ['hi']));
  await expect(ann.batches.create({ input_file_id: id, endpoint: '/v1/completions', completion_window: '24h' })).rejects.toMatchObject({ param: 'endpoint' });
  await expect(uploaded(ann, '%PDF', { expires_after: { anchor: 'created_at', seconds: 3600 }, model: 'm' })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('expires_after'),
  });
  expect(host.seen).toEqual([]);
});
