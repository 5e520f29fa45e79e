import { formatUsd } from '../pricing/money.ts';
import type { Context } from '../pipeline/context.ts';
import { addLitellmNames } from './litellm-names.ts';

/** What the caller may know of how its call went. Names are written out because joined ones cost more than all the values. */
export function callHeaders(ctx: Context, hasLitellmNames: boolean): Record<string, string> {
  const { id, deployment, group, costNanoUsd } = ctx;
  const durationMs = performance.now() - ctx.startedAt;
  const headers: Record<string, string> = {
    'x-request-id': id,
    'x-sluice-call-id': id,
    'x-sluice-attempted-retries': String(ctx.retries),
    'x-sluice-attempted-fallbacks': String(ctx.fallbacks),
    'x-sluice-response-duration-ms': inHundredths(durationMs),
    'x-sluice-overhead-duration-ms': inHundredths(Math.max(0, durationMs - ctx.upstreamMs)),
  };
  if (deployment) headers['x-sluice-model-id'] = toHeaderText(deployment.id);
  if (group !== undefined) headers['x-sluice-model-group'] = toHeaderText(group);
  if (costNanoUsd !== undefined) headers['x-sluice-response-cost'] = formatUsd(costNanoUsd);
  if (ctx.cacheStatus !== undefined) headers['x-sluice-cache'] = ctx.cacheStatus;
  for (const name in ctx.headers) headers[name] = ctx.headers[name] as string;
  if (hasLitellmNames) addLitellmNames(headers);
  return headers;
}

/** As `toFixed(2)`, at half its cost or less. */
function inHundredths(value: number): string {
  const hundredths = Math.round(value * 100);
  const rest = hundredths % 100;
  return `${(hundredths - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

const NOT_HEADER_TEXT = /[^\x20-\x7e]/;

/** Model names may be in any script; headers may not. By way of bytes, because half a character cannot be encoded. */
function toHeaderText(name: string): string {
  return NOT_HEADER_TEXT.test(name) ? encodeURIComponent(Buffer.from(name).toString()) : name;
}
