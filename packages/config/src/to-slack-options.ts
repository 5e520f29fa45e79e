import type { JsonObject } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ConfigFile } from './schema/config-file.ts';
import { toMs } from './to-ms.ts';

const TYPES = ['llm_exceptions', 'llm_too_slow', 'budget_alerts', 'outage_alerts', 'cooldown_deployment'];

/** What `general_settings` says of alerts, as options of `@sluice/logger-slack`. */
export function toSlackOptions({ general_settings: general = {} }: ConfigFile, findings: Findings): JsonObject {
  const { alert_types: types, alerting_threshold: threshold, alert_to_webhook_url: urls } = general;
  types?.forEach((type, index) => {
    if (!TYPES.includes(type)) findings.notYet(['general_settings', 'alert_types', index], `the alert '${type}'`);
  });
  for (const type of Object.keys(urls ?? {}))
    if (!TYPES.includes(type)) findings.notYet(['general_settings', 'alert_to_webhook_url', type], `the alert '${type}'`);
  return {
    ...(types && { types: types.filter((type) => TYPES.includes(type)) }),
    ...(threshold === undefined ? {} : { slowAfterMs: toMs(threshold) }),
    ...(urls && { webhookUrls: Object.fromEntries(Object.entries(urls).filter(([type]) => TYPES.includes(type))) }),
  };
}
