import type { Deployment } from '../../types/model.ts';

/**
 * One of `deployments`, of which there is at least one, by weight. A missing weight counts 1. Weight 0 takes no
 * calls while anything else may, and an even share where nothing else is left: a standby.
 */
export function byWeight(deployments: readonly Deployment[], random: () => number): Deployment {
  const [first] = deployments as readonly [Deployment];
  if (deployments.length < 2) return first;
  let total = 0;
  for (const { weight = 1 } of deployments) total += weight;
  if (total <= 0) return deployments[Math.floor(random() * deployments.length)] ?? first;
  let rest = random() * total;
  return deployments.find(({ weight = 1 }) => (rest -= weight) < 0) ?? deployments.findLast(({ weight = 1 }) => weight > 0) ?? first;
}
