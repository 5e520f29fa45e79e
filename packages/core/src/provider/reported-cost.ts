import type { JsonObject } from '../types/json.ts';

const NANO = 1e9;
/** xAI's ticks are ten billion to the dollar. https://docs.x.ai/docs/api-reference */
const TICKS_A_NANO = 10;
/** In dollars: more than any call can cost, a defect upstream. */
const ABSURD = 1e6;

/**
 * What the provider itself says that an answer costs, in nano-dollars: a number of dollars in `usage.cost`, as
 * OpenRouter has it, its `total_cost`, as Perplexity has it, or xAI's `cost_in_usd_ticks`.
 * https://openrouter.ai/docs/use-cases/usage-accounting https://docs.perplexity.ai/api-reference/chat-completions-post
 */
export function reportedCostIn({ usage }: JsonObject): number | undefined {
  if (usage === null || typeof usage !== 'object') return undefined;
  const { cost, cost_in_usd_ticks: ticks, is_byok: isOwnKey, cost_details: details } = usage as JsonObject;
  if (isAmount(ticks, ABSURD * NANO * TICKS_A_NANO)) return Math.round(ticks / TICKS_A_NANO);
  const dollars = typeof cost === 'object' ? (cost as JsonObject | null)?.total_cost : cost;
  if (!isAmount(dollars, ABSURD)) return undefined;
  // With a key of one's own at the upstream, OpenRouter's own cost is its fee only.
  const upstream = isOwnKey === true ? (details as JsonObject | null | undefined)?.upstream_inference_cost : 0;
  return Math.round((dollars + (isAmount(upstream, ABSURD) ? upstream : 0)) * NANO);
}

function isAmount(value: unknown, most: number): value is number {
  return typeof value === 'number' && value >= 0 && value < most;
}
