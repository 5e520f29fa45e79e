import { describe, expect, it } from 'vitest';
import { group, lines, open, TWO_LINES, upstream } from './support.ts';

const ANN = { apiKey: 'sk-ann' };
const BATCH = { endpoint: '/v1/chat/completions', completion_window: '24h' };

describe('files and batches without HTTP', () => {
  it('are those of HTTP: kept, listed, read, begun, ended and charged', async () => {
    const { gateway, store, client } = open([group('m', await upstream())]);
    const { files, batches } = gateway;
    const file = await files.create({ file: Buffer.from(lines('m', ['hi', 'ho'])), filename: 'in.jsonl', purpose: 'batch' }, ANN);
    const id = String(file.id);
    expect(file).toMatchObject({ object: 'file', purpose: 'batch' });
    expect(await files.retrieve(id, ANN)).toMatchObject({ id });
    expect((await client('sk-ann').files.retrieve(id)).id).toBe(id);

    const batch = await batches.create({ input_file_id: id, ...BATCH }, ANN);
    for (let asked = 0; asked < 2; asked += 1) await batches.retrieve(String(batch.id), ANN);
    const ended = await batches.retrieve(String(batch.id), ANN);
    expect(ended).toMatchObject({ status: 'completed' });
    expect(await store.total('spend:key:ann')).toBe(TWO_LINES);
    const pieces: Uint8Array[] = [];
    for await (const piece of (await files.content(String(ended.output_file_id), ANN)).chunks) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toContain('m heard: ho');

    expect(await files.list({ purpose: 'batch' }, ANN)).toMatchObject({ data: [{ id }], has_more: false });
    expect(await batches.list({ limit: 1 }, ANN)).toMatchObject({ data: [{ id: batch.id }] });
    expect(await files.delete(id, ANN)).toMatchObject({ id, deleted: true });
    const another = await batches.create(
      { input_file_id: (await files.create({ file: Buffer.from(lines('m', ['x'])), purpose: 'batch' }, ANN)).id, ...BATCH },
      ANN,
    );
    await batches.cancel(String(another.id), ANN);
    expect(await batches.retrieve(String(another.id), ANN)).toMatchObject({ status: 'cancelled' });
  });

  it('are those of the key, or of the principal, that a call is made with', async () => {
    const { gateway } = open([group('m', await upstream())]);
    const { id } = await gateway.files.create({ file: Buffer.from('text'), purpose: 'user_data' }, { principal: { keyId: 'host' } });
    expect(await gateway.files.retrieve(String(id), { principal: { keyId: 'host' } })).toMatchObject({ id });
    await expect(gateway.files.retrieve(String(id), ANN)).rejects.toMatchObject({ code: 'object_not_found' });
    await expect(gateway.files.list()).rejects.toMatchObject({ code: 'missing_credentials' });
  });
});
