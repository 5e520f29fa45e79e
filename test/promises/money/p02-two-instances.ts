import type { Proof } from '../frame/proof.ts';
import { lacksServers, overSites } from '../support/governed-sites.ts';
import { budgetStorm } from './budget-storm.ts';

export const proof: Proof = {
  id: 'P02',
  promise: 'Nor over two instances',
  lacks: lacksServers,
  prove: (run) => overSites(run, ['two'], (site) => budgetStorm(run, site)),
};
