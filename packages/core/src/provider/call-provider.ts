import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { amendedRequest } from './amended-request.ts';
import { collect } from './collect.ts';
import type { Mapping, Provider, ProviderCall, WireRequest, WireResponse } from './provider.ts';
import { providerOf } from './provider-of.ts';
import { readAnswer } from './read-answer.ts';
import type { Transport } from './transport.ts';

export type CallProviderOptions = {
  readonly providers: readonly Provider[];
  readonly transport: Transport;
  /** Longest wait for the head of an answer, where the deployment does not say. */
  readonly timeoutMs: number;
  /** Longest silence inside an answer. */
  readonly idleTimeoutMs: number;
  /** Longest complete answer that is read. */
  readonly maxAnswerBytes: number;
};

/** The innermost handler: one call to the deployment that the router picked. */
export function callProvider(options: CallProviderOptions): Handler {
  const find = providerOf(options.providers);

  return async (ctx) => {
    const { deployment } = ctx;
    if (!deployment) throw new GatewayError('internal', 'No deployment was picked: is a router among the hooks?');
    const provider = find(deployment);
    const mapping = provider?.operations[ctx.operation];
    if (!provider || !mapping)
      throw new GatewayError('unsupported_operation', `Provider '${deployment.standIn ?? deployment.provider}' cannot do '${ctx.operation}'`);

    const call = toCall(ctx, deployment, mapping);
    const mapped = mapping.toRequest(call);
    const wire = provider.sign ? await provider.sign(mapped, deployment) : mapped;
    const sentAt = performance.now();
    const response = await send(ctx, provider, wire, call, options);
    ctx.upstreamMs += performance.now() - sentAt;
    if (response.status < 200 || response.status > 299) throw await refusal(response, mapping, call, options.maxAnswerBytes);
    return await readAnswer(ctx, mapping, call, response, options.maxAnswerBytes);
  };
}

function toCall(ctx: Context, deployment: Deployment, { needs = [] }: Mapping): ProviderCall {
  const request = amendedRequest(withDefaults(ctx.request, deployment.defaults), deployment, needs);
  return { operation: ctx.operation, request, deployment, received: request === ctx.request ? ctx.received : undefined, upload: ctx.upload };
}

function withDefaults(request: ModelRequest, defaults: JsonObject | undefined): ModelRequest {
  let filled: Record<string, unknown> | undefined;
  for (const field in defaults) if (request[field] === undefined) (filled ??= { ...request })[field] = defaults[field];
  return (filled as ModelRequest | undefined) ?? request;
}

function send(ctx: Context, provider: Provider, wire: WireRequest, call: ProviderCall, options: CallProviderOptions): Promise<WireResponse> {
  const timeoutMs = call.deployment.timeoutMs ?? options.timeoutMs;
  const { idleTimeoutMs } = options;
  return provider.send
    ? provider.send(wire, { signal: ctx.signal, timeoutMs, idleTimeoutMs, call })
    : options.transport.send(wire, { controller: ctx.controller, timeoutMs, idleTimeoutMs });
}

async function refusal({ status, headers, body }: WireResponse, mapping: Mapping, call: ProviderCall, maxBytes: number): Promise<GatewayError> {
  const text = (await collect(body, maxBytes)).toString('utf8');
  return mapping.toError({ status, headers, body: text }, call);
}
