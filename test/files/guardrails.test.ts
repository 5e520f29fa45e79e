import type { Guardrail, GuardrailUse } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { begun, ended, group, lines, open, uploaded, upstream } from './support.ts';

const KEY = 'sk-ann';

/** Blocks a word, and masks another. Looks at each text for itself, later. */
function judge(name: string, blocked: string, masked: string): Guardrail {
  return {
    name,
    async check({ text }) {
      await Promise.resolve();
      if (text.includes(blocked)) return { action: 'block', reason: 'a word' };
      const start = text.indexOf(masked);
      return start < 0 ? { action: 'allow' } : { action: 'redact', edits: [{ start, end: start + masked.length, replacement: '[x]' }] };
    },
  };
}

const onInput: GuardrailUse = { guardrail: judge('words', 'bomb', 'secret'), on: ['input'] };

async function sentLines(client: ReturnType<ReturnType<typeof open>['client']>, id: string): Promise<string[]> {
  const text = await (await client.files.content(id)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { body: { messages: { content: string }[] } }).body.messages[0]?.content ?? '');
}

describe('a batch where guardrails judge what models are asked', () => {
  it('is refused for a single line that is blocked, by its number, and nothing of it is kept', async () => {
    const { client } = open([group('m', await upstream())], { guardrails: [onInput] });
    const questions = Array.from({ length: 40 }, (_, index) => (index === 33 ? 'a bomb' : `question ${index}`));
    await expect(uploaded(client(KEY), lines('m', questions))).rejects.toMatchObject({
      status: 400,
      code: 'words',
      message: expect.stringContaining("Line 34 of the file: The request was blocked by 'words'"),
    });
    expect((await client(KEY).files.list()).data).toEqual([]);
  });

  it('is refused for a line behind so much that it is no longer held', async () => {
    const { client } = open([group('m', await upstream())], { guardrails: [onInput] });
    const questions = [...Array.from({ length: 6_000 }, (_, index) => `question ${index}`), 'a bomb'];
    const refused = uploaded(client(KEY), lines('m', questions), { purpose: 'batch' });
    await expect(refused).rejects.toMatchObject({ code: 'words', message: expect.stringContaining('Line 6001') });
  });

  it('goes up as it was judged, with what is masked', async () => {
    const { client } = open([group('m', await upstream())], { guardrails: [onInput] });
    const { id } = await uploaded(client(KEY), lines('m', ['hi', 'my secret is']));
    expect(await sentLines(client(KEY), id)).toEqual(['hi', 'my [x] is']);
    const batch = await client(KEY).batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    expect(batch.input_file_id).toBe(id);
    expect((await ended(client(KEY), batch.id)).status).toBe('completed');
    // The same file again, by the id that the batch tells.
    await expect(
      client(KEY).batches.create({ input_file_id: batch.input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' }),
    ).resolves.toMatchObject({ object: 'batch' });
  });

  it('judges fields that no list knows, and refuses what cannot be read, as in a call by itself', async () => {
    const { client } = open([group('m', await upstream())], { guardrails: [onInput] });
    await expect(uploaded(client(KEY), lines('m', ['hi'], { future_field: 'a bomb' }))).rejects.toMatchObject({ code: 'words' });
    const tokens = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/embeddings', body: { model: 'm', input: [1, 2] } });
    await expect(uploaded(client(KEY), tokens)).rejects.toMatchObject({ message: expect.stringContaining("Line 1 of the file: 'input' holds token ids") });
  });

  it('is not begun of a file that a guardrail has not judged', async () => {
    const host = await upstream();
    const before = open([group('m', host)]);
    const { id } = await uploaded(before.client(KEY), lines('m', ['a bomb']));
    const { client } = open([group('m', host)], { guardrails: [onInput] });
    const begin = client(KEY).batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    await expect(begin).rejects.toMatchObject({ status: 400, param: 'input_file_id', message: expect.stringContaining("'words' has not judged") });
  });

  it('is begun only where all have judged who judge what is asked there', async () => {
    const strict: GuardrailUse = { guardrail: judge('strict', 'war', 'x'), on: ['input'], always: false };
    const { gateway } = open([group('m', await upstream())], { guardrails: [onInput, strict] });
    const policy = { name: 'strict', guardrails: ['strict'] };
    const begin = { endpoint: '/v1/chat/completions', completion_window: '24h' };
    const { id } = await gateway.files.create({ file: Buffer.from(lines('m', ['war'])), purpose: 'batch' }, { apiKey: KEY });
    await expect(gateway.batches.create({ input_file_id: id, ...begin }, { apiKey: KEY, policy })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining("'strict' has not judged"),
    });
    await expect(gateway.batches.create({ input_file_id: id, ...begin }, { apiKey: KEY })).resolves.toMatchObject({ object: 'batch' });
    const fine = await gateway.files.create({ file: Buffer.from(lines('m', ['peace'])), purpose: 'batch' }, { apiKey: KEY, policy });
    await expect(gateway.batches.create({ input_file_id: fine.id, ...begin }, { apiKey: KEY, policy })).resolves.toMatchObject({ object: 'batch' });
  });

  it('fails as a whole where a guardrail fails', async () => {
    const failing: GuardrailUse = { guardrail: { name: 'down', check: () => Promise.reject(new Error('down')) }, on: ['input'] };
    const { client } = open([group('m', await upstream())], { guardrails: [failing] });
    await expect(uploaded(client(KEY), lines('m', ['hi']))).rejects.toMatchObject({ code: 'guardrail_failed' });
  });
});

describe('answers of a batch', () => {
  const onOutput: GuardrailUse = { guardrail: judge('answers', 'bomb', 'secret'), on: ['output'] };

  it('are judged one by one when they are read: what is blocked becomes an error, what is masked comes masked', async () => {
    const { client, store } = open([group('m', await upstream())], { guardrails: [onOutput] });
    // The upstream says what it has heard.
    const { id } = await begun(client(KEY), lines('m', ['hi', 'a bomb', 'my secret is']));
    const { output_file_id: output } = await ended(client(KEY), id);
    const text = await (await client(KEY).files.content(output ?? '')).text();
    const answers = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    expect(answers.map(({ custom_id }) => custom_id)).toEqual(['q0', 'q1', 'q2']);
    expect(answers[0]).toMatchObject({ response: { body: { choices: [{ message: { content: 'm heard: hi' } }] } }, error: null });
    expect(answers[1]).toMatchObject({ response: null, error: { code: 'guardrail_blocked', message: expect.stringContaining("'answers'") } });
    expect(answers[2]).toMatchObject({ response: { body: { choices: [{ message: { content: 'm heard: my [x] is' } }] } } });
    expect(text).not.toContain('bomb');
    // All were answered, and are paid for.
    expect(await store.total('spend:key:ann')).toBe(54_000);
  });

  it('are not those of a file that was uploaded', async () => {
    const { client } = open([group('m', await upstream())], { guardrails: [onOutput] });
    const { id } = await uploaded(client(KEY), 'a bomb, and no JSON', { purpose: 'user_data' });
    expect(await (await client(KEY).files.content(id)).text()).toBe('a bomb, and no JSON');
  });
});
