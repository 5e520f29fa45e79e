export type { HostOptions } from '@sluice/openai-wire';
export { blackForestLabs } from './hosts/black-forest-labs.ts';
export { fal } from './hosts/fal.ts';
export { ideogram } from './hosts/ideogram.ts';
export { luma } from './hosts/luma.ts';
export { recraft } from './hosts/recraft.ts';
export { runwayml } from './hosts/runwayml.ts';
export { stability } from './hosts/stability.ts';
export { provider } from './provider-package.ts';
