export { type Environment, installedProviders } from './discover-providers.ts';
export { type HostOptions, hostOptions } from './host-options.ts';
export { findHostPackage, type HostPackage, readHostPackage } from './host-package.ts';
export { newMasterKey } from './master-key.ts';
export { serve, type ServeOptions } from './serve.ts';
