import type { Guardrail } from '@sluice/core';

const WORDS = ['forbidden', 'classified', 'internal only', 'do not share'];

export const keywords: Guardrail = {
  name: 'keywords',
  check: ({ text }) => (WORDS.some((word) => text.includes(word)) ? { action: 'block', reason: 'A keyword was found' } : { action: 'allow' }),
};
