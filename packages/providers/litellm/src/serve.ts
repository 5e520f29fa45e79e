import type { GatewayModels, ModelGroup } from '@sluice/core';

/** Brings the groups of a gateway that belong to `provider` alone in line with `wanted`. A name that is the gateway's own stays as it is. */
export function serve(wanted: readonly ModelGroup[], models: GatewayModels, provider: string): void {
  const names = new Set(wanted.map(({ name }) => name));
  for (const { name, deployments } of models.groups) if (!name.includes('*') && isOurs(deployments, provider) && !names.has(name)) models.remove(name);
  const there = new Map(models.groups.map((group) => [group.name, group]));
  for (const group of wanted) {
    const before = there.get(group.name);
    if (!before) models.add(group);
    else if (isOurs(before.deployments, provider) && !isSame(before, group)) models.update(group.name, { deployments: group.deployments });
  }
}

function isOurs(deployments: ModelGroup['deployments'], provider: string): boolean {
  return deployments.every((deployment) => deployment.provider === provider);
}

/** Whether nothing that is known here is otherwise there, where more may be known. */
function isSame({ deployments: [before] }: ModelGroup, { deployments: [now] }: ModelGroup): boolean {
  return Object.entries(now ?? {}).every(([name, value]) => JSON.stringify(before?.[name as keyof typeof before]) === JSON.stringify(value));
}
