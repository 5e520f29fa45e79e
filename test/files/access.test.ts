import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '@sluice/core';
import { serve } from '@sluice/core/node';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { begun, group, lines, open, uploaded, upstream } from './support.ts';

describe('whose files and batches there are', () => {
  it('are those of the key that made them, and all others are not there at all', async () => {
    const { client } = open([group('m', await upstream())]);
    const [ann, ben] = [client('sk-ann'), client('sk-ben')];
    const batch = await begun(ann, lines('m', ['hi']));
    const { id: file } = await uploaded(ann, 'text');
    const foreign = await ben.files.retrieve(file).catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
    const madeUp = `${file.slice(0, -4)}AAAA`;
    const absent = await ben.files.retrieve(madeUp).catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
    const bare = ({ status, code, error }: InstanceType<typeof OpenAI.APIError>) => [status, code, (error as { message: string }).message.replace(/'.*'/, '')];
    expect(bare(foreign as never)).toEqual([404, 'object_not_found', 'There is no file ']);
    expect(bare(absent as never)).toEqual(bare(foreign as never));

    const gone = { status: 404, code: 'object_not_found' };
    await expect(ben.files.content(file)).rejects.toMatchObject(gone);
    await expect(ben.files.delete(file)).rejects.toMatchObject(gone);
    await expect(ben.batches.retrieve(batch.id)).rejects.toMatchObject(gone);
    await expect(ben.batches.cancel(batch.id)).rejects.toMatchObject(gone);
    await expect(ben.batches.create({ input_file_id: batch.input_file_id, endpoint: '/v1/chat/completions', completion_window: '24h' })).rejects.toMatchObject(
      gone,
    );
    // The provider's own ids, which anybody can count up to.
    for (const id of ['file-1', 'file-2']) await expect(ann.files.retrieve(id)).rejects.toMatchObject(gone);
    await expect(ann.batches.retrieve('batch_2')).rejects.toMatchObject(gone);
    await expect(ann.batches.retrieve(file)).rejects.toMatchObject(gone);
    expect([(await ben.files.list()).data, (await ben.batches.list()).data]).toEqual([[], []]);
    expect((await ann.files.list()).data.map(({ id }) => id)).toEqual([file, batch.input_file_id]);
  });

  it('are found again by a gateway that was started anew, by its secret', async () => {
    const host = await upstream();
    const { id } = await uploaded(open([group('m', host)]).client('sk-ann'), 'text');
    await expect(
      open([group('m', host)])
        .client('sk-ann')
        .files.retrieve(id),
    ).resolves.toMatchObject({ id });
    const other = open([group('m', host)], { masterKey: 'sk-another-master' });
    await expect(other.client('sk-ann').files.retrieve(id)).rejects.toMatchObject({ code: 'object_not_found' });
  });

  it('may name only models that the key may use, on every line', async () => {
    const host = await upstream();
    const { client } = open([group('cheap', host), group('dear', host)], { keys: [{ id: 'ann', key: 'sk-ann', models: ['cheap'] }] });
    const ann = client('sk-ann');
    await expect(uploaded(ann, lines('dear', ['hi']))).rejects.toMatchObject({ status: 403, code: 'model_not_allowed' });
    await expect(uploaded(ann, lines('dear', ['hi']), { model: 'cheap' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining("Line 1 of the file: this key may not use the model 'dear'"),
    });
    await expect(uploaded(ann, `${lines('cheap', ['a'])}\n${lines('dear', ['b'])}`)).rejects.toMatchObject({ message: expect.stringContaining('Line 2') });
    // Behind so much that it is no longer held.
    const long = lines(
      'cheap',
      Array.from({ length: 4_000 }, (_, index) => `question ${index}`),
    );
    await expect(uploaded(ann, `${long}\n${lines('dear', ['b'])}`)).rejects.toMatchObject({ message: expect.stringContaining('Line 4001') });
    await expect(uploaded(ann, lines('cheap', ['a'], { max_tokens: 'many' }))).rejects.toMatchObject({
      message: expect.stringContaining('max_tokens has to be'),
    });
  });

  it('are no input of a batch unless their lines are requests', async () => {
    const { client } = open([group('m', await upstream())]);
    const { id } = await uploaded(client('sk-ann'), '{"messages":[]}\n');
    const begin = client('sk-ann').batches.create({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    await expect(begin).rejects.toMatchObject({ status: 400, param: 'input_file_id', message: expect.stringContaining('custom_id') });
  });
});

describe('where a file goes', () => {
  it('to the deployment that its lines name, under the name that the provider knows', async () => {
    const [one, two] = [await upstream(), await upstream()];
    const { client, records, gateway } = open([group('a', one), group('b', two, { provider: 'two', model: 'gpt-b' })]);
    const { id } = await uploaded(client('sk-ann'), lines('b', ['hi']));
    const sent = await (await client('sk-ann').files.content(id)).text();
    expect(JSON.parse(sent)).toMatchObject({ custom_id: 'q0', url: '/v1/chat/completions', body: { model: 'gpt-b', max_tokens: 10 } });
    await gateway.close();
    expect(records.map(({ operation, model, deploymentId }) => [operation, model, deploymentId])).toEqual([
      ['files.create', 'b', 'two/b'],
      ['files.content', 'b', 'two/b'],
    ]);
  });

  it('to the provider that is named, in the form, in the query or by a header; else it says which there are', async () => {
    const host = await upstream();
    const { client, records, gateway } = open([group('a', host), group('b', host, { provider: 'two' })]);
    const { files } = client('sk-ann');
    const file = await toFile(Buffer.from('x'), 'x.txt');
    await expect(files.create({ file, purpose: 'user_data' })).rejects.toMatchObject({
      status: 400,
      param: 'custom_llm_provider',
      message: expect.stringContaining("('one', 'two')"),
    });
    await expect(files.create({ file, purpose: 'user_data', custom_llm_provider: 'three' } as never)).rejects.toMatchObject({
      message: expect.stringContaining("one of 'one', 'two'"),
    });
    const form = await files.create({ custom_llm_provider: 'two', file, purpose: 'user_data' } as never);
    expect(form).not.toHaveProperty('custom_llm_provider');
    await files.create({ file, purpose: 'user_data' }, { query: { custom_llm_provider: 'two' } });
    await files.create({ file, purpose: 'user_data' }, { headers: { 'custom-llm-provider': 'two' } });
    await files.create({ file, purpose: 'user_data', model: 'b' } as never);
    await gateway.close();
    expect(records.filter(({ status }) => status === 'ok').map(({ provider }) => provider)).toEqual(['two', 'two', 'two', 'two']);
  });

  it('not where a word behind a long file says: that comes too late, and is not passed over', async () => {
    const { client } = open([group('a', await upstream())]);
    const file = await toFile(Buffer.alloc(400_000, 'x'), 'x.txt');
    const late = client('sk-ann').files.create({ file, purpose: 'user_data', model: 'a' } as never);
    await expect(late).rejects.toMatchObject({ status: 400, message: expect.stringContaining("'model' may not stand behind a file") });
    await expect(client('sk-ann').files.create({ model: 'a', file, purpose: 'user_data' } as never)).resolves.toMatchObject({ bytes: 400_000 });
  });

  it('while it is still being sent, and without being held', async () => {
    let [bytes, arrive] = [0, (): void => undefined];
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const slow = createServer((req, res) => {
      req.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 1024 * 1024) arrive();
      });
      req.on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"file-1","object":"file","purpose":"user_data"}'));
    });
    slow.listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    onTestFinished(() => void slow.closeAllConnections());
    onTestFinished(() => void slow.close());
    const baseUrl = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const { gateway } = open([group('m', { baseUrl } as never)], { bodyLimitBytes: 1024 });
    const response = await streamed(gateway, [
      '--b\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\n',
      'x'.repeat(2 * 1024 * 1024),
      // The rest is sent only when the beginning has arrived.
      arrived,
      '\r\n--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b--\r\n',
    ]);
    expect(response.status).toBe(200);
    expect(((await response.json()) as { id: string }).id).toMatch(/^file-.{60}/);
  });
});

/** Uploads a form piece by piece over a socket, waiting where it says so. */
async function streamed(gateway: Gateway, pieces: readonly (string | Promise<void>)[]): Promise<Response> {
  const front = createServer((req, res) => void serve(gateway.handle, req, res, { strict: true }));
  front.listen(0, '127.0.0.1');
  await new Promise((resolve) => front.once('listening', resolve));
  onTestFinished(() => void front.close());
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      if (typeof piece === 'string') yield Buffer.from(piece);
      else await piece;
    }
  }
  return fetch(`http://127.0.0.1:${(front.address() as AddressInfo).port}/v1/files`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-ann', 'content-type': 'multipart/form-data; boundary=b' },
    body: body() as never,
    duplex: 'half',
  } as RequestInit);
}
