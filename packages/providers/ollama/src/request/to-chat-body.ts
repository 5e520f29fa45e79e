import { BOOKKEEPING_FIELDS, type ChatMessage, type Deployment, type JsonObject, type ModelRequest, type ProviderCall, refuser } from '@sluice/core';
import { omit } from '@sluice/openai-wire';
import { toMessages } from './messages.ts';
import { withModelOptions } from './model-options.ts';
import { toAnswerFields } from './to-answer-fields.ts';
import { toTools } from './tools.ts';

/** What OpenAI has and Ollama has not. */
export const CHAT_LACKS = [
  ...['n', 'logit_bias', 'modalities', 'audio', 'store', 'verbosity', 'service_tier', 'web_search_options', 'prediction'],
  ...['functions', 'function_call', 'moderation', 'parallel_tool_calls'],
];

/** Streams unless told not to. https://docs.ollama.com/api/chat */
export function toChatBody(request: ModelRequest, { deployment }: ProviderCall): ModelRequest {
  const { messages, stream, tools, tool_choice: choice, ...rest } = request;
  const known = toAnswerFields(withModelOptions(omit(rest, ...BOOKKEEPING_FIELDS)), deployment);
  const offered = isNone(choice, deployment) ? [] : toTools(tools, deployment.provider);
  return {
    ...known,
    messages: toMessages(messages as readonly ChatMessage[], deployment.provider),
    ...(offered.length > 0 && { tools: offered }),
    stream: stream === true,
  } as unknown as ModelRequest;
}

/** The model decides by itself; only to keep it from calling anything there is a way: to offer nothing. */
function isNone(choice: unknown, deployment: Deployment): boolean {
  const type = (choice as JsonObject | null | undefined)?.type ?? choice ?? 'auto';
  if (type !== 'auto' && type !== 'none') refuser(deployment)('tool_choice', 'the model itself decides whether to call a tool');
  return type === 'none';
}
