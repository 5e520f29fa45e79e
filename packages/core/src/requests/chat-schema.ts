// Only what Sluice or every provider relies on is checked. Objects are loose: unknown fields are the provider's to judge.
import { z } from 'zod';

// The name may become part of an upstream's address or form, by way of a wildcard.
export const model = z.string().min(1).max(512).regex(/^[^\p{Cc}]*$/u).describe('The model group to call, or an alias of one.');
export const count = z.int().min(1).nullish();
export const number = z.number().nullish();
export const text = z.string().nullish();
export const flag = z.boolean().nullish();
export const anyObject = z.looseObject({}).nullish();

// Some official clients send a null text beside an image, and tools without their type; the hosts they were made for agree.
const contentPart = z.looseObject({ type: z.string().min(1), text });

const toolCall = z.looseObject({ id: text, type: text, function: z.looseObject({ name: text, arguments: text }).nullish() });

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  name: text,
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: text,
});

const tool = z.looseObject({
  type: text,
  function: z.looseObject({ name: z.string().min(1), description: text, parameters: anyObject }).optional(),
});

export const streaming = {
  stream: flag.describe('Whether to answer with server-sent events.'),
  stream_options: z.looseObject({ include_usage: flag }).nullish(),
};

export const sampling = {
  temperature: number,
  top_p: number,
  n: count,
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: number,
  presence_penalty: number,
  logit_bias: anyObject,
  user: text,
};

export const chatSchema = z.looseObject({
  model,
  messages: z.array(message).min(1),
  max_tokens: count,
  max_completion_tokens: count,
  tools: z.array(tool).nullish(),
  tool_choice: z.union([z.string(), z.looseObject({})]).nullish(),
  parallel_tool_calls: flag,
  response_format: z.looseObject({ type: z.string() }).nullish(),
  reasoning_effort: text,
  logprobs: flag,
  top_logprobs: z.int().min(0).nullish(),
  metadata: anyObject,
  ...streaming,
  ...sampling,
});
