export type { Environment } from './discover-providers.ts';
export { type HostOptions, hostOptions } from './host-options.ts';
export { newMasterKey } from './master-key.ts';
export { serve, type ServeOptions } from './serve.ts';
