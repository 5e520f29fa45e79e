import { defineGuardrail, type Guardrail, type GuardrailText } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { guardrailContract, type GuardrailUnderTest } from './guardrail-contract.ts';

const right = (check: Guardrail['check']): GuardrailUnderTest => ({ guardrail: defineGuardrail({ name: 'g', check }), allowed: ['Good day'], found: ['bad'] });

const places = ({ text, from }: GuardrailText) =>
  [...text.matchAll(/\bbad\b/g)].map(({ index }) => ({ start: index, end: index + 3 })).filter(({ end }) => end > from);

describe('a guardrail keeps the contract', () => {
  const cases = guardrailContract(() =>
    right(async (piece) => {
      const found = places(piece);
      return found.length === 0 ? { action: 'allow' } : { action: 'redact', edits: found.map((place) => ({ ...place, replacement: '#' })) };
    }),
  );
  for (const { name, run } of cases) test(name, run);
});

describe('the contract refuses', () => {
  const wrong: Readonly<Record<string, Guardrail['check']>> = {
    'one that allows all': () => ({ action: 'allow' }),
    'one that blocks all': () => ({ action: 'block', reason: 'no' }),
    'one that reports what was judged before': ({ text }) => {
      const [place] = places({ text, from: 0 } as GuardrailText);
      return place ? { action: 'block', reason: 'bad', span: place } : { action: 'allow' };
    },
    'one that points elsewhere': (piece) => (places(piece).length > 0 ? { action: 'block', reason: 'bad', span: { start: 0, end: 1 } } : { action: 'allow' }),
    'one that stumbles over half a character': (piece) => {
      encodeURIComponent(piece.text);
      const [place] = places(piece);
      return place ? { action: 'block', reason: 'bad', span: place } : { action: 'allow' };
    },
    'one that remembers the text before': (() => {
      let last = 0;
      const pattern = /\bbad\b/g;
      return ({ text }) => {
        pattern.lastIndex = last;
        const match = pattern.exec(text);
        last = pattern.lastIndex;
        return match ? { action: 'block', reason: 'bad', span: { start: match.index, end: match.index + 3 } } : { action: 'allow' };
      };
    })(),
  };

  test.each(Object.entries(wrong))('%s', async (_name, check) => {
    const results = await Promise.allSettled(guardrailContract(() => right(check)).map(({ run }) => run()));
    expect(results.some(({ status }) => status === 'rejected')).toBe(true);
  });
});
