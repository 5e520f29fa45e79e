import { describe, expect, it } from 'vitest';
import { BatchLines, modelInLines } from './batch-lines.ts';

const line = (id: number, model = 'm') => JSON.stringify({ custom_id: `ü${id}`, method: 'POST', url: '/v1/chat/completions', body: { model } });

/** What comes out when the bytes come in pieces of this size. */
async function through(bytes: Buffer, size: number): Promise<{ text: string; isBatch: boolean; numbers: number[] }> {
  const numbers: number[] = [];
  const lines = new BatchLines(({ custom_id: id, body }, number) => {
    numbers.push(number);
    return `${id}:${body.model}`;
  });
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) out.push(await lines.push(bytes.subarray(at, at + size)));
  out.push(await lines.end());
  return { text: Buffer.concat(out).toString(), isBatch: lines.isBatch, numbers };
}

describe('BatchLines', () => {
  const input = Buffer.from(`\uFEFF${line(1)}\r\n\n${line(2)}\n${line(3)}`);

  it('maps every line, however the bytes are cut', async () => {
    for (let size = 1; size <= input.length; size += 1)
      expect(await through(input, size)).toEqual({ text: 'ü1:m\nü2:m\nü3:m\n', isBatch: true, numbers: [1, 2, 3] });
  });

  it.each([
    ['a file of another kind', Buffer.from('{"messages":[]}\n{"messages":[]}\n')],
    ['one long JSON value', Buffer.from('{\n "a": 1\n}')],
    ['bytes', Buffer.from([0, 10, 255, 10, 128, 13])],
    ['text', Buffer.from('a\nb')],
    ['nothing but blanks', Buffer.from(' \n\n ')],
    ['an empty file', Buffer.alloc(0)],
  ])('leaves %s as it is', async (_, bytes) => {
    for (let size = 1; size <= bytes.length + 1; size += 1) expect(await through(bytes, size)).toEqual({ text: bytes.toString(), isBatch: false, numbers: [] });
  });

  it('maps lines at the same time, and keeps their order', async () => {
    let [underWay, most] = [0, 0];
    const lines = new BatchLines(async (_, number) => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setTimeout(resolve, number % 2 === 0 ? 0 : 5));
      underWay -= 1;
      return String(number);
    });
    const all = Array.from({ length: 30 }, (_, index) => `${line(index)}\n`).join('');
    expect((await lines.push(Buffer.from(all))).toString()).toBe(Array.from({ length: 30 }, (_, index) => `${index + 1}\n`).join(''));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('refuses a line that is no request, by its number', async () => {
    await expect(through(Buffer.from(`${line(1)}\n{"custom_id":"x"}\n`), 7)).rejects.toThrow('Line 2 of the file');
  });

  it('refuses a line without an end, and does not hold it for ever', async () => {
    const lines = new BatchLines(() => '');
    await lines.push(Buffer.from(`${line(1)}\n`));
    const mib = Buffer.alloc(1024 * 1024, 'x');
    const endless = async (): Promise<void> => {
      for (let pushed = 0; pushed < 20; pushed += 1) await lines.push(mib);
    };
    await expect(endless()).rejects.toThrow('Line 2 of the file is over');
  });
});

describe('modelInLines', () => {
  it('tells the model of the first line, where that has come', () => {
    expect(modelInLines(Buffer.from(`\n${line(1, 'a')}\n${line(2, 'b')}`))).toBe('a');
    for (const head of ['', '{"custom_id":"x","url":"/v1', 'text', '[]', 'null']) expect(modelInLines(Buffer.from(head))).toBeUndefined();
  });
});
