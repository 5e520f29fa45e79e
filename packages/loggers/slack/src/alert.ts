import { type BudgetAlert, type CallRecord, formatUsd, type Outage, type TryFailure } from '@sluice/core';

/** What is told of, by LiteLLM's names. */
export const ALERT_TYPES = ['llm_exceptions', 'llm_too_slow', 'budget_alerts', 'outage_alerts', 'cooldown_deployment'] as const;

export type AlertType = (typeof ALERT_TYPES)[number];

/** Something to tell. Those with one key are told as one, with how often it happened. */
export type Alert = { readonly type: AlertType; readonly key: string; readonly text: string };

const INNOCENT: ReadonlySet<string> = new Set(['aborted', 'shutting_down']);

export function ofRecord(record: CallRecord, slowAfterMs: number): Alert[] {
  const { status, code = 'error', group = 'an unknown model', provider, durationMs } = record;
  const where = provider === undefined ? `\`${group}\`` : `\`${group}\` at ${provider}`;
  const alerts: Alert[] = [];
  if (status === 'error' && !INNOCENT.has(code)) alerts.push({ type: 'llm_exceptions', key: `${group} ${code}`, text: `:x: Calls of ${where} fail: ${code}` });
  if (status !== 'refused' && durationMs >= slowAfterMs)
    alerts.push({ type: 'llm_too_slow', key: group, text: `:turtle: A call of ${where} took ${Math.round(durationMs / 1000)} s` });
  return alerts;
}

export function ofBudget({ kind, owner, share = 0, spentNanoUsd, budgetNanoUsd }: BudgetAlert): Alert {
  const whose = owner.id === '' ? `the ${owner.kind}` : `${owner.kind} \`${owner.id}\``;
  const what = {
    threshold: `${Math.round(share * 100)} % of the budget of ${whose} is`,
    soft_budget: `The soft budget of ${whose} is`,
    exceeded: `The budget of ${whose} is`,
  };
  const text = `:money_with_wings: ${what[kind]} used up: $${formatUsd(spentNanoUsd)} of $${formatUsd(budgetNanoUsd)}`;
  return { type: 'budget_alerts', key: `${kind} ${share} ${owner.kind} ${owner.id}`, text };
}

export function ofOutage({ kind, name, status, lastedMs = 0, deployments }: Outage): Alert {
  const reasons = Object.entries(deployments).map(([id, reason]) => `${id}: ${reason}`);
  const text =
    status === 'down'
      ? `:rotating_light: Every deployment of the ${kind} \`${name}\` fails (${reasons.join(', ')})`
      : `:white_check_mark: The ${kind} \`${name}\` answers again, after ${Math.round(lastedMs / 1000)} s`;
  return { type: 'outage_alerts', key: `${kind} ${name} ${status}`, text };
}

export function ofRest({ deployment: { id, provider }, code, restsMs }: TryFailure): Alert | undefined {
  if (restsMs === undefined) return undefined;
  const text = `:snowflake: The deployment \`${id}\` of ${provider} is passed over for ${Math.max(1, Math.round(restsMs / 1000))} s: ${code}`;
  return { type: 'cooldown_deployment', key: `${id} ${code}`, text };
}
