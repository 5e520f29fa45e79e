import { describe, expect, it } from 'vitest';
import { toFormRequest } from '../requests/form-request.ts';
import { readUpload } from './multipart.ts';

const CRLF = '\r\n';

describe('reading', () => {
  it.each([
    ['in one piece', 1_000],
    ['byte by byte', 1],
    ['in threes', 3],
    ['in sevens', 7],
  ])('finds the same fields %s', async (_, size) => {
    const form = formOf([field('model', 'whisper-1'), file('file', 'a.wav', 'RIFF\r\n--B\r\n-'), field('language', 'de')]);
    const { upload } = await readUpload(streamOf(cut(form, size)), TYPE, { limitBytes: 10_000, needsModel: true });
    expect(upload.fields).toEqual({ model: 'whisper-1', language: 'de' });
    expect(upload.isReplayable).toBe(true);
    for (let time = 0; time < 2; time += 1) expect(await textOf(upload.body({}))).toBe(form.toString('latin1'));
  });

  it('finds every value of a field, and sends those that are put in their place', async () => {
    const name = 'timestamp_granularities[]';
    const form = formOf([field('model', 'm'), field(name, 'word'), file('file', 'a.wav', 'x'), field(name, 'segment')]);
    const { upload } = await readUpload(streamOf([form]), TYPE, { limitBytes: 10_000, needsModel: true });
    expect(upload.fields).toEqual({ model: 'm', [name]: ['word', 'segment'] });
    expect((await upload.whole()).fields).toEqual(upload.fields);
    expect(toFormRequest(upload.fields)).toEqual(upload.fields);
    expect(toFormRequest({ [name]: 'word', n: ['1', '2'] })).toEqual({ [name]: ['word'], n: [1, 2] });
    expect(await textOf(upload.body({}))).toBe(form.toString('latin1'));
    const replaced = await readUpload(streamOf([Buffer.from(await textOf(upload.body({ [name]: ['a', 'b'] })))]), TYPE, {
      limitBytes: 10_000,
      needsModel: true,
    });
    expect(replaced.upload.fields).toEqual({ model: 'm', [name]: ['a', 'b'] });
  });

  it('gives back the bytes of the file wherever the body was cut', async () => {
    const nasty = [
      '',
      CRLF,
      '--',
      '\r',
      '\n',
      `${CRLF}--Boundar`,
      `${CRLF}--Boundary7x`,
      `\n--Boundary7${CRLF}`,
      `${CRLF}--Boundary7-x`,
      `${CRLF}${CRLF}--${CRLF}`,
      '\r\r\n\n',
    ];
    for (const content of nasty) {
      const form = formOf([file('file', 'f', content), field('model', 'm')]);
      for (let at = 0; at <= form.length; at += 1) {
        const { upload } = await readUpload(streamOf([form.subarray(0, at), form.subarray(at)]), TYPE, { limitBytes: 10_000, needsModel: true });
        expect(upload.fields).toEqual({ model: 'm' });
        expect(await textOf(upload.body({ model: 'x' }))).toContain(`filename="f"${CRLF}${CRLF}${content}${CRLF}--Boundary7`);
      }
    }
  });

  it('survives random forms cut at random places', async () => {
    const random = seeded(7);
    const bits = ['a', CRLF, '\r', '\n', '-', '--', BOUNDARY, `--${BOUNDARY}`, `${CRLF}--${BOUNDARY.slice(0, -1)}`, 'é'];
    for (let round = 0; round < 500; round += 1) {
      const words = (most: number) => Array.from({ length: Math.floor(random() * most) }, () => bits[Math.floor(random() * bits.length)]).join('');
      const content = words(12).replaceAll(`${CRLF}--${BOUNDARY}`, '');
      const form = formOf([file('file', 'f', content), field('model', 'm'), field('prompt', 'ä')]);
      const { upload } = await readUpload(streamOf(cut(form, () => 1 + Math.floor(random() * 20))), TYPE, { limitBytes: 10_000, needsModel: true });
      expect(upload.fields).toEqual({ model: 'm', prompt: 'ä' });
      expect(await textOf(upload.body({}))).toBe(form.toString('latin1'));
    }
  });

  it('understands bare line feeds, and sends on proper line ends', async () => {
    const form = Buffer.from(
      formOf([field('model', 'm'), file('file', 'f', 'x\r')])
        .toString('latin1')
        .replaceAll(CRLF, '\n'),
      'latin1',
    );
    const { upload } = await readUpload(streamOf([form]), TYPE, { limitBytes: 10_000, needsModel: true });
    expect(upload.fields.model).toBe('m');
    expect(await textOf(upload.body({}))).toBe(formOf([field('model', 'm'), file('file', 'f', 'x\r')]).toString('latin1'));
  });

  it.each([
    ['name="mo\\"del"', 'mo"del'],
    ['name="mo%22del"', 'mo"del'],
    ['name=model', 'model'],
    ['NAME="model"', 'model'],
    [' name = "model" ', 'model'],
    ['name="größe"', 'größe'],
  ])('reads %s', async (parameter, name) => {
    const form = Buffer.from(`--${BOUNDARY}${CRLF}CONTENT-DISPOSITION: Form-Data; ${parameter}${CRLF}X: y${CRLF}${CRLF}v${CRLF}--${BOUNDARY}--${CRLF}`);
    expect((await readUpload(streamOf([form]), TYPE, { limitBytes: 10_000, needsModel: true })).upload.fields).toEqual({ [name]: 'v' });
  });

  it('skips what stands before the first and after the last boundary, and blanks after one', async () => {
    const form = `preamble${CRLF}--${BOUNDARY} \t${CRLF}${field('model', 'm')}${CRLF}--${BOUNDARY}--${CRLF}epilogue --${BOUNDARY}`;
    expect((await readUpload(streamOf([Buffer.from(form)]), TYPE, { limitBytes: 10_000, needsModel: true })).upload.fields).toEqual({ model: 'm' });
  });

  it.each([
    ['an empty body', ''],
    ['no boundary', 'hello'],
    ['no last boundary', `--${BOUNDARY}${CRLF}${field('model', 'm')}${CRLF}`],
    ['half a last boundary', `--${BOUNDARY}${CRLF}${field('model', 'm')}${CRLF}--${BOUNDARY}-`],
    ['no disposition', `--${BOUNDARY}${CRLF}x: y${CRLF}${CRLF}v${CRLF}--${BOUNDARY}--`],
    ['no headers at all', `--${BOUNDARY}${CRLF}${CRLF}v${CRLF}--${BOUNDARY}--`],
    ['two dispositions', part('content-disposition: form-data; name="model"\r\ncontent-disposition: form-data; name="x"')],
    ['two names', part('content-disposition: form-data; name="model"; name="other"')],
    ['a second name in another coding', part('content-disposition: form-data; name="a"; name*=utf-8\'\'model')],
    ['a folded header', part('content-disposition: form-data;\r\n name="model"')],
    ['no form-data', part('content-disposition: attachment; name="model"')],
    ['trailing nonsense', part('content-disposition: form-data; name="model" other')],
    ['endless headers', part(`content-disposition: form-data; name="${'x'.repeat(20_000)}"`)],
  ])('refuses %s', async (_, form) => {
    await expect(readUpload(streamOf(cut(Buffer.from(form), 100)), TYPE, { limitBytes: 100_000, needsModel: true })).rejects.toMatchObject({
      code: 'invalid_request',
      status: 400,
      message: expect.stringContaining('malformed'),
    });
  });

  it('refuses a content type without a boundary, and a body that somebody else has read', async () => {
    await expect(readUpload(streamOf([]), 'multipart/form-data', { limitBytes: 10, needsModel: true })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(readUpload({ kind: 'parsed', value: {} }, TYPE, { limitBytes: 10, needsModel: true })).rejects.toMatchObject({ code: 'body_missing' });
    await expect(readUpload({ kind: 'none' }, TYPE, { limitBytes: 10, needsModel: true })).rejects.toMatchObject({ code: 'body_missing' });
  });

  it('refuses a held body over the limit, and reads off the rest', async () => {
    const source = counted([Buffer.alloc(600), Buffer.alloc(600), Buffer.alloc(600)]);
    await expect(readUpload(streamOf(source.chunks), TYPE, { limitBytes: 1_000, needsModel: true })).rejects.toMatchObject({
      code: 'body_too_large',
      status: 413,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.taken()).toBe(3);
  });

  it('says that the caller has left, when the body breaks off', async () => {
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`--${BOUNDARY}${CRLF}`);
      throw new Error('ECONNRESET');
    };
    await expect(readUpload(streamOf(broken()), TYPE, { limitBytes: 1_000, needsModel: true })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a form as a whole', () => {
  it('has its files with what is said of them, wherever it is cut', async () => {
    const typed = `Content-Disposition: form-data; name="image[]"; filename="ö.png"${CRLF}Content-Type: image/png${CRLF}${CRLF}PNG`;
    const form = formOf([field('model', 'm'), typed, file('mask', 'b', ''), field('prompt', 'p')]);
    for (const size of [1, 7, 1_000]) {
      const { upload } = await readUpload(streamOf(cut(form, size)), TYPE, { limitBytes: 10_000, needsModel: true });
      expect(await upload.whole()).toEqual({
        fields: { model: 'm', prompt: 'p' },
        files: [
          { field: 'image[]', fileName: 'ö.png', contentType: 'image/png', bytes: Buffer.from('PNG') },
          { field: 'mask', fileName: 'b', contentType: 'application/octet-stream', bytes: Buffer.alloc(0) },
        ],
      });
    }
  });

  it('has what stands behind a large file, and can be sent again', async () => {
    const form = formOf([field('model', 'm'), file('file', 'f', 'x'.repeat(400_000)), field('prompt', 'late')]);
    const { upload } = await readUpload(streamOf(cut(form, 10_000)), TYPE, { limitBytes: 1_000_000, needsModel: true });
    expect(upload.fields).toEqual({ model: 'm' });
    const whole = await upload.whole();
    expect([whole.fields, whole.files[0]?.bytes.length]).toEqual([{ model: 'm', prompt: 'late' }, 400_000]);
    for (let time = 0; time < 2; time += 1) expect(await textOf(upload.body({}))).toBe(form.toString('latin1'));
    expect([upload.isReplayable, await upload.whole()]).toEqual([true, whole]);
  });

  it('is no larger than any other', async () => {
    const form = formOf([field('model', 'm'), file('file', 'f', 'x'.repeat(400_000))]);
    const { upload } = await readUpload(streamOf(cut(form, 10_000)), TYPE, { limitBytes: 300_000, needsModel: true });
    await expect(upload.whole()).rejects.toMatchObject({ code: 'body_too_large' });
  });
});

describe('sending on', () => {
  const big = Buffer.alloc(100_000, 'x');
  const head = Buffer.from(`--${BOUNDARY}${CRLF}${field('model', 'mine')}${CRLF}--${BOUNDARY}${CRLF}${file('file', 'f', '')}`);
  const tail = (after = '') => Buffer.from(`${CRLF}${after}--${BOUNDARY}--${CRLF}`);

  it("lets a large file flow through at the reader's pace", async () => {
    const source = counted([head, ...Array.from({ length: 50 }, () => big), tail()]);
    const { upload } = await readUpload(streamOf(source.chunks), TYPE, { limitBytes: 10_000_000, needsModel: true });
    expect(source.taken()).toBeLessThanOrEqual(4);
    expect(upload.isReplayable).toBe(true);
    const body = upload.body({ model: 'theirs' })[Symbol.asyncIterator]();
    for (let read = 1; read <= 10; read += 1) {
      await body.next();
      expect(source.taken()).toBeLessThanOrEqual(Math.max(4, read));
    }
    expect(upload.isReplayable).toBe(false);
    let size = 0;
    for (let result = await body.next(); !result.done; result = await body.next()) size += result.value.length;
    expect(size).toBeGreaterThan(4_000_000);
  });

  it('replaces a field wherever it stands, so that a second one cannot slip by', async () => {
    const smuggled = `--${BOUNDARY}${CRLF}${field('model', 'expensive')}${CRLF}`;
    const asFile = `--${BOUNDARY}${CRLF}${file('model', 'm.txt', 'expensive')}${CRLF}`;
    const source = [head, big, big, big, tail(smuggled + asFile)];
    const { upload } = await readUpload(streamOf(source), TYPE, { limitBytes: 10_000_000, needsModel: true });
    expect(upload.fields.model).toBe('mine');
    const sent = await textOf(upload.body({ model: 'theirs' }));
    expect(sent.match(/name="model"/g)).toHaveLength(1);
    expect(sent).toContain('theirs');
    expect(sent).not.toContain('expensive');
  });

  it('refuses to write a value that would end its own part', async () => {
    const { upload } = await readUpload(streamOf([formOf([field('model', 'm')])]), TYPE, { limitBytes: 10_000, needsModel: true });
    expect(() => upload.body({ model: `m${CRLF}--${BOUNDARY}${CRLF}` })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('fails the sending when the rest is malformed or over the limit', async () => {
    const cutOff = await readUpload(streamOf([head, big, big, big]), TYPE, { limitBytes: 10_000_000, needsModel: true });
    await expect(textOf(cutOff.upload.body({}))).rejects.toMatchObject({ code: 'invalid_request' });
    const long = await readUpload(streamOf([head, big, big, big, big, big]), TYPE, { limitBytes: 450_000, needsModel: true });
    await expect(textOf(long.upload.body({}))).rejects.toMatchObject({ code: 'body_too_large' });
  });

  it('reads off what nobody sent on, when the call is over', async () => {
    const source = counted([head, big, big, big, big, tail()]);
    const { discard } = await readUpload(streamOf(source.chunks), TYPE, { limitBytes: 10_000_000, needsModel: true });
    expect(source.taken()).toBeLessThan(6);
    discard();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(source.taken()).toBe(6);
  });

  it('takes files of no bytes, and many of one name', async () => {
    const form = formOf([file('image[]', 'a.png', ''), file('image[]', 'b.png', 'B'), field('model', 'm')]);
    const { upload } = await readUpload(streamOf([form]), TYPE, { limitBytes: 10_000, needsModel: true });
    expect(await textOf(upload.body({ model: 'm' }))).toBe(
      formOf([field('model', 'm').replace('Content-Disposition', 'content-disposition'), file('image[]', 'a.png', ''), file('image[]', 'b.png', 'B')]).toString(
        'latin1',
      ),
    );
  });

  it('reads what a fetch of Node sends, file first', async () => {
    const form = new FormData();
    form.set('file', new Blob(['RIFF']), 'a "quoted" name.wav');
    form.set('model', 'whisper-1');
    const request = new Request('http://x/', { method: 'POST', body: form });
    const bytes = Buffer.from(await request.arrayBuffer());
    const { upload } = await readUpload({ kind: 'bytes', bytes }, request.headers.get('content-type') ?? '', { limitBytes: 10_000, needsModel: true });
    expect(upload.fields).toEqual({ model: 'whisper-1' });
    const again = await new Response(Buffer.from(await textOf(upload.body({ model: 'm2' })), 'latin1'), {
      headers: { 'content-type': upload.contentType },
    }).formData();
    expect(again.get('model')).toBe('m2');
    expect((again.get('file') as File).name).toBe('a "quoted" name.wav');
    expect(await (again.get('file') as File).text()).toBe('RIFF');
  });
});

const BOUNDARY = 'Boundary7';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

function field(name: string, value: string): string {
  return `Content-Disposition: form-data; name="${name}"${CRLF}${CRLF}${value}`;
}

function file(name: string, filename: string, content: string): string {
  return `Content-Disposition: form-data; name="${name}"; filename="${filename}"${CRLF}${CRLF}${content}`;
}

function formOf(parts: readonly string[]): Buffer {
  return Buffer.from(`${parts.map((one) => `--${BOUNDARY}${CRLF}${one}${CRLF}`).join('')}--${BOUNDARY}--${CRLF}`);
}

function part(header: string): string {
  return `--${BOUNDARY}${CRLF}${header}${CRLF}${CRLF}v${CRLF}--${BOUNDARY}--${CRLF}`;
}

function streamOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): { kind: 'stream'; stream: AsyncIterable<Uint8Array> } {
  return {
    kind: 'stream',
    stream: (async function* () {
      yield* chunks;
    })(),
  };
}

function counted(source: readonly Uint8Array[]): { chunks: AsyncIterable<Uint8Array>; taken(): number } {
  let taken = 0;
  const chunks = (async function* () {
    for (const chunk of source) {
      taken += 1;
      yield chunk;
    }
  })();
  return { chunks, taken: () => taken };
}

function cut(bytes: Buffer, size: number | (() => number)): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + (typeof size === 'number' ? size : size());
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** Random numbers that are always the same ones. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
