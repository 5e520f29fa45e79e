import { cohere } from '@sluice/provider-cohere';
import type { RecordedExchange } from '../../support/recordings.ts';
import { askedPlainly, type Expected, type RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

const provider = cohere({ env: {} });

const FINISH = { COMPLETE: 'stop', STOP_SEQUENCE: 'stop', MAX_TOKENS: 'length', TOOL_CALL: 'tool_calls' };

type Billed = { readonly billed_input?: number; readonly billed_output?: number };

/** Callers are told what the model has read and written, and charged for what Cohere bills, which is less. */
const read = told({
  finish: FINISH,
  usage: ({ input = 0, output = 0, ...rest }) => {
    const { billed_input: billedInput = input, billed_output: billedOutput = output } = rest as Billed;
    return { input: [input, billedInput], output: [output, billedOutput] };
  },
});

export const cohereHosts: readonly RecordedHost[] = [
  { folder: 'cohere/v2.chat', operation: 'chat', provider, request: ({ request }) => askedPlainly(request.json?.stream === true), expected: conversation },
  {
    folder: 'cohere/v2.embed',
    operation: 'embeddings',
    provider,
    request: ({ request }) => ({ model: 'recorded', input: request.json?.texts ?? [] }),
    expected: vectors,
  },
  {
    folder: 'cohere/v2.audio.transcriptions',
    operation: 'audio.transcribe',
    provider,
    request: () => ({ model: 'recorded', language: 'en' }),
    expected: ({ response }) => ({ kind: 'json', body: response.json, isExact: true }),
  },
  ...['v1.rerank', 'v2.rerank'].map(
    (surface): RecordedHost => ({
      folder: `cohere/${surface}`,
      operation: 'rerank',
      provider,
      expected: ({ response }) => ({ kind: 'json', body: response.json }),
    }),
  ),
];

/** A plan before tools are called is reasoning; of the errors that a stream ends with the digests tell only the word. */
function conversation(exchange: RecordedExchange): Expected {
  const { response, digest } = exchange;
  const expected = read(exchange);
  if (expected.kind === 'error') return { ...expected, message: digest.error_message };
  if (expected.kind !== 'told') return expected;
  const hasPlan = /"tool_plan":\s*"[^"]/.test(response.text ?? JSON.stringify(response.json));
  const streamError = digest.finish === 'ERROR' ? /"error":"([^"]+)"/.exec(response.text ?? '')?.[1] : undefined;
  return { ...expected, hasThoughts: expected.hasThoughts === true || hasPlan, ...(streamError !== undefined && { streamError }) };
}

type Embedded = {
  readonly embeddings?: { readonly float: readonly unknown[] };
  readonly meta?: { readonly billed_units: { readonly input_tokens: number } };
  readonly message?: string;
};

function vectors({ response }: RecordedExchange): Expected {
  const { embeddings, meta, message } = response.json as Embedded;
  if (response.status >= 400) return { kind: 'error', status: response.status, message };
  return { kind: 'json', body: { data: embeddings?.float.map((embedding) => ({ embedding })), usage: { prompt_tokens: meta?.billed_units.input_tokens } } };
}
