import { expect, test } from 'vitest';
import { secret } from '../models/secret.ts';
import { redactKeys } from './redact-keys.ts';

test.each([
  ['Incorrect API key provided: abc*****wxyz.', 'Incorrect API key provided: [redacted].'],
  ['token=abc123', 'token=[redacted]'],
  ["Credential is: 'averylongword'", 'Credential is: [redacted]'],
  ['The token ya29.a0AfH-x_y is expired', 'The token [redacted] is expired'],
  ['AIzaSyA-0123456789 is not valid', '[redacted] is not valid'],
  ['too many tokens: total number of tokens cannot exceed 4081', 'too many tokens: total number of tokens cannot exceed 4081'],
  ['max tokens: 4096, not more', 'max tokens: 4096, not more'],
])('"%s" is shown as "%s"', (message, shown) => {
  expect(redactKeys(message)).toBe(shown);
});

test('the very key is hidden, whatever it looks like', () => {
  expect(redactKeys('no: plainword', secret('plainword'))).toBe('no: [redacted]');
});
