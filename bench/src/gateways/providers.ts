import { defineProvider, type Provider } from '@sluice/core';
import { openaiCompatible } from '@sluice/provider-openai';

export const PROVIDER = 'upstream';

/** The mock as any host that speaks OpenAI's API: bytes pass through where they may. */
export function plainProvider(baseUrl: string): Provider {
  return openaiCompatible({ name: PROVIDER, baseUrl, apiKey: 'sk-upstream-0123456789abcdef' });
}

/** Stands for a host that speaks another dialect: every event is parsed, made anew and written again. */
export function translatingProvider(baseUrl: string): Provider {
  const plain = plainProvider(baseUrl);
  const { chat } = plain.operations;
  if (!chat) throw new Error('The provider has no chat');
  return defineProvider({ ...plain, operations: { chat: { ...chat, toChunks: () => (event) => [{ ...JSON.parse(event.data) }] } } });
}
