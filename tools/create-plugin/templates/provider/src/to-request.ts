import { BOOKKEEPING_FIELDS, type JsonObject, type ProviderCall, supportedRequest, unsupportedParameter, type WireRequest } from '@sluice/core';
import type { Turn } from './wire.ts';

const BASE_URL = 'https://api.sample-name.example';

/** Fields of OpenAI's that the API has no word for: refused, or left out where the deployment's rules say so. */
const UNSUPPORTED = ['tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'n', 'logprobs', 'top_logprobs', 'logit_bias', 'audio', 'modalities'];

/** The call as the API wants it. Fields that are not known here go on as they are. */
export function toRequest(call: ProviderCall): WireRequest {
  const { deployment } = call;
  const { messages, model: _, stream, ...fields } = supportedRequest(call, UNSUPPORTED);
  const plain = Object.fromEntries(Object.entries(fields).filter(([field]) => !BOOKKEEPING_FIELDS.includes(field)));
  const turns = (messages as readonly JsonObject[]).map((message, index) => toTurn(message, `messages[${index}]`, deployment.provider));
  return {
    url: `${deployment.baseUrl ?? BASE_URL}/chat`,
    headers: { 'content-type': 'application/json', ...(deployment.apiKey && { authorization: `Bearer ${deployment.apiKey.reveal()}` }) },
    body: JSON.stringify({ ...plain, model: deployment.model, turns, stream: stream === true }),
  };
}

function toTurn({ role, content, tool_calls: calls }: JsonObject, place: string, provider: string): Turn {
  if (role === 'tool' || calls !== undefined) throw unsupportedParameter(place, provider, 'it has no tools');
  if (typeof content === 'string') return { role: String(role), text: content };
  const texts = ((content ?? []) as readonly JsonObject[]).map(({ type, text }, index) => {
    if (type !== 'text') throw unsupportedParameter(`${place}.content[${index}]`, provider, 'it reads texts only');
    return String(text);
  });
  return { role: String(role), text: texts.join('') };
}
