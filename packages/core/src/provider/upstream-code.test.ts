import { expect, it } from 'vitest';
import { upstreamCode } from './upstream-code.ts';

it.each([
  [400, 'upstream_bad_request'],
  [401, 'upstream_authentication'],
  [402, 'upstream_permission'],
  [403, 'upstream_permission'],
  [404, 'upstream_not_found'],
  [408, 'upstream_timeout'],
  [422, 'upstream_bad_request'],
  [429, 'upstream_rate_limited'],
  [500, 'upstream_error'],
  [503, 'upstream_overloaded'],
  [504, 'upstream_timeout'],
  [529, 'upstream_overloaded'],
  [302, 'upstream_error'],
])('%i means %s', (status, code) => expect(upstreamCode(status)).toBe(code));
