import { GatewayError } from '../errors/gateway-error.ts';
import { readUsage } from '../provider/wire-usage.ts';
import { LineSplitter } from '../stream/line-splitter.ts';
import type { SplitBytes } from '../stream/splitter.ts';
import type { Reply } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { JsonObject } from '../types/json.ts';

const LONGEST_LINE = 16 * 1024 * 1024;

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** What answers have used, and what they cost, in nano-dollars. */
export type Bill = { readonly usage: Usage; readonly nanoUsd: number };

/** What the answers of a batch have used and cost, read from its output line by line: each has its own price. */
export async function readOutput(reply: Reply, costOfOne: (usage: Usage) => number): Promise<Bill> {
  if (reply.kind !== 'bytes') throw new GatewayError('upstream_invalid_answer', 'The output of the batch does not come as a file');
  const lines = new LineSplitter(LONGEST_LINE);
  let [usage, nanoUsd] = [NO_USAGE, 0];
  const add = ({ events }: SplitBytes): void => {
    for (const { data } of events) {
      const used = usageIn(data);
      if (used === undefined) continue;
      usage = sumOf(usage, used);
      nanoUsd += costOfOne(used);
    }
  };
  for await (const chunk of reply.chunks) add(lines.push(chunk));
  add(lines.flush());
  return { usage, nanoUsd };
}

export function sumOf(one: Usage, other: Usage): Usage {
  const sum: Record<string, number> = {};
  for (const usage of [one, other]) for (const [part, count] of Object.entries(usage)) if (typeof count === 'number') sum[part] = (sum[part] ?? 0) + count;
  return { ...NO_USAGE, ...sum };
}

/** Nothing for what was not answered. @throws GatewayError `upstream_invalid_answer` */
function usageIn(text: string): Usage | undefined {
  try {
    const { response } = JSON.parse(text) as { readonly response?: { readonly body?: JsonObject } | null };
    return response?.body && readUsage(response.body);
  } catch (cause) {
    throw new GatewayError('upstream_invalid_answer', 'The output of the batch has a line that is not JSON', { cause });
  }
}
