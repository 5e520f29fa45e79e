import { ollama } from '@sluice/provider-ollama';
import type { RecordedExchange } from '../../support/recordings.ts';
import { askedPlainly, type Expected, type RecordedHost } from '../replay/recorded-host.ts';
import { told } from '../replay/told.ts';

const provider = ollama({ env: {} });

export const ollamaHosts: readonly RecordedHost[] = [
  { folder: 'ollama/api.chat', operation: 'chat' },
  { folder: 'ollama/api.generate', operation: 'completions' },
].map(({ folder, operation }) => ({
  folder,
  operation: operation as RecordedHost['operation'],
  provider,
  request: ({ response }) => askedPlainly(response.format === 'ndjson', { prompt: 'recorded' }),
  expected: conversation,
}));

const read = told({ usage: ({ input = 0, output = 0 }) => ({ input, output }) });

/** Ollama says `stop` for calls of tools too. */
function conversation(exchange: RecordedExchange): Expected {
  const expected = read(exchange);
  if (expected.kind === 'error') return { ...expected, message: exchange.digest.error_message };
  return expected.kind === 'told' && expected.toolCalls.length > 0 ? { ...expected, finish: 'tool_calls' } : expected;
}
