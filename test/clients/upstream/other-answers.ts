import type { ServerResponse } from 'node:http';
import { fail, type SentEvent, sendEvents, sendJson, type UpstreamCall } from './wire.ts';

export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABXvMqOgAAAABJRU5ErkJggg==', 'base64');
/** Bytes that are no text in any encoding, so that whoever decodes them spoils them. */
export const SPEECH = Uint8Array.from({ length: 40_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

/** The numbers depend on the text alone. As base64 they are little-endian floats, which is what the official client asks for. */
export function vectorOf(text: string): number[] {
  return Array.from({ length: 8 }, (_, index) => Math.fround(Math.sin(text.length * (index + 1))));
}

export function answerEmbeddings({ body }: UpstreamCall, res: ServerResponse): void {
  const inputs = [body.input].flat() as string[];
  const encode = (vector: number[]): number[] | string =>
    body.encoding_format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  const data = inputs.map((text, index) => ({ object: 'embedding', index, embedding: encode(vectorOf(text)) }));
  sendJson(res, { object: 'list', data, model: body.model, usage: { prompt_tokens: 3 * inputs.length, total_tokens: 3 * inputs.length } });
}

/** A drawn image, or the very image that was sent to be changed. */
export function answerImages({ body, files }: UpstreamCall, res: ServerResponse): void {
  const image = Buffer.from(files.get('image') ?? PNG);
  const usage = { input_tokens: 6, output_tokens: 100, total_tokens: 106, input_tokens_details: { text_tokens: 6, image_tokens: 0 } };
  sendJson(res, { created: 1_760_000_000, data: [{ b64_json: image.toString('base64'), revised_prompt: body.prompt }], usage });
}

export function answerSpeech(_call: UpstreamCall, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'audio/mpeg' });
  for (let at = 0; at < SPEECH.length; at += 7_001) res.write(SPEECH.subarray(at, at + 7_001));
  res.end();
}

/** Tells how many bytes it heard, so that a lost one shows. */
export function answerTranscription({ body, files }: UpstreamCall, res: ServerResponse): void | Promise<void> {
  const file = files.get('file');
  if (!file) return fail(res, 400, 'invalid_request_error', 'file is required');
  const text = `Heard ${file.length} bytes by ${String(body.model)}`;
  if (body.stream === 'true') return sendEvents(res, transcriptEvents(text));
  if (body.response_format === 'text') return void res.writeHead(200, { 'content-type': 'text/plain' }).end(`${text}\n`);
  sendJson(res, { text, usage: { type: 'tokens', input_tokens: 14, output_tokens: 6, total_tokens: 20 } });
}

/** Ends with an event of its own, and no `[DONE]`. */
function transcriptEvents(text: string): SentEvent[] {
  const usage = { type: 'tokens', input_tokens: 14, output_tokens: 6, total_tokens: 20 };
  return [
    ...(text.match(/.{1,5}/gsu) ?? []).map((delta) => ({ data: { type: 'transcript.text.delta', delta } })),
    { data: { type: 'transcript.text.done', text, usage } },
  ];
}

/** The form before chat: a prompt, continued. */
export function answerCompletions({ body }: UpstreamCall, res: ServerResponse): void | Promise<void> {
  const head = { id: 'cmpl-1', object: 'text_completion', created: 1_760_000_000, model: body.model };
  const choice = (text: string, finish: string | null): object => ({ index: 0, text, logprobs: null, finish_reason: finish });
  if (body.stream !== true)
    return sendJson(res, { ...head, choices: [choice(', and on', 'stop')], usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 } });
  const pieces = [choice(', and', null), choice(' on', null), choice('', 'stop')];
  return sendEvents(res, [...pieces.map((piece) => ({ data: { ...head, choices: [piece] } })), { data: '[DONE]' }]);
}

export function answerModerations({ body }: UpstreamCall, res: ServerResponse): void {
  const flagged = String(body.input).includes('hate');
  sendJson(res, { id: 'modr-1', model: body.model, results: [{ flagged, categories: { hate: flagged }, category_scores: { hate: flagged ? 0.98 : 0.01 } }] });
}
