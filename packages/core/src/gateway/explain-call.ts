import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors/gateway-error.ts';
import { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { explain } from '../routing/explain.ts';
import type { Routing } from '../routing/routing.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Operation } from '../types/call.ts';
import type { Policy, Principal } from '../types/principal.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { Decision } from '../types/decision.ts';
import type { JsonObject } from '../types/json.ts';

const HEADER = 'x-sluice-explain';

/** Whether a caller wants to know how the call would be routed, in place of an answer. */
export function asksWhy({ source }: Context): boolean {
  const asked = source.headers?.[HEADER];
  return asked === '1' || asked === 'true';
}

/** Answers with the decision. @throws GatewayError `admin_required` for those who may not know. */
export function explainer(routing: Routing): Handler {
  return async (ctx) => {
    const { isAdmin, mayExplain } = ctx.principal ?? {};
    if (!isAdmin && !mayExplain) throw new GatewayError('admin_required', `Only an administrator, or a key that may, can ask with ${HEADER}`);
    return { kind: 'complete', body: LazyJson.ofValue((await explain(routing, ctx)) as JsonObject) };
  };
}

export type ExplainOptions = {
  /** Default: chat. */
  readonly operation?: Operation;
  /** For whom. Default: the host's own code, which may use everything. */
  readonly principal?: Principal;
  readonly policy?: Policy;
  readonly headers?: Readonly<Record<string, string>>;
};

/** The same for the host's own code. */
export function explainFor(routing: Routing): (request: ModelRequest, options?: ExplainOptions) => Promise<Decision> {
  return (request, { operation = 'chat', principal, policy, headers } = {}) =>
    explain(
      routing,
      new Context({
        id: randomUUID(),
        operation,
        request,
        principal,
        policy,
        source: { credentials: [], ...(headers && { headers }) },
        controller: new LazyAbortController(),
      }),
    );
}
