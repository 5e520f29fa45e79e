import type { Deployment } from '../../types/model.ts';

/**
 * One of `deployments`, of which there is at least one, by their shares: `weight` where any has one, else the calls or
 * the tokens a minute that their providers allow where all say so, else evenly. Where there are weights a missing one
 * counts 1, and 0 takes no calls while anything else may: a standby.
 */
export function byWeight(deployments: readonly Deployment[], random: () => number): Deployment {
  const [first] = deployments as readonly [Deployment];
  if (deployments.length < 2) return first;
  const field = shareField(deployments);
  let total = 0;
  for (const deployment of deployments) total += deployment[field] ?? 1;
  if (total <= 0) return deployments[Math.floor(random() * deployments.length)] ?? first;
  let rest = random() * total;
  for (const deployment of deployments) if ((rest -= deployment[field] ?? 1) < 0) return deployment;
  return deployments.findLast((deployment) => (deployment[field] ?? 1) > 0) ?? first;
}

function shareField(deployments: readonly Deployment[]): 'weight' | 'requestsPerMinute' | 'tokensPerMinute' {
  let [hasRequests, hasTokens] = [true, true];
  for (const { weight, requestsPerMinute, tokensPerMinute } of deployments) {
    if (weight !== undefined) return 'weight';
    hasRequests &&= requestsPerMinute !== undefined;
    hasTokens &&= tokensPerMinute !== undefined;
  }
  if (hasRequests) return 'requestsPerMinute';
  return hasTokens ? 'tokensPerMinute' : 'weight';
}
