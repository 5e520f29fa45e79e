import type { ModelRequest } from '@sluice/core';
import { omit, type Quirk } from './quirk.ts';

/** `stream_options` is refused as unknown; usage comes unasked. */
export const noStreamOptions: Quirk = {
  refusesStreamOptions: true,
  toRequest: (request) => (request.stream_options === undefined ? request : (omit(request, 'stream_options') as ModelRequest)),
};

/** Only the older `max_tokens` is known. */
export const maxTokensOnly: Quirk = rename('max_completion_tokens', 'max_tokens');

/** The seed has another name. */
export const randomSeed: Quirk = rename('seed', 'random_seed');

function rename(from: string, to: string): Quirk {
  return {
    toRequest(request) {
      if (request[from] === undefined) return request;
      return { ...omit(request, from), [to]: request[to] ?? request[from] } as ModelRequest;
    },
  };
}
