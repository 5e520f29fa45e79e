import { mapChoices, type Quirk, sameInBoth } from './quirk.ts';

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

/** Finish reasons in the host's own words; the word is kept as `native_finish_reason`. Unknown words stay as they are. */
export const finishWords: Quirk = sameInBoth(/"finish_reason"\s*:\s*"(?!(?:stop|length|tool_calls|content_filter|function_call)")/, (body) =>
  mapChoices(body, (choice) => {
    const word = choice.finish_reason;
    const known = typeof word === 'string' ? WORDS[word.toLowerCase()] : undefined;
    return known === undefined || known === word ? choice : { ...choice, finish_reason: known, native_finish_reason: choice.native_finish_reason ?? word };
  }),
);
