export { CLOSED_HOSTS } from './closed-hosts.ts';
export { openai, type OpenAIOptions } from './openai.ts';
export { openaiCompatible, type OpenAICompatibleOptions } from './openai-compatible.ts';
export { presetProvider, type PresetOptions } from './preset-provider.ts';
export { type Preset, PRESETS } from './presets.ts';
export { provider } from './provider-package.ts';
export type { Environment, ModelOperation, QuirkName } from '@sluice/openai-wire';
