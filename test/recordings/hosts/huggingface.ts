import { huggingface } from '@sluice/provider-huggingface';
import type { RecordedExchange } from '../../support/recordings.ts';
import type { Expected, RecordedHost } from '../replay/recorded-host.ts';

/** The pipelines; chats are with the other hosts of OpenAI's form. */
export const huggingfaceHosts: readonly RecordedHost[] = [
  {
    folder: 'huggingface/pipeline',
    operation: 'embeddings',
    provider: huggingface({ env: {} }),
    request: () => ({ model: 'recorded', input: 'recorded' }),
    expected: vectors,
    leftOut: { 'huggingface-pipeline-b5a0427c': 'words for a gap, which no operation asks for' },
  },
];

function vectors({ response: { status, json } }: RecordedExchange): Expected {
  const { error } = json as { readonly error?: readonly string[] };
  if (status >= 400) return { kind: 'error', status, message: error?.join('; ') };
  return { kind: 'json', body: { data: [{ index: 0, embedding: json }] } };
}
