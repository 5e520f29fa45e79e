import {
  type ChatMessage,
  type ChatRequest,
  type ContentPart,
  GatewayError,
  type JsonObject,
  knownRequest,
  type Mapping,
  unsupportedParameter,
} from '@sluice/core';
import type { Ask } from './ask.ts';
import { headOf, textStreams } from './texts.ts';

type Exchange = { readonly input: string; readonly response: string };
type Turn = { readonly role: string; readonly text: string };

/** Chats: a question, what was said before it in pairs, and a context. https://docs.nlpcloud.com/#chatbot-and-conversational-ai */
export function chatbot(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    ...textStreams,
    toRequest(call) {
      const { messages, stream } = knownRequest(call, ['messages', 'stream']) as ChatRequest;
      const body = { ...toConversation(messages, call.deployment.provider), ...(stream === true && { stream }) };
      return { ...ask(call.deployment, 'chatbot'), body: JSON.stringify(body) };
    },
    toReply(body, call) {
      const { response } = body as { readonly response?: unknown };
      if (typeof response !== 'string') throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'response'", { retryable: true });
      return {
        ...headOf(call),
        choices: [{ index: 0, message: { role: 'assistant', content: response, refusal: null }, logprobs: null, finish_reason: 'stop' }],
      };
    },
  };
}

/** @throws GatewayError `unsupported_parameter` for a conversation that is not of questions and their answers. */
function toConversation(messages: readonly ChatMessage[], provider: string): JsonObject {
  const said = messages.map((message, index): Turn => ({ role: message.role, text: textOf(message, index, provider) }));
  const context = said.filter(({ role }) => role === 'system' || role === 'developer').map(({ text }) => text);
  const turns = joined(said.filter(({ role }) => role === 'user' || role === 'assistant'));
  const last = turns.at(-1);
  if (last?.role !== 'user' || turns.length % 2 === 0) throw unsupportedParameter('messages', provider, 'it begins and ends with the user');
  const history: Exchange[] = [];
  for (let index = 0; index + 1 < turns.length; index += 2) history.push({ input: turns[index]?.text ?? '', response: turns[index + 1]?.text ?? '' });
  return { input: last.text, ...(history.length > 0 && { history }), ...(context.length > 0 && { context: context.join('\n\n') }) };
}

/** What one has said in several messages is one turn. */
function joined(turns: readonly Turn[]): readonly Turn[] {
  const all: Turn[] = [];
  for (const turn of turns) {
    const before = all.at(-1);
    if (before?.role === turn.role) all[all.length - 1] = { role: turn.role, text: `${before.text}\n\n${turn.text}` };
    else all.push(turn);
  }
  return all;
}

function textOf({ role, content, tool_calls: calls }: ChatMessage, index: number, provider: string): string {
  const place = `messages[${index}]`;
  if (role === 'tool' || role === 'function' || calls?.length) throw unsupportedParameter(place, provider, 'a conversation holds no tool calls and no results');
  if (typeof content === 'string') return content;
  return ((content ?? []) as readonly ContentPart[])
    .map(({ type, text }, part) => {
      if (type === 'text' && typeof text === 'string') return text;
      throw unsupportedParameter(`${place}.content[${part}].type`, provider, `it reads texts, not '${type}'`);
    })
    .join('\n');
}
