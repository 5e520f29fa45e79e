import { type ChatRequest, defineProvider, GatewayError, type JsonObject, type Mapping, type Provider } from '@sluice/core';

/** What one attempt comes to. A stream is its events, and may break off behind them. */
export type LocalAnswer =
  | { readonly status: number; readonly body: JsonObject }
  | { readonly status: 200; readonly events: readonly JsonObject[]; readonly breaks?: boolean };

const chat: Mapping = {
  toRequest: ({ request, deployment }) => ({ url: 'local:/chat', headers: {}, body: JSON.stringify({ ...request, model: deployment.model }) }),
  toError: ({ status }) =>
    new GatewayError(status === 429 ? 'upstream_rate_limited' : 'upstream_error', `scripted ${status}`, { retryable: status === 429 || status >= 500 }),
};

/** A provider without a network, for histories of which there are to be many. */
export function localProvider(answer: (request: ChatRequest) => LocalAnswer): Provider {
  return defineProvider({
    name: 'local',
    operations: { chat },
    async send({ body }) {
      const given = answer(JSON.parse(String(body)) as ChatRequest);
      const isStream = 'events' in given;
      return {
        status: given.status,
        headers: { 'content-type': isStream ? 'text/event-stream' : 'application/json' },
        body: isStream ? events(given.events, given.breaks ?? false) : whole(given.body),
      };
    },
  });
}

async function* whole(body: JsonObject): AsyncGenerator<Uint8Array> {
  yield Buffer.from(JSON.stringify(body));
}

async function* events(list: readonly JsonObject[], breaks: boolean): AsyncGenerator<Uint8Array> {
  for (const event of list) yield Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
  if (breaks) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  yield Buffer.from('data: [DONE]\n\n');
}

/** A whole answer of this usage. */
export function completion(usage: JsonObject | undefined, text = 'hello'): JsonObject {
  const choices = [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
  return { id: 'c1', object: 'chat.completion', created: 1, model: 'm', choices, ...(usage && { usage }) };
}

/** The events of a streamed answer: a token each, and the usage where it is told. */
export function chunks(words: number, usage?: JsonObject): JsonObject[] {
  const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' };
  const said = Array.from({ length: words }, () => ({ ...chunk, choices: [{ index: 0, delta: { content: 'word' } }] }));
  return [...said, ...(usage ? [{ ...chunk, choices: [], usage }] : [])];
}
