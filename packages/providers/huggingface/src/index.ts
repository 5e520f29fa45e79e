export { huggingface, type HuggingFaceOptions } from './huggingface.ts';
export { provider } from './provider-package.ts';
