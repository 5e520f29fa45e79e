import { createGateway, type Gateway, type GatewayOptions, type ModelGroup } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';

/** A gateway that lets everybody in unless it has keys, over one OpenAI-speaking provider whose address each deployment has. */
export function openGateway(models: readonly ModelGroup[], options: Partial<GatewayOptions> = {}): Gateway {
  return createGateway({
    ...(options.masterKey === undefined && { auth: false }),
    providers: [openaiCompatible({ name: 'upstream', baseUrl: 'http://127.0.0.1:1/v1' })],
    models,
    ...options,
  });
}

export function group(name: string, urls: readonly string[], more: Partial<ModelGroup> = {}): ModelGroup {
  return { name, deployments: urls.map((baseUrl, index) => ({ id: `${name}-${index}`, provider: 'upstream', model: 'fault-1', baseUrl })), ...more };
}

export type Answered = { readonly status: number; readonly headers: Headers; readonly body: string };

export async function ask(gateway: Gateway, model: string, { stream = true, signal }: { stream?: boolean; signal?: AbortSignal } = {}): Promise<Answered> {
  const response = await gateway.fetch('http://sluice/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say it' }], ...(stream && { stream: true }) }),
    ...(signal && { signal }),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

type Event = { readonly error?: { readonly code: string }; readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[] };

export type Told = {
  readonly text: string;
  readonly isDone: boolean;
  /** The code of the error, whether it came instead of a stream or inside one. */
  readonly error: string | undefined;
};

/** What a caller makes of an answer. @throws when it is no well-formed answer at all. */
export function toTold({ status, body }: Answered): Told {
  if (status !== 200) return { text: '', isDone: false, error: (JSON.parse(body) as { error: { code: string } }).error.code };
  if (!body.endsWith('\n\n')) throw new Error(`An event was cut: ${JSON.stringify(body.slice(-80))}`);
  const data = body
    .split('\n\n')
    .filter((block) => block.startsWith('data: '))
    .map((block) => block.slice('data: '.length));
  const events = data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as Event);
  return {
    text: events.map(({ choices }) => choices?.[0]?.delta?.content ?? '').join(''),
    isDone: data.at(-1) === '[DONE]',
    error: events.find(({ error }) => error)?.error?.code,
  };
}
