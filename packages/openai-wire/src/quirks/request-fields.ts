import type { ModelRequest } from '@sluice/core';
import { omit, type Quirk, renamed } from './quirk.ts';

/** `stream_options` is refused as unknown; usage comes unasked. */
export const noStreamOptions: Quirk = {
  refusesStreamOptions: true,
  toRequest: (request) => omit(request, 'stream_options') as ModelRequest,
};

/** The limit has a name of the host's own. */
export const maximumTokens: Quirk = { toRequest: (request) => renamed(maxTokens(request), 'max_tokens', 'maximum_tokens') as ModelRequest };

/** Only the older `max_tokens` is known. */
export const maxTokensOnly: Quirk = { toRequest: maxTokens };

function maxTokens(request: ModelRequest): ModelRequest {
  return renamed(request, 'max_completion_tokens', 'max_tokens') as ModelRequest;
}
