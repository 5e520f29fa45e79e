import { expect, it } from 'vitest';
import { optionProblems } from './option-problems.ts';
import { OPTION } from './require-options.ts';

const CHECKS = {
  url: { ...OPTION.url, isRequired: true },
  key: { ...OPTION.text, isRequired: 'ask who runs the service' },
  claims: { ...OPTION.fields, fields: { user: OPTION.text } },
} as const;

it('every mistake in options is told with its place, at any depth, and a suggestion', () => {
  expect(optionProblems({ url: 'https://x.example', key: 'k', claims: { user: 'sub' } }, CHECKS)).toEqual([]);
  expect(optionProblems({ claims: { usr: 'sub', user: 5 }, kex: 1, toString: 1 }, CHECKS)).toEqual([
    { place: 'url', message: 'It is missing, and has to be an http(s) address.' },
    { place: 'key', message: 'It is missing: ask who runs the service.' },
    { place: 'claims.usr', message: "'usr' is not an option.", suggestion: "Did you mean 'user'?" },
    { place: 'claims.user', message: 'It has to be a text.' },
    { place: 'kex', message: "'kex' is not an option.", suggestion: "Did you mean 'key'?" },
    { place: 'toString', message: "'toString' is not an option." },
  ]);
});
