import { bedrock } from '@sluice/provider-bedrock';
import { type RecordedExchange, recordedIn } from '../../support/recordings.ts';
import { askedPlainly, type Expected, type RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

const provider = bedrock({ region: 'us-east-1', env: {} });

const FINISH = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  guardrail_intervened: 'content_filter',
};

/** Bedrock counts cached and newly cached input beside the rest. */
const read = told({
  finish: FINISH,
  usage: ({ input = 0, output = 0, cached = 0, cache_write: cacheWrite = 0 }) => ({ input: input + cached + cacheWrite, output, cached, cacheWrite }),
});

/** Tools that Amazon runs by itself, and nobody is to answer. */
const AMAZONS_OWN = /^nova_(?:grounding|code_interpreter)$/;

export const bedrockHosts: readonly RecordedHost[] = [
  ...['converse', 'converse-stream'].map(
    (surface): RecordedHost => ({
      folder: `bedrock/${surface}`,
      operation: 'chat',
      provider,
      deployment: (exchange) => ({ model: modelOf(exchange) }),
      request: () => askedPlainly(surface === 'converse-stream'),
      expected: conversation,
    }),
  ),
  {
    folder: 'bedrock/count-tokens',
    operation: 'tokens.count',
    provider,
    deployment: (exchange) => ({ model: modelOf(exchange) }),
    request: () => askedPlainly(false),
    expected: counted,
  },
  ...['invoke', 'invoke-with-response-stream'].map(
    (surface): RecordedHost => ({
      folder: `bedrock/${surface}`,
      operation: 'chat',
      provider,
      deployment: (exchange) => ({ model: `invoke/${exchange.response.status < 400 ? modelOf(exchange) : 'anthropic.claude-sonnet-4-5'}` }),
      request: () => askedPlainly(surface !== 'invoke'),
      expected: conversation,
      leftOut: Object.fromEntries(recordedIn(`bedrock/${surface}`).flatMap((exchange) => (isOfAnother(exchange) ? [[exchange.id, 'is no Claude']] : []))),
    }),
  ),
];

function counted({ response, digest }: RecordedExchange): Expected {
  if (response.status >= 400) return { kind: 'error', status: response.status, message: digest.error_message };
  return { kind: 'json', body: { input_tokens: (response.json as { readonly inputTokens: number }).inputTokens } };
}

export function modelOf({ request }: RecordedExchange): string {
  return decodeURIComponent(/\/model\/([^/]+)\//.exec(request.url)?.[1] ?? '');
}

function isOfAnother(exchange: RecordedExchange): boolean {
  return exchange.response.status < 400 && !modelOf(exchange).includes('anthropic');
}

function conversation(exchange: RecordedExchange): Expected {
  const expected = read(exchange);
  if (expected.kind === 'error') return { ...expected, message: exchange.digest.error_message };
  if (expected.kind !== 'told') return expected;
  const toolCalls = expected.toolCalls.filter(({ name }) => !AMAZONS_OWN.test(name));
  return { ...expected, toolCalls, ...(isCut(exchange) && { streamError: 'The provider ended its stream before it was complete' }) };
}

/** Some recordings were shortened, and end within a frame. */
function isCut({ edited = [] }: RecordedExchange): boolean {
  return edited.some((what) => what.startsWith('response body cut'));
}
