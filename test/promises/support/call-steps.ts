import fc from 'fast-check';

/** What is done next in a history of calls. `who` and `which` are read as remainders of what there is. */
export type CallStep =
  | { readonly does: 'call'; readonly who: number; readonly tokens: number }
  | { readonly does: 'answer'; readonly which: number; readonly share: number }
  | { readonly does: 'fail' | 'leave'; readonly which: number }
  | { readonly does: 'pass'; readonly ms: number };

const call = fc.record({ does: fc.constant('call' as const), who: fc.nat(99), tokens: fc.integer({ min: 1, max: 12 }) });
const answer = fc.record({ does: fc.constant('answer' as const), which: fc.nat(999), share: fc.constantFrom(0, 0.3, 1, 1) });
const end = fc.record({ does: fc.constantFrom('fail' as const, 'leave' as const), which: fc.nat(999) });
const ms = fc.oneof(fc.nat(2_000), fc.constantFrom(30_000, 60_000, 61_000), fc.nat(3_600_000), fc.nat(90_000_000));
const pass = fc.record({ does: fc.constant('pass' as const), ms });

/** Histories of so many steps. */
export function callSteps(length: number): fc.Arbitrary<CallStep[]> {
  const step = fc.oneof({ weight: 10, arbitrary: call }, { weight: 6, arbitrary: answer }, { weight: 2, arbitrary: end }, { weight: 3, arbitrary: pass });
  return fc.array(step, { minLength: length, maxLength: length, size: 'max' });
}
