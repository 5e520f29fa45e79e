import { type ChatMessage, type ContentPart, type Deployment, GatewayError, type JsonObject, type ToolCall, unsupportedParameter } from '@sluice/core';
import { signatureOf } from '../extra-content.ts';
import type { Content, Part } from '../wire.ts';
import { toMedia } from './media.ts';
import { usesLevels } from './thinking.ts';

/**
 * Calls without a signature, from another model or a caller who did not keep it, are refused by the third generation
 * unless they say so. https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
const UNSIGNED = 'skip_thought_signature_validator';

type Walk = { readonly deployment: Deployment; readonly hasCallIds: boolean; readonly names: Map<string, string> };

/** The conversation as turns of the user and the model, and apart from it what the system says. */
export function toContents(
  messages: readonly ChatMessage[],
  deployment: Deployment,
  hasCallIds: boolean,
): { readonly contents: readonly Content[]; readonly systemInstruction?: Content } {
  const walk: Walk = { deployment, hasCallIds, names: new Map() };
  const turns: { role: 'user' | 'model'; parts: Part[] }[] = [];
  const system: Part[] = [];
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    if (message.role === 'system' || message.role === 'developer') {
      system.push(...partsOf(message.content, `${param}.content`, walk));
      continue;
    }
    const parts = toParts(message, param, walk);
    if (parts.length === 0) continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts: [...parts] });
  }
  // Without a turn there is nothing to answer: instructions alone are what the user says.
  if (turns.length === 0) return { contents: [{ role: 'user', parts: system }] };
  return { contents: turns, ...(system.length > 0 && { systemInstruction: { parts: system } }) };
}

function toParts(message: ChatMessage, param: string, walk: Walk): readonly Part[] {
  switch (message.role) {
    case 'assistant':
      return toModelParts(message, param, walk);
    case 'tool':
    case 'function':
      return toResult(message, param, walk);
    default:
      return partsOf(message.content, `${param}.content`, walk);
  }
}

function partsOf(content: ChatMessage['content'], param: string, { deployment }: Walk): readonly Part[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [{ text: content }];
  return content.flatMap((part, index) => toPart(part, `${param}[${index}]`, deployment.provider));
}

function toPart(part: ContentPart, param: string, provider: string): readonly Part[] {
  const { type, text = '', refusal } = part;
  if (type === 'text' || type === 'input_text') return text === '' ? [] : [{ text }];
  if (type === 'refusal') return typeof refusal === 'string' && refusal !== '' ? [{ text: refusal }] : [];
  return [toMedia(part, { provider, param })];
}

/** A signature belongs to the last part of a text, or to the call it stands on; of several calls Gemini signs the first. */
function toModelParts(message: ChatMessage, param: string, walk: Walk): readonly Part[] {
  if (message.function_call) throw unsupportedParameter(`${param}.function_call`, walk.deployment.provider, 'tool_calls is its successor');
  const texts = partsOf(message.content, `${param}.content`, walk);
  const signature = signatureOf(message);
  const said = signature === undefined ? texts : [...texts.slice(0, -1), { ...(texts.at(-1) ?? { text: '' }), thoughtSignature: signature }];
  const calls = (message.tool_calls ?? []).map((call, index) => toCall(call, `${param}.tool_calls[${index}]`, walk));
  const [first, ...others] = calls;
  const needsSignature = first && first.thoughtSignature === undefined && usesLevels(walk.deployment.model);
  return [...said, ...(first ? [needsSignature ? { ...first, thoughtSignature: UNSIGNED } : first] : []), ...others];
}

function toCall(call: ToolCall, param: string, { names, hasCallIds }: Walk): Part {
  const { id, function: called } = call;
  const signature = signatureOf(call);
  if (typeof called?.name !== 'string')
    throw new GatewayError('invalid_request', `${param}.function.name has to be a text.`, { param: `${param}.function.name` });
  if (id) names.set(id, called.name);
  const args = toArgs(called.arguments, `${param}.function.arguments`);
  return { functionCall: { ...(id && hasCallIds && { id }), name: called.name, args }, ...(signature !== undefined && { thoughtSignature: signature }) };
}

function toArgs(text: string | undefined, param: string): JsonObject {
  if (text === undefined || text.trim() === '') return {};
  try {
    const args: unknown = JSON.parse(text);
    if (args !== null && typeof args === 'object' && !Array.isArray(args)) return args as JsonObject;
  } catch {
    // Told below, together with JSON of the wrong kind.
  }
  throw new GatewayError('invalid_request', `${param} has to be a JSON object.`, { param });
}

/** Gemini knows results by the name of the function. What a text holds is left as it is; images stand beside it. */
function toResult(message: ChatMessage, param: string, walk: Walk): readonly Part[] {
  const { tool_call_id: id, name: given } = message;
  const name = (typeof id === 'string' ? walk.names.get(id) : undefined) ?? given;
  if (typeof name !== 'string')
    throw new GatewayError('invalid_request', `${param}.tool_call_id names no call of the messages before.`, { param: `${param}.tool_call_id` });
  const parts = partsOf(message.content, `${param}.content`, walk);
  const output = parts.flatMap(({ text }) => text ?? []).join('\n');
  return [
    { functionResponse: { ...(typeof id === 'string' && walk.hasCallIds && { id }), name, response: { output } } },
    ...parts.filter(({ text }) => text === undefined),
  ];
}
