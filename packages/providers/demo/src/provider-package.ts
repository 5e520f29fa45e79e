import type { ProviderPackage } from '@sluice/core';
import { demo } from './demo.ts';

/** For discovery: stands in where no provider has a key, so that a first call works on any machine. */
export const provider: ProviderPackage = {
  providers: [demo()],
  isStandIn: true,
  discover: () => [{ provider: demo(), deployment: {}, models: ['demo', 'echo'] }],
};
