import { describe, expect, test } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import { fromHostError } from './host-error.ts';

describe('errors of the host', () => {
  test('a body over the limit of a parser says which limit, and what to do', () => {
    const refusal = fromHostError(Object.assign(new Error('request entity too large'), { type: 'entity.too.large', status: 413, limit: 102_400 }));
    expect(refusal).toMatchObject({ code: 'body_too_large', status: 413 });
    expect(refusal?.message).toMatch(/at most 102400 bytes\. Mount the gateway above the parser/);
  });

  test.each([
    [{ type: 'entity.parse.failed', message: 'Unexpected end' }, 'invalid_json'],
    [Object.assign(new SyntaxError('Unexpected end'), { status: 400 }), 'invalid_json'],
    [{ type: 'encoding.unsupported', message: 'zstd' }, 'unsupported_media_type'],
    [{ type: 'request.aborted' }, 'aborted'],
    [new GatewayError('rate_limited', 'Slow down'), 'rate_limited'],
  ])('%o is %s', (error, code) => expect(fromHostError(error)?.code).toBe(code));

  test.each([new Error('database'), new SyntaxError('eval'), undefined, 'text', { status: 400 }])("%o is the host's own", (error) =>
    expect(fromHostError(error)).toBeUndefined(),
  );
});
