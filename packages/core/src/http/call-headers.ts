import { formatUsd } from '../pricing/money.ts';
import type { Context } from '../pipeline/context.ts';

/**
 * What the caller may know of how its call went. Each name stands twice: ours, and the one LiteLLM's users read.
 * Names are written out because joined ones cost more than all the values.
 */
export function callHeaders(ctx: Context): Record<string, string> {
  const { id, deployment, group, costNanoUsd } = ctx;
  const durationMs = performance.now() - ctx.startedAt;
  const retries = String(ctx.retries);
  const fallbacks = String(ctx.fallbacks);
  const duration = durationMs.toFixed(2);
  const overhead = Math.max(0, durationMs - ctx.upstreamMs).toFixed(2);
  const headers: Record<string, string> = {
    'x-request-id': id,
    'x-sluice-call-id': id,
    'x-litellm-call-id': id,
    'x-sluice-attempted-retries': retries,
    'x-litellm-attempted-retries': retries,
    'x-sluice-attempted-fallbacks': fallbacks,
    'x-litellm-attempted-fallbacks': fallbacks,
    'x-sluice-response-duration-ms': duration,
    'x-litellm-response-duration-ms': duration,
    'x-sluice-overhead-duration-ms': overhead,
    'x-litellm-overhead-duration-ms': overhead,
  };
  if (deployment) headers['x-sluice-model-id'] = headers['x-litellm-model-id'] = toHeaderText(deployment.id);
  if (group !== undefined) headers['x-sluice-model-group'] = headers['x-litellm-model-group'] = toHeaderText(group);
  if (costNanoUsd !== undefined) headers['x-sluice-response-cost'] = headers['x-litellm-response-cost'] = formatUsd(costNanoUsd);
  if (ctx.cacheStatus !== undefined) headers['x-sluice-cache'] = ctx.cacheStatus;
  return ctx.headers ? Object.assign(headers, ctx.headers) : headers;
}

const NOT_HEADER_TEXT = /[^\x20-\x7e]/;

/** Model names may be in any script; headers may not. By way of bytes, because half a character cannot be encoded. */
function toHeaderText(name: string): string {
  return NOT_HEADER_TEXT.test(name) ? encodeURIComponent(Buffer.from(name).toString()) : name;
}
