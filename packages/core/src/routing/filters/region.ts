import { isAllowed } from '../../models/wildcard.ts';
import type { Filter } from './filter.ts';

/** Keys and mount points may be bound to regions; a deployment that does not say where it runs is in none. */
export const region: Filter = {
  name: 'region',
  weight: 'must',
  objection(deployment, { regions }) {
    const refused = regions.find((allowed) => !isAllowed(allowed, deployment.region ?? ''));
    if (!refused) return undefined;
    return `it runs in ${deployment.region === undefined ? 'no region that is known' : `'${deployment.region}'`}, and the caller is bound to ${refused.join(', ')}`;
  },
};
