import type { Deployment } from '../../types/model.ts';
import type { RoutedCall } from '../../types/strategy.ts';
import { byWeight } from './by-weight.ts';

/** One of the candidates that the first of `names` means that means any of them; any candidate where none does. Several in one place are equals. */
export function prefer(names: readonly (string | readonly string[])[], candidates: readonly Deployment[], call: RoutedCall): Deployment {
  for (const name of names) {
    const meant = candidates.filter((deployment) => [name].flat().some((one) => call.isNamed(deployment, one)));
    if (meant.length > 0) return byWeight(meant, call.random);
  }
  return byWeight(candidates, call.random);
}
