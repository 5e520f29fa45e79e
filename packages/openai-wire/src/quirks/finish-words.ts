import { GatewayError } from '@sluice/core';
import { mapChoices, type Quirk, sameInBoth } from './quirk.ts';

const LONGEST_MESSAGE = 2000;
const WORDS: Readonly<Record<string, string>> = {
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  complete: 'stop',
  done: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  insufficient_system_resource: 'length',
  tool_use: 'tool_calls',
  tool_call: 'tool_calls',
  safety: 'content_filter',
  sensitive: 'content_filter',
  moderation: 'content_filter',
};

type Broken = { readonly message?: unknown };

/** Finish reasons in the host's own words; the word is kept as `native_finish_reason`. Unknown words stay as they are. @throws GatewayError `upstream_error` where there is no answer. */
export const finishWords: Quirk = sameInBoth(/"finish_reason"\s*:\s*"(?!(?:stop|length|tool_calls|content_filter|function_call)")/, (body) =>
  mapChoices(body, (choice) => {
    const word = choice.finish_reason;
    if (word === 'error') throw broken(choice.error as Broken | undefined);
    const known = typeof word === 'string' ? WORDS[word.toLowerCase()] : undefined;
    return known === undefined || known === word ? choice : { ...choice, finish_reason: known, native_finish_reason: choice.native_finish_reason ?? word };
  }),
);

function broken(error: Broken | undefined): GatewayError {
  const message = typeof error?.message === 'string' ? error.message.slice(0, LONGEST_MESSAGE) : 'The provider ended its answer with an error';
  return new GatewayError('upstream_error', message, { retryable: true });
}
