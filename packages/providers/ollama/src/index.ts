export { ollama, type OllamaOptions } from './ollama.ts';
export { provider } from './provider-package.ts';
