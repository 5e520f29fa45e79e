import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { ModelGroup } from '../../types/model-group.ts';

const PLACE = /models\[(\d+)\](?:\.deployments\[(\d+)\])?/g;

/**
 * Mistakes in models at places that tell their names: `models.fast.deployments.a.provider`. Who changes one of them
 * has no list before their eyes to count in.
 */
export function placedByName(problems: readonly ConfigurationProblem[], groups: readonly ModelGroup[]): ConfigurationProblem[] {
  const named = (text: string): string =>
    text.replace(PLACE, (place, at: string, inner?: string) => {
      const group = groups[Number(at)];
      // Of two with one name, each is told apart by its number.
      if (!group || group.name === '' || groups.some((other) => other !== group && other.name === group.name)) return place;
      const own = `models.${group.name}`;
      if (inner === undefined) return own;
      const id = group.deployments[Number(inner)]?.id;
      return id ? `${own}.deployments.${id}` : `${own}.deployments[${inner}]`;
    });
  return problems.map((problem) => ({ ...problem, place: named(problem.place), message: named(problem.message) }));
}
