import type { GatewayOptions } from '@sluice/core';
import type { ConfigFile } from './schema/config-file.ts';
import { toMs } from './to-ms.ts';

const INTERVAL_SECONDS = 300;

/** How it is found out whether deployments are well. */
export function toHealth({ general_settings: settings = {} }: ConfigFile): Pick<GatewayOptions, 'health'> {
  const {
    background_health_checks: isOn,
    health_check_interval: interval = INTERVAL_SECONDS,
    health_check_timeout: timeout,
    billed_health_checks: isBilled,
  } = settings;
  const health = {
    ...(isOn && { everyMs: toMs(interval) }),
    ...(timeout === undefined ? {} : { timeoutMs: toMs(timeout) }),
    ...(isBilled && { isBilled }),
  };
  return Object.keys(health).length === 0 ? {} : { health };
}
