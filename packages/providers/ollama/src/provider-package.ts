import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { BASE_URL_VARIABLES, ollama } from './ollama.ts';

/** Configurations have two names for it, from the time when one of them meant another way to ask. */
const NAMES = ['ollama', 'ollama_chat'];

/** For discovery in a host's dependencies, and for configuration files. A server of one's own is enabled by its address. */
export const provider: ProviderPackage = {
  providers: NAMES.map((name) => ollama({ name })),
  discover(env) {
    const baseUrl = firstSet(env, BASE_URL_VARIABLES);
    if (baseUrl === undefined) return [];
    const key = env.OLLAMA_API_KEY;
    return NAMES.map((name) => ({ provider: ollama({ name, env }), deployment: { baseUrl, ...(key && { apiKey: secret(key) }) } }));
  },
};
