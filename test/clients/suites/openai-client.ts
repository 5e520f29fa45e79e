import OpenAI from 'openai';
import type { Face } from '../faces.ts';
import { KEYS } from '../gateway-under-test.ts';

export function openaiClient({ baseURL, fetch }: Face, apiKey: string = KEYS.good): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0, ...(fetch ? { fetch } : {}) });
}
