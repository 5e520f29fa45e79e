import type { Provider } from '@sluice/core';
import { presetProvider, type PresetOptions } from './preset-provider.ts';

export type OpenAIOptions = PresetOptions & {
  readonly organization?: string;
  readonly project?: string;
};

/**
 * OpenAI itself, every operation. Without options it takes `OPENAI_API_KEY` from the environment.
 *
 * @example openai({ apiKey: process.env.MY_OPENAI_KEY })
 */
export function openai({ organization, project, headers, ...options }: OpenAIOptions = {}): Provider {
  return presetProvider('openai', {
    ...options,
    headers: { ...(organization && { 'openai-organization': organization }), ...(project && { 'openai-project': project }), ...headers },
  });
}
