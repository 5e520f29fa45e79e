export { openai, type OpenAIOptions } from './openai.ts';
export { openaiCompatible, type OpenAICompatibleOptions } from './openai-compatible.ts';
export type { ModelOperation } from './host.ts';
export type { QuirkName } from './quirks/quirks.ts';
