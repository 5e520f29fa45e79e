// Only what Sluice or every provider relies on is checked; other fields are the provider's to judge.
import { described, either, fields, flag, list, number, oneOf, optional, type Shape, text, whole } from './shape.ts';

// The name may become part of an upstream's address or form, by way of a wildcard.
export const model = described(text({ min: 1, max: 512, isPlain: true }), 'The model group to call, or an alias of one.');
export const aCount = optional(whole(1));
export const aNumber = optional(number());
export const aText = optional(text());
export const aFlag = optional(flag());
export const anObject = optional(fields());

const contentPart = fields({ type: text({ min: 1 }), text: optional(text()) });

const toolCall = fields({ id: aText, type: aText, function: optional(fields({ name: aText, arguments: aText })) });

export const message = fields({
  role: oneOf('system', 'developer', 'user', 'assistant', 'tool', 'function'),
  content: optional(either(text(), list(contentPart))),
  name: aText,
  tool_calls: optional(list(toolCall)),
  tool_call_id: aText,
});

// Mistral's clients leave the type out, and Mistral takes it.
export const tool = fields({
  type: aText,
  function: optional(fields({ name: text({ min: 1 }), description: aText, parameters: anObject })),
});

export const streaming: Readonly<Record<string, Shape>> = {
  stream: described(aFlag, 'Whether to answer with server-sent events.'),
  stream_options: optional(fields({ include_usage: aFlag })),
};

export const sampling: Readonly<Record<string, Shape>> = {
  temperature: aNumber,
  top_p: aNumber,
  n: aCount,
  stop: optional(either(text(), list(text()))),
  seed: optional(whole()),
  frequency_penalty: aNumber,
  presence_penalty: aNumber,
  logit_bias: anObject,
  user: aText,
};

export const chat = fields({
  model,
  messages: list(message, 1),
  max_tokens: aCount,
  max_completion_tokens: aCount,
  tools: optional(list(tool)),
  tool_choice: optional(either(text(), fields())),
  parallel_tool_calls: aFlag,
  response_format: optional(fields({ type: text() })),
  reasoning_effort: aText,
  logprobs: aFlag,
  top_logprobs: optional(whole(0)),
  metadata: anObject,
  ...streaming,
  ...sampling,
});
