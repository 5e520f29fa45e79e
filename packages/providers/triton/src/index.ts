export { provider } from './provider-package.ts';
export { triton, type TritonOptions } from './triton.ts';
