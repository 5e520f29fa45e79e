import type { UpstreamLimits } from '../provider/call-provider.ts';
import type { LiveModels } from './models/live-models.ts';

const MIB = 1024 * 1024;

/** How long upstreams are waited for and how much of them is read, as the options say now. */
export function upstreamLimits(live: LiveModels): UpstreamLimits {
  return {
    get timeoutMs() {
      return live.options.timeoutMs ?? 600_000;
    },
    get idleTimeoutMs() {
      return live.options.idleTimeoutMs ?? 300_000;
    },
    get maxAnswerBytes() {
      return live.options.maxAnswerBytes ?? 64 * MIB;
    },
  };
}
