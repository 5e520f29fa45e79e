import type { GatewayOptions, ModelGroup } from '@sluice/core';
import { secret } from '@sluice/core';
import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, type ScriptedHost, scriptedHost } from '../support/scripted-host.ts';
import { begun, open, PRICE, uploaded } from './support.ts';

let host: ScriptedHost;

beforeAll(async () => {
  host = await scriptedHost();
});
afterAll(() => host.close());

const CHAT = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'A page.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
};

/** Keeps what it is sent as `file-1`, `file-2`, and answers everything else. */
function keepAndAnswer(): void {
  let kept = 0;
  host.script(({ path }, res) => {
    if (path.endsWith('/files')) answer(res, { id: `file-${++kept}`, object: 'file', bytes: 4, created_at: 1, filename: 'a', purpose: 'user_data' });
    else if (path.endsWith('/responses'))
      answer(res, { id: 'r', object: 'response', status: 'completed', output: [], usage: { input_tokens: 10, output_tokens: 4 } });
    else answer(res, CHAT);
  });
}

/** Deployments at the same host, each with an account of its own unless told otherwise. */
function groupOf(name: string, accounts: readonly string[], more: Partial<ModelGroup> = {}): ModelGroup {
  const deployments = accounts.map((account, index) => ({
    id: `${name}-${index}`,
    provider: 'one',
    model: name,
    baseUrl: `${host.url}/v1`,
    apiKey: secret(`sk-${account}`),
    price: PRICE,
  }));
  return { name, deployments, ...more };
}

const asked = (model: string, ...ids: readonly string[]): OpenAI.ChatCompletionCreateParamsNonStreaming => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, ...ids.map((id) => ({ type: 'file' as const, file: { file_id: id } }))] }],
});

function started(models: readonly ModelGroup[], options: Partial<GatewayOptions> = {}) {
  keepAndAnswer();
  const opened = open(models, { takesForeignFileIds: false, ...options });
  return { ...opened, ann: opened.client('sk-ann'), ben: opened.client('sk-ben') };
}

const sentTo = (path: string) =>
  host.seen.filter((seen) => seen.path === path).map(({ headers, body }) => ({ key: headers.authorization, body: String(body) }));
const NOT_FOUND = { status: 404, code: 'object_not_found' };

describe('a file that a conversation names', () => {
  it('is asked about where it is kept, by the id that it has there', async () => {
    const { ann } = started([groupOf('m', ['a', 'b', 'c'])]);
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    const [upload] = host.seen;
    for (let call = 0; call < 12; call += 1) expect((await ann.chat.completions.create(asked('m', id))).choices[0]?.message.content).toBe('A page.');
    const calls = sentTo('/v1/chat/completions');
    expect(calls).toHaveLength(12);
    expect(new Set(calls.map(({ key }) => key))).toEqual(new Set([upload?.headers.authorization]));
    for (const { body } of calls) expect(JSON.parse(body)).toEqual(asked('m', 'file-1'));
  });

  it('is found by the Responses API too, wherever it stands', async () => {
    const { ann } = started([groupOf('m', ['a'])]);
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    await ann.responses.create({
      model: 'm',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_file', file_id: id },
            { type: 'input_image', file_id: id, detail: 'auto' },
          ],
        },
        { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file', file_id: id }] },
        {
          role: 'assistant',
          type: 'message',
          id: 'msg',
          status: 'completed',
          content: [{ type: 'output_text', text: 'A', annotations: [{ type: 'file_path', file_id: 'cfile_1', index: 0 }] }],
        },
      ],
      tools: [
        { type: 'code_interpreter', container: { type: 'auto', file_ids: [id] } },
        { type: 'function', name: 'show', strict: false, parameters: { type: 'object', properties: {}, default: { file_id: 'any' } } },
      ],
    });
    const [sent] = sentTo('/v1/responses');
    expect(sent?.body).not.toContain(id);
    expect(sent?.body.match(/"file-1"/g)).toHaveLength(4);
    expect(sent?.body).toContain('cfile_1');
    expect(sent?.body).toContain('"file_id":"any"');
  });

  it('is not there for another key, nor by an id of the provider, and nobody upstream is asked', async () => {
    const { ann, ben, gateway } = started([groupOf('m', ['a'])]);
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    await expect(ben.chat.completions.create(asked('m', id))).rejects.toMatchObject({ ...NOT_FOUND, param: 'messages[0].content[1].file.file_id' });
    await expect(ann.chat.completions.create(asked('m', 'file-1'))).rejects.toMatchObject(NOT_FOUND);
    await expect(ann.responses.create({ model: 'm', input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] })).rejects.toMatchObject(
      NOT_FOUND,
    );
    await expect(
      ann.responses.create({ model: 'm', prompt: { id: 'p', variables: { page: { type: 'input_file', file_id: 'file-1' } } } }),
    ).rejects.toMatchObject({
      ...NOT_FOUND,
      param: 'prompt.variables.page.file_id',
    });
    // The same word, written otherwise.
    const body = JSON.stringify(asked('m', 'file-1')).replace('"file_id"', '"\\u0066ile\\u005fid"');
    const headers = { authorization: 'Bearer sk-ben', 'content-type': 'application/json' };
    expect((await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers, body })).status).toBe(404);
    expect(sentTo('/v1/chat/completions')).toEqual([]);
    expect(sentTo('/v1/responses')).toEqual([]);
  });

  it('does not stand twice in what goes upstream', async () => {
    const { gateway } = started([groupOf('m', ['a'])]);
    const body = JSON.stringify(asked('m', 'gs://b/a.pdf')).replace('"file_id":"', '"file_id":"file-1","file_id":"');
    const headers = { authorization: 'Bearer sk-ben', 'content-type': 'application/json' };
    expect((await gateway.fetch('http://sluice/v1/chat/completions', { method: 'POST', headers, body })).status).toBe(200);
    expect(sentTo('/v1/chat/completions')[0]?.body).not.toContain('file-1');
  });

  it('may be any file of the account where the owner says so', async () => {
    const { ben } = started([groupOf('m', ['a'])], { takesForeignFileIds: true });
    await ben.chat.completions.create(asked('m', 'file-1'));
    expect(JSON.parse(sentTo('/v1/chat/completions')[0]?.body ?? '')).toEqual(asked('m', 'file-1'));
  });

  it('may be an address, which is no id', async () => {
    const { ann } = started([groupOf('m', ['a'])]);
    await ann.chat.completions.create(asked('m', 'gs://bucket/a.pdf'));
    expect(sentTo('/v1/chat/completions')).toHaveLength(1);
  });

  it('is reached by other models of the same account, and by none of another', async () => {
    const { ann } = started([groupOf('m', ['a']), groupOf('same', ['b', 'a']), groupOf('other', ['b'])]);
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    for (let call = 0; call < 8; call += 1) await ann.chat.completions.create(asked('same', id));
    expect(new Set(sentTo('/v1/chat/completions').map(({ key }) => key))).toEqual(new Set(['Bearer sk-a']));
    await expect(ann.chat.completions.create(asked('other', id))).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content[1].file.file_id',
      message: expect.stringContaining("Upload them with 'other' as their model"),
    });
    const { id: second } = await uploaded(ann, '%PDF', { model: 'other' });
    await expect(ann.chat.completions.create(asked('same', id, second))).rejects.toMatchObject({ status: 400 });
  });

  it('is not taken to a fallback, to a mirror or to a race', async () => {
    const { ann, gateway } = started([groupOf('m', ['a'], { fallbacks: ['other'], mirror: { to: 'other' } }), groupOf('other', ['b'])], {
      router: { retries: 0 },
    });
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    await ann.chat.completions.create(asked('m', id));
    await gateway.idle();
    await expect(ann.chat.completions.create({ ...asked('m,other', id), fastest_response: true } as never)).rejects.toMatchObject({ status: 400 });
    host.script((_, res) => answer(res, { error: { message: 'Out of order' } }, 500));
    await expect(ann.chat.completions.create(asked('m', id))).rejects.toMatchObject({ status: 502 });
    expect(sentTo('/v1/chat/completions').map(({ key }) => key)).toEqual(['Bearer sk-a']);
  });

  it('is opened in the lines of a batch as well, and refused there where it is nobody’s', async () => {
    const { ann, ben } = started([groupOf('m', ['a'])]);
    const { id } = await uploaded(ann, '%PDF', { model: 'm' });
    const line = (file: string) =>
      JSON.stringify({ custom_id: 'q', method: 'POST', url: '/v1/chat/completions', body: { ...asked('m', file), max_tokens: 10 } });
    await uploaded(ann, line(id));
    const form = String(host.seen.at(-1)?.body);
    expect(form).toContain('"file_id":"file-1"');
    const before = host.seen.length;
    await expect(begun(ben, line(id))).rejects.toMatchObject(NOT_FOUND);
    await expect(begun(ann, line('file-1'))).rejects.toMatchObject(NOT_FOUND);
    expect(host.seen.slice(before).some(({ path, body }) => path !== '/v1/files' || String(body).includes('"file_id"'))).toBe(false);
  });
});
