import type { ModelRequest } from '@sluice/core';
import { omit, type Quirk, renamed } from './quirk.ts';

/** `stream_options` is refused as unknown; usage comes unasked. */
export const noStreamOptions: Quirk = {
  refusesStreamOptions: true,
  toRequest: (request) => omit(request, 'stream_options') as ModelRequest,
};

/** Only the older `max_tokens` is known. */
export const maxTokensOnly: Quirk = { toRequest: (request) => renamed(request, 'max_completion_tokens', 'max_tokens') as ModelRequest };
