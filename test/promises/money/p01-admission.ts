import type { Proof } from '../frame/proof.ts';
import { lacksServers, overSites } from '../support/governed-sites.ts';
import { budgetStorm } from './budget-storm.ts';

export const proof: Proof = {
  id: 'P01',
  promise: 'A budget is never exceeded by admission',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['memory', 'one'], (site) => budgetStorm(run, site)),
};
