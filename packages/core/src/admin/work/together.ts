import { GatewayError } from '../../errors/gateway-error.ts';

/** Makes all of these checks, and tells all that they refuse at once, a line each: as the first, which its `param` names. */
export function together(...checks: readonly (() => unknown)[]): void {
  const refusals: GatewayError[] = [];
  for (const check of checks) {
    try {
      check();
    } catch (error) {
      if (!GatewayError.is(error)) throw error;
      refusals.push(error);
    }
  }
  const [first, ...others] = refusals;
  if (!first || others.length === 0) {
    if (first) throw first;
    return;
  }
  const message = [...new Set(refusals.map((refusal) => refusal.message))].join('\n');
  throw new GatewayError(first.code, message, first.param === undefined ? {} : { param: first.param });
}
