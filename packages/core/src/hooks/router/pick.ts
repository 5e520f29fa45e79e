import type { Deployment } from '../../types/model.ts';

/**
 * One of `deployments` by weight. A missing weight counts 1. Weight 0 takes no calls while anything else may,
 * and an even share where nothing else is left: a standby.
 */
export function pick(deployments: readonly Deployment[], random: () => number): Deployment | undefined {
  if (deployments.length < 2) return deployments[0];
  let total = 0;
  for (const { weight = 1 } of deployments) total += weight;
  if (total <= 0) return deployments[Math.floor(random() * deployments.length)];
  let rest = random() * total;
  return deployments.find(({ weight = 1 }) => (rest -= weight) < 0) ?? deployments.findLast(({ weight = 1 }) => weight > 0);
}
