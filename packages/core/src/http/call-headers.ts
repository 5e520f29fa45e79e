import { formatUsd } from '../pricing/money.ts';
import type { Context } from '../pipeline/context.ts';
import { type HeaderList, setHeader } from './header-list.ts';
import { LITELLM_NAMES } from './litellm-names.ts';

/** What the caller may know of how its call went. Names are written out because joined ones cost more than all the values. */
export function callHeaders(ctx: Context, hasLitellmNames: boolean): HeaderList {
  const { id, deployment, group, costNanoUsd } = ctx;
  const durationMs = performance.now() - ctx.startedAt;
  const headers: HeaderList = [
    'x-request-id',
    id,
    'x-sluice-call-id',
    id,
    'x-sluice-attempted-retries',
    String(ctx.retries),
    'x-sluice-attempted-fallbacks',
    String(ctx.fallbacks),
    'x-sluice-response-duration-ms',
    inHundredths(durationMs),
    'x-sluice-overhead-duration-ms',
    inHundredths(Math.max(0, durationMs - ctx.upstreamMs)),
  ];
  if (deployment) headers.push('x-sluice-model-id', toHeaderText(deployment.id));
  if (group !== undefined) headers.push('x-sluice-model-group', toHeaderText(group));
  if (costNanoUsd !== undefined) headers.push('x-sluice-response-cost', formatUsd(costNanoUsd));
  if (ctx.cacheStatus !== undefined) headers.push('x-sluice-cache', ctx.cacheStatus);
  for (const name in ctx.headers) setHeader(headers, name, ctx.headers[name] as string);
  if (hasLitellmNames) sayAgain(headers);
  return headers;
}

/** Under the names that LiteLLM's callers read. */
function sayAgain(headers: HeaderList): void {
  const { length } = headers;
  for (let index = 0; index < length; index += 2) {
    const name = LITELLM_NAMES.get(headers[index] as string);
    if (name !== undefined) headers.push(name, headers[index + 1] as string);
  }
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
