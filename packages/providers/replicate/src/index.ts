export { provider } from './provider-package.ts';
export { replicate, type ReplicateOptions } from './replicate.ts';
