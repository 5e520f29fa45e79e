import fc from 'fast-check';

/** What is done next in a history of a store. `which` and `by` are read as remainders of what there is. */
export type StoreStep =
  | { readonly does: 'reserve'; readonly by: number; readonly claims: readonly StepClaim[] }
  | { readonly does: 'post'; readonly which: number; readonly share: number }
  | { readonly does: 'void' | 'end again'; readonly which: number }
  | { readonly does: 'pass'; readonly ms: number }
  | { readonly does: 'come back when told' }
  | { readonly does: 'crash'; readonly by: number };

export type StepClaim = { readonly counter: number; readonly amount: number; readonly isHeld: boolean };

const claim = fc.record({ counter: fc.nat(99), amount: fc.nat(6), isHeld: fc.boolean() });
const reserve = fc.record({ does: fc.constant('reserve' as const), by: fc.nat(9), claims: fc.array(claim, { minLength: 1, maxLength: 4 }) });
const post = fc.record({ does: fc.constant('post' as const), which: fc.nat(999), share: fc.constantFrom(0, 0, 0.3, 1) });
const end = fc.record({ does: fc.constantFrom('void' as const, 'end again' as const), which: fc.nat(999) });
const ms = fc.oneof(fc.nat(20), fc.nat(3_000), fc.constantFrom(1_000, 59_999, 60_000, 61_000), fc.nat(400_000));
const pass = fc.record({ does: fc.constant('pass' as const), ms });
const comeBack = fc.constant({ does: 'come back when told' as const });
const crash = fc.record({ does: fc.constant('crash' as const), by: fc.nat(9) });

/** Histories of so many steps. */
export function storeSteps(length: number): fc.Arbitrary<StoreStep[]> {
  const step = fc.oneof(
    { weight: 12, arbitrary: reserve },
    { weight: 7, arbitrary: post },
    { weight: 4, arbitrary: end },
    { weight: 5, arbitrary: pass },
    { weight: 2, arbitrary: comeBack },
    { weight: 1, arbitrary: crash },
  );
  return fc.array(step, { minLength: length, maxLength: length, size: 'max' });
}
