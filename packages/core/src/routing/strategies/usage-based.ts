import { defineStrategy } from '../define-strategy.ts';
import type { Deployment } from '../../types/model.ts';
import type { RoutedCall, Strategy } from '../../types/strategy.ts';
import { lowest } from './lowest.ts';

/** Above this a deployment has no room for the call; whoever is least above goes first, for the provider has the last word. */
const FULL = 1;
/** Counts as a limit where there is none, so that tokens still decide. */
const NO_LIMIT = 1e9;

/** Where the last minute has left the most room under what the provider allows: this call's own tokens included. */
export function usageBased(): Strategy {
  const score = (deployment: Deployment, call: RoutedCall): number => {
    const { requests, tokens, inFlight } = call.loadOf(deployment);
    const { requestsPerMinute = NO_LIMIT, tokensPerMinute = NO_LIMIT } = deployment;
    // Calls under way have not reported their tokens yet; they are taken for calls like this one.
    const coming = (inFlight + 1) * call.inputTokens;
    return Math.max((requests + 1) / requestsPerMinute, (tokens + coming) / tokensPerMinute);
  };
  return defineStrategy({
    name: 'usage-based-routing',
    isMeasured: true,
    pick: (candidates, call) => lowest(candidates, call, score),
    score,
    reason: (deployment, call) =>
      score(deployment, call) > FULL ? 'all are over their limits, this one least' : 'the most room under its limits in the last minute',
  });
}
