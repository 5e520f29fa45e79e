export { sampleNameIdentity, type SampleNameIdentityOptions } from './identity.ts';
export { identity } from './package.ts';
