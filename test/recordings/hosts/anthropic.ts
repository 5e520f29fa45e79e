import { anthropic } from '@sluice/provider-anthropic';
import { vertex } from '@sluice/provider-google';
import type { RecordedExchange } from '../../support/recordings.ts';
import { askedPlainly, type Expected, type RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

const FINISH = { end_turn: 'stop', stop_sequence: 'stop', tool_use: 'tool_calls', max_tokens: 'length', refusal: 'content_filter' };

/** The provider counts cached and newly cached input beside the rest. */
const read = told({
  finish: FINISH,
  // Callers have a key of the gateway's; that the provider's is refused is no news for them.
  keepsStatus: false,
  usage: ({ input = 0, output = 0, cached = 0, cache_write: cacheWrite = 0, reasoning = 0 }) => ({
    input: input + cached + cacheWrite,
    output,
    cached,
    cacheWrite,
    reasoning,
  }),
});

const recorded: Omit<RecordedHost, 'provider'> = {
  folder: 'anthropic/messages',
  operation: 'chat',
  deployment: ({ request }) => ({ model: request.json?.model ?? 'recorded' }),
  request: ({ request }) => askedPlainly(request.json?.stream === true),
  expected: messages,
};

export const anthropicHosts: readonly RecordedHost[] = [
  { ...recorded, provider: anthropic({ env: {} }) },
  { folder: 'anthropic/count_tokens', operation: 'tokens.count', provider: anthropic({ env: {} }), request: () => askedPlainly(false), expected: counted },
  // Google has Claude under its own roof, and passes its answers on.
  { ...recorded, provider: vertex({ env: {} }), deployment: () => ({ model: 'claude-sonnet-4-5' }) },
];

function messages(exchange: RecordedExchange): Expected {
  const expected = read(exchange);
  if (expected.kind !== 'told') return expected;
  return {
    ...expected,
    finish: expected.finish ?? 'stop',
    toolCalls: exchange.digest.tool_calls ?? [],
    ...(isWithheld(exchange.response.json) && { hasThoughts: false }),
  };
}

function counted({ response, digest }: RecordedExchange): Expected {
  if (response.status >= 400) return { kind: 'error', status: response.status, message: digest.error_message };
  return { kind: 'json', body: { input_tokens: (response.json as { readonly input_tokens: number }).input_tokens } };
}

/** A thought that the provider keeps to itself: the digests count it as the word for one. */
function isWithheld(body: unknown): boolean {
  const { content = [] } = (body ?? {}) as { readonly content?: readonly { readonly type: string; readonly thinking?: string }[] };
  return content.some(({ type, thinking }) => type === 'thinking' && thinking === '');
}
