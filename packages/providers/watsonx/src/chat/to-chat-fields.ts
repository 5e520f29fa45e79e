import {
  type ChatMessage,
  type ChatRequest,
  type ContentPart,
  type JsonObject,
  knownRequest,
  type ProviderCall,
  type Refuse,
  refuser,
  unsupportedParameter,
} from '@sluice/core';

const SAME = [
  ...['frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'top_logprobs', 'max_tokens', 'max_completion_tokens', 'n', 'response_format'],
  ...['seed', 'temperature', 'top_p', 'time_limit', 'repetition_penalty', 'length_penalty', 'include_reasoning', 'chat_template_kwargs', 'context'],
  ...['guided_choice', 'guided_regex', 'guided_grammar', 'guided_json'],
];
const REWRITTEN = ['messages', 'stream', 'stop', 'tools', 'tool_choice', 'parallel_tool_calls', 'reasoning_effort'];
const EFFORTS: ReadonlySet<unknown> = new Set(['low', 'medium', 'high']);
const PARTS: ReadonlySet<string> = new Set(['text', 'image_url', 'video_url', 'input_audio']);

/** The fields of a chat beside its head. https://cloud.ibm.com/apidocs/watsonx-ai#text-chat */
export function toChatFields(call: ProviderCall): JsonObject {
  const request = knownRequest(call, [...SAME, ...REWRITTEN]) as ChatRequest;
  const refuse = refuser(call.deployment);
  const { stop } = request;
  return {
    messages: request.messages.map((message, index) => toMessage(message, `messages[${index}]`, call.deployment.provider)),
    ...Object.fromEntries(SAME.flatMap((name) => (request[name] === undefined || request[name] === null ? [] : [[name, request[name]]]))),
    ...(stop !== undefined && stop !== null && { stop: [stop].flat() }),
    ...toToolFields(request, refuse),
    ...toEffort(request, refuse),
  };
}

function toMessage(message: ChatMessage, place: string, provider: string): JsonObject {
  const { role, content, ...rest } = message;
  if (role === 'function' || message.function_call) throw unsupportedParameter(place, provider, "'tool' and tool_calls are its successors");
  const parts = Array.isArray(content) ? (content as readonly ContentPart[]) : [];
  for (const [index, { type }] of parts.entries())
    if (!PARTS.has(type)) throw unsupportedParameter(`${place}.content[${index}].type`, provider, `it reads texts, images, sound and films, not '${type}'`);
  return { role: role === 'developer' ? 'system' : role, ...(content !== null && content !== undefined && { content }), ...rest };
}

/** A word and a tool have fields of their own. */
function toToolFields({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ChatRequest, refuse: Refuse): JsonObject {
  const given = (tools ?? []) as readonly { readonly type?: string }[];
  const known = given.filter(({ type }, index) => type === 'function' || refuse(`tools[${index}].type`, 'its tools are functions'));
  if (parallel === false && known.length > 0) refuse('parallel_tool_calls', 'the model may always call several tools at once');
  if (known.length === 0) return {};
  return { tools: known, ...toChoice(choice, refuse) };
}

function toChoice(choice: unknown, refuse: Refuse): JsonObject {
  if (choice === undefined || choice === null) return {};
  if (typeof choice === 'string') return { tool_choice_option: choice };
  if ((choice as { readonly type?: string }).type === 'function') return { tool_choice: choice };
  refuse('tool_choice', 'it is a word, or one function');
  return {};
}

function toEffort({ reasoning_effort: effort }: ChatRequest, refuse: Refuse): JsonObject {
  if (effort === undefined || effort === null) return {};
  if (EFFORTS.has(effort)) return { reasoning_effort: effort };
  refuse('reasoning_effort', "it is 'low', 'medium' or 'high'");
  return {};
}
