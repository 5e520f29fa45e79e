import type { Filter } from './filter.ts';

/** Callers may choose among the providers there are. */
export const provider: Filter = {
  name: 'provider',
  weight: 'must',
  objection({ provider: name }, { controls }) {
    const { only, ignore, order, allowFallbacks } = controls?.provider ?? { allowFallbacks: true };
    if (only && !only.includes(name)) return `the caller wants ${only.join(' or ')} only`;
    if (ignore?.includes(name)) return `the caller does not want '${name}'`;
    if (!allowFallbacks && order && !order.includes(name)) return `the caller wants no other than ${order.join(', ')}`;
    return undefined;
  },
};
