import { formatUsd } from '../pricing/money.ts';
import type { Context } from '../pipeline/context.ts';

/** What the caller may know of how its call went. Each name stands twice: ours, and the one LiteLLM's users read. */
export function callHeaders(ctx: Context): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': ctx.id };
  const durationMs = performance.now() - ctx.startedAt;
  put(headers, 'call-id', ctx.id);
  if (ctx.deployment) put(headers, 'model-id', ctx.deployment.id);
  if (ctx.group !== undefined) put(headers, 'model-group', ctx.group);
  if (ctx.costNanoUsd !== undefined) put(headers, 'response-cost', formatUsd(ctx.costNanoUsd));
  put(headers, 'attempted-retries', String(ctx.retries));
  put(headers, 'attempted-fallbacks', String(ctx.fallbacks));
  put(headers, 'response-duration-ms', durationMs.toFixed(2));
  put(headers, 'overhead-duration-ms', Math.max(0, durationMs - ctx.upstreamMs).toFixed(2));
  if (ctx.cacheStatus !== undefined) headers['x-sluice-cache'] = ctx.cacheStatus;
  return ctx.headers ? Object.assign(headers, ctx.headers) : headers;
}

function put(headers: Record<string, string>, name: string, value: string): void {
  headers[`x-sluice-${name}`] = value;
  headers[`x-litellm-${name}`] = value;
}
