import { GatewayError } from '../errors/gateway-error.ts';
import type { Context } from '../pipeline/context.ts';
import type { Handler } from '../pipeline/hook.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import type { Reply } from '../types/call.ts';
import type { Deployment } from '../types/model.ts';

/**
 * Answers `tokens.count`, in the shape of LiteLLM's token counter: by the provider, where it counts, else by an
 * estimate. `tokenizer_type` says which. Everything else goes to `call`.
 */
export function countTokens(call: Handler, canCount: (deployment: Deployment) => boolean): Handler {
  return async (ctx) => {
    const { deployment } = ctx;
    if (ctx.operation !== 'tokens.count' || !deployment) return call(ctx);
    const isCounted = canCount(deployment);
    const tokens = isCounted ? countIn(await call(ctx)) : estimateTokens(ctx.request);
    return answer(ctx, deployment, { tokens, by: isCounted ? `${deployment.provider}_api` : 'estimate' });
  };
}

function countIn(reply: Reply): number {
  const count = reply.kind === 'complete' ? reply.body.value.input_tokens : undefined;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new GatewayError('upstream_invalid_answer', "The provider's answer has no 'input_tokens'", { retryable: true });
}

function answer({ request }: Context, { model }: Deployment, { tokens, by }: { readonly tokens: number; readonly by: string }): Reply {
  const body = { input_tokens: tokens, total_tokens: tokens, request_model: request.model, model_used: model, tokenizer_type: by };
  return { kind: 'complete', body: LazyJson.ofValue(body) };
}
