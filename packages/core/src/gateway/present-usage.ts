import type { Context } from '../pipeline/context.ts';
import { formatUsd } from '../pricing/money.ts';
import { LazyJson } from '../stream/lazy-json.ts';
import { mapBatches } from '../stream/map-batches.ts';
import type { Batch } from '../types/call.ts';
import type { ChatRequest } from '../types/chat.ts';
import type { Json, JsonObject } from '../types/json.ts';

/**
 * Usage is always asked for upstream; the caller gets the usage chunk only where it was asked for,
 * and then with what the call cost.
 */
export function presentUsage(batches: AsyncIterable<Batch>, ctx: Context): AsyncIterable<Batch> {
  if (ctx.operation !== 'chat' && ctx.operation !== 'completions') return batches;
  const isWanted = (ctx.request as ChatRequest).stream_options?.include_usage === true;

  return mapBatches(batches, (batch) => {
    // From the end, because that is where it stands.
    if (ctx.usage === undefined || batch.events.findLastIndex(isUsageOnly) < 0) return batch;
    const events = isWanted
      ? batch.events.map((event) => (isUsageOnly(event) ? withCost(event, ctx.costNanoUsd) : event))
      : batch.events.filter((event) => !isUsageOnly(event));
    return events.length > 0 ? { events } : undefined;
  });
}

function isUsageOnly(event: Json<JsonObject>): boolean {
  // Without its first quote, which stands everywhere and would make the search ten times as long.
  if (!event.text.includes('usage"')) return false;
  const { choices, usage } = event.value;
  return Array.isArray(choices) && choices.length === 0 && usage !== null && usage !== undefined;
}

function withCost(event: Json<JsonObject>, costNanoUsd: number | undefined): Json<JsonObject> {
  if (costNanoUsd === undefined) return event;
  return LazyJson.ofValue({ ...event.value, usage: { ...(event.value.usage as JsonObject), cost: Number(formatUsd(costNanoUsd)) } });
}
