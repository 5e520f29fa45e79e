import OpenAI, { toFile } from 'openai';
import { expect } from 'vitest';
import type { Feature } from '../feature.ts';
import { KEYS } from '../gateway-under-test.ts';
import { openaiClient } from './openai-client.ts';

const LINES = ['Grüße', 'Zürich'].map((content, index) => ({
  custom_id: `line-${index}`,
  method: 'POST',
  url: '/v1/chat/completions',
  body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], max_tokens: 10 },
}));
const INPUT = `${LINES.map((line) => JSON.stringify(line)).join('\n')}\n`;

export const openaiFiles: readonly Feature[] = [
  {
    name: 'files: create, retrieve, content, list, delete',
    async run(face) {
      const { files } = openaiClient(face);
      const made = await files.create({ file: await toFile(Buffer.from([0, 255, 13, 10, 128]), 'blob.bin'), purpose: 'user_data' });
      expect(made).toMatchObject({ object: 'file', bytes: 5, purpose: 'user_data' });
      expect(await files.retrieve(made.id)).toEqual(made);
      expect(Buffer.from(await (await files.content(made.id)).arrayBuffer())).toEqual(Buffer.from([0, 255, 13, 10, 128]));
      const listed: string[] = [];
      for await (const { id } of files.list({ limit: 1 })) listed.push(id);
      expect(listed).toContain(made.id);
      expect(await files.delete(made.id)).toEqual({ id: made.id, object: 'file', deleted: true });
      await expect(files.retrieve(made.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    },
  },
  {
    name: 'batches: create, retrieve until completed, list, read the output',
    async run(face) {
      const { batches, files } = openaiClient(face);
      const input = await files.create({ file: await toFile(Buffer.from(INPUT), 'in.jsonl'), purpose: 'batch' });
      const begun = await batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
      expect(begun).toMatchObject({ status: 'validating', input_file_id: input.id });
      let batch = begun;
      for (let asked = 0; asked < 5 && batch.status !== 'completed'; asked += 1) batch = await batches.retrieve(begun.id);
      expect(batch).toMatchObject({ id: begun.id, status: 'completed', input_file_id: input.id });
      expect((await batches.list()).data.map(({ id }) => id)).toContain(begun.id);
      const output = (await (await files.content(batch.output_file_id ?? '')).text()).trim().split('\n');
      expect(output.map((line) => (JSON.parse(line) as { response: { body: OpenAI.ChatCompletion } }).response.body.choices[0]?.message.content)).toEqual([
        'gpt-4o-mini heard: Grüße',
        'gpt-4o-mini heard: Zürich',
      ]);
    },
  },
  {
    name: 'batches: cancel',
    async run(face) {
      const { batches, files } = openaiClient(face);
      const input = await files.create({ file: await toFile(Buffer.from(INPUT), 'in.jsonl'), purpose: 'batch' });
      const { id } = await batches.create({ input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
      expect((await batches.cancel(id)).status).toBe('cancelling');
      expect((await batches.retrieve(id)).status).toBe('cancelled');
    },
  },
  {
    name: "files: another key's are not there",
    async run(face) {
      const made = await openaiClient(face).files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose: 'user_data' });
      const other = openaiClient(face, KEYS.spent);
      await expect(other.files.retrieve(made.id)).rejects.toMatchObject({ status: 404, code: 'object_not_found' });
      await expect(other.files.delete('file-1')).rejects.toMatchObject({ status: 404, code: 'object_not_found' });
      expect((await other.files.list()).data).toEqual([]);
    },
  },
];
