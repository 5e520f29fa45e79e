import type { ProviderPackage } from '@sluice/core';
import { discoverOwnForm, ownFormProvider } from '@sluice/openai-wire';
import { BLACK_FOREST_LABS } from './hosts/black-forest-labs.ts';
import { FAL } from './hosts/fal.ts';
import { IDEOGRAM } from './hosts/ideogram.ts';
import { LUMA } from './hosts/luma.ts';
import { RECRAFT } from './hosts/recraft.ts';
import { RUNWAYML } from './hosts/runwayml.ts';
import { STABILITY } from './hosts/stability.ts';

const HOSTS = [STABILITY, FAL, BLACK_FOREST_LABS, RECRAFT, IDEOGRAM, RUNWAYML, LUMA];

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: HOSTS.map((form) => ownFormProvider(form)),
  discover: (env) => HOSTS.flatMap((form) => discoverOwnForm(env, form)),
};
