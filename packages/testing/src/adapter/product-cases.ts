import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type AdapterUnderTest, type AppSetup, scriptedOptions, type StartedApp } from './adapter-under-test.ts';
import { type Call, call } from './caller.ts';
import type { Facets } from './dimensions.ts';
import { FIRST_BYTES, FIRST_EVENT, SECOND_BYTES, SECOND_EVENT, type Script, type ScriptedUpstream, scriptedUpstream } from './scripted-upstream.ts';
import { form } from './form.ts';
import { within } from './within.ts';

const MIB = 1024 * 1024;
const FILE = Buffer.alloc(200_000, 'sound');
const MOUNTS = { '/': '/', '/ai': '/ai', 'nested router': '/outer/ai' } as const satisfies Record<Facets['mount'], AppSetup['mount']>;
const SCRIPTS: Readonly<Record<Facets['answer'], Script>> = {
  json: 'json',
  SSE: 'sse',
  binary: 'binary',
  'error before headers': 'refuse',
  'SSE broken off': 'sse-broken',
  'binary broken off': 'binary-broken',
};

/** Runs one combination against an app and an upstream of its own. */
export async function runFacets(adapter: AdapterUnderTest, facets: Facets): Promise<void> {
  const upstream = await scriptedUpstream();
  const mount = MOUNTS[facets.mount];
  const app = await adapter.start({
    options: scriptedOptions(upstream.origin),
    mount,
    compression: facets.compression === 'compression on',
    ...(facets.parser === 'parser' && { parserLimitBytes: 16 * MIB }),
  });
  try {
    const sent = toRequest(facets);
    const made = call(`${app.origin}${mount === '/' ? '' : mount}${sent.path}`, sent);
    await within(checkAnswer(facets, made, upstream), facetsName(facets));
    if (sent.expected !== undefined) checkReceived(await within(upstream.received, 'the request upstream'), sent.expected, facets, adapter);
    await checkPeace(app);
  } finally {
    await app.close();
    await upstream.close();
  }
}

export function facetsName(facets: Facets): string {
  return Object.values(facets).join(', ');
}

type SentRequest = { readonly path: string; readonly headers: Record<string, string>; readonly body: Buffer; readonly expected: Buffer | undefined };

function toRequest({ request, answer, caller, compression }: Facets): SentRequest {
  const script = caller === 'leaves early' ? 'silent' : SCRIPTS[answer];
  const headers: Record<string, string> = { 'content-type': 'application/json', ...(compression === 'compression on' && { 'accept-encoding': 'gzip' }) };
  const path = answer.startsWith('binary') ? '/v1/audio/speech' : '/v1/chat/completions';
  const fields = answer.startsWith('binary')
    ? '"input":"Grüße","voice":"a"'
    : `"messages":[{"role":"user","content":"Grüße, 世界"}],"stream":${answer.startsWith('SSE')}`;
  // Numbers past what JavaScript can hold, and spaces, show whether bytes or a copy of their meaning went upstream.
  const json = Buffer.from(`{ "model":"${script}", ${fields}, "ours":12345678901234567890 }`);
  switch (request) {
    case 'json':
      return { path, headers, body: json, expected: json };
    case 'gzip':
      return { path, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(json), expected: json };
    case '5 MB': {
      const long = Buffer.from(json.toString().replace(' }', `, "long":"${'x'.repeat(5 * MIB)}" }`));
      return { path, headers, body: long, expected: long };
    }
    case '{}':
      return { path, headers, body: Buffer.from('{}'), expected: undefined };
    case 'invalid JSON':
      return { path, headers, body: json.subarray(0, -2), expected: undefined };
    case 'multipart': {
      const upload = form(script, FILE);
      return { path: '/v1/audio/transcriptions', headers: { ...headers, ...upload.headers }, body: upload.body, expected: FILE };
    }
  }
}

/** Bytes go through as they are; only a parser that keeps none of them may turn them into their meaning. */
function checkReceived(received: Buffer, expected: Buffer, { request, parser }: Facets, { parserKeepsBytes }: AdapterUnderTest): void {
  if (request === 'multipart') assert.ok(received.includes(expected), 'the file did not arrive whole');
  else if (parser === 'no parser' || parserKeepsBytes) assert.ok(received.equals(expected), 'other bytes arrived than were sent');
  else assert.deepEqual(JSON.parse(received.toString()), JSON.parse(expected.toString()));
}

async function checkAnswer({ request, answer, caller }: Facets, made: Call, upstream: ScriptedUpstream): Promise<void> {
  if (caller === 'leaves early') return leaveEarly(made, upstream);
  if (request === '{}') return checkRefusal(made, 'invalid_request', 'model');
  if (request === 'invalid JSON') return checkRefusal(made, 'invalid_json');
  switch (answer) {
    case 'error before headers':
      return checkRefusal(made, 'upstream_bad_request');
    case 'json':
      return checkJson(made);
    default:
      return checkStream(answer, caller, made, upstream);
  }
}

async function leaveEarly(made: Call, upstream: ScriptedUpstream): Promise<void> {
  await upstream.received;
  made.leave();
  await upstream.left;
}

async function checkRefusal({ head, end }: Call, code: string, param: string | null = null): Promise<void> {
  const { status, headers } = await head;
  const { error } = JSON.parse((await end).body.toString()) as { error: { message: string; type: string; param: string | null; code: string } };
  assert.equal(status, 400);
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.deepEqual([error.code, error.type, error.param, typeof error.message], [code, 'invalid_request_error', param, 'string']);
}

async function checkJson({ head, end }: Call): Promise<void> {
  const { status, headers } = await head;
  const { body, isCut } = await end;
  assert.equal(status, 200);
  assert.equal(isCut, false);
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.ok(headers['x-sluice-call-id'], 'no call id');
  assert.equal((JSON.parse(body.toString()) as { text: string }).text, 'heard');
}

/** The first piece has to arrive while the second one is not yet sent: nothing on the way may hold it back. */
async function checkStream(answer: Facets['answer'], caller: Facets['caller'], made: Call, upstream: ScriptedUpstream): Promise<void> {
  const isSse = answer.startsWith('SSE');
  const first = isSse ? Buffer.from(`data: ${FIRST_EVENT}\n\n`) : FIRST_BYTES;
  const { status, headers } = await made.head;
  assert.equal(status, 200);
  assert.equal(headers['content-type'], isSse ? 'text/event-stream; charset=utf-8' : 'audio/mpeg');
  assert.equal(headers['content-encoding'], undefined);
  assert.match(String(headers['cache-control'] ?? 'no-transform'), /no-transform/);
  await within(made.has(first.length), 'the first piece');
  if (caller === 'leaves mid-stream') {
    made.leave();
    await upstream.left;
    return;
  }
  upstream.release();
  const { body, isCut } = await made.end;
  const rest = body.subarray(first.length);
  assert.ok(body.subarray(0, first.length).equals(first), 'another first piece');
  switch (answer) {
    case 'SSE':
      assert.equal(rest.toString(), `data: ${SECOND_EVENT}\n\ndata: [DONE]\n\n`);
      assert.equal(isCut, false);
      return;
    case 'SSE broken off':
      assert.match(rest.toString(), /^data: \{"error":\{.*"code":"upstream_stream_broken"\}\}\n\n$/);
      assert.equal(isCut, false);
      return;
    case 'binary':
      assert.ok(rest.equals(SECOND_BYTES), 'another second piece');
      assert.equal(isCut, false);
      return;
    default:
      assert.equal(isCut, true, 'a broken answer of bytes ended like a whole one');
  }
}

/** Whatever happened: the gateway is at rest, and the app has heard nothing of it. */
async function checkPeace(app: StartedApp): Promise<void> {
  await within(app.gateway.idle(), 'the gateway coming to rest');
  assert.deepEqual(app.errors, [], 'errors reached the app');
  assert.deepEqual(app.passed, [], 'requests of the gateway reached the app');
}
