import type { Allowance, BudgetWindow, Principal } from '@sluice/core';
import type { SimulatedCounter } from './reference-counters.ts';
import { TOKEN_NANO_USD } from './paid-model.ts';

/** What a call may be refused for, as a naive reader of the options would write it down. */
export type Control = {
  readonly kind: 'budget' | 'requests' | 'tokens' | 'parallel';
  /** Its counter at a moment; the name is the store's, but for those that change with the period. */
  counterAt(now: number): SimulatedCounter;
  readonly isShadow: boolean;
};

export type Caller = { readonly principal: Principal; readonly controls: readonly Control[] };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const ZONE = 'Europe/Berlin';
const dateOf = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' });

export const GATEWAY: Allowance = { limits: { parallelCalls: 8 }, budgetNanoUsd: 600 * TOKEN_NANO_USD };
const TEAM: Allowance = { limits: { parallelCalls: 3, requestsPerMinute: 9 }, budgetNanoUsd: 150 * TOKEN_NANO_USD };
const DAILY: BudgetWindow = { length: '1d', timeZone: ZONE };

/** One with each kind of control, one whose controls are only watched, and two of one team. */
export const CALLERS: readonly Caller[] = [
  caller('frugal', { limits: { parallelCalls: 2 }, budgetNanoUsd: 80 * TOKEN_NANO_USD }),
  caller('daily', { limits: { requestsPerMinute: 6 }, budgetNanoUsd: 30 * TOKEN_NANO_USD, budgetWindow: DAILY }),
  caller('rolling', {
    limits: { tokensPerMinute: 90 },
    budgetNanoUsd: 25 * TOKEN_NANO_USD,
    budgetWindow: { length: '2h', alignment: 'rolling' },
  }),
  caller('watched', { limits: { requestsPerMinute: 1, tokensPerMinute: 1, parallelCalls: 1 }, budgetNanoUsd: 1, isShadow: true }),
  caller('member', {}, TEAM),
  caller('colleague', { limits: { parallelCalls: 2 } }, TEAM),
];

function caller(keyId: string, own: Allowance, team?: Allowance): Caller {
  const accounts = team && [{ kind: 'team' as const, id: 'team', ...team }];
  return {
    principal: { keyId, ...own, ...(accounts && { accounts }) },
    controls: [...controlsOf(`key:${keyId}`, own), ...(team ? controlsOf('team:team', team) : []), ...controlsOf('gateway:', GATEWAY)],
  };
}

function controlsOf(whose: string, { limits = {}, budgetNanoUsd, budgetWindow, isShadow = false }: Allowance): Control[] {
  const { requestsPerMinute, tokensPerMinute, parallelCalls } = limits;
  const found: Control[] = [];
  const always = (kind: Control['kind'], limit: number, windowMs?: number): void => {
    const counter = { key: `${kind}:${whose}`, limit, ...(windowMs !== undefined && { windowMs }) };
    found.push({ kind, isShadow, counterAt: () => counter });
  };
  if (requestsPerMinute !== undefined) always('requests', requestsPerMinute, MINUTE_MS);
  if (tokensPerMinute !== undefined) always('tokens', tokensPerMinute, MINUTE_MS);
  if (parallelCalls !== undefined) always('parallel', parallelCalls);
  if (budgetNanoUsd === undefined) return found;
  if (budgetWindow === undefined) always('budget', budgetNanoUsd);
  else if (budgetWindow.alignment === 'rolling') always('budget', budgetNanoUsd, 2 * HOUR_MS);
  else found.push({ kind: 'budget', isShadow, counterAt: (now) => ({ key: `budget:${whose} on ${dateOf.format(now)}`, limit: budgetNanoUsd }) });
  return found;
}
