export { codestral, mistral, type MistralOptions } from './mistral.ts';
export { provider } from './provider-package.ts';
