import type { FailureClass, GatewayOptions } from '@sluice/core';
import type { ConfigFile } from './schema/config-file.ts';
import { FAILURE_CLASSES, FAILURE_NAMES } from './schema/failure-policies.ts';
import type { RouterSettings } from './schema/settings.ts';
import { toMs } from './to-ms.ts';

type Router = NonNullable<GatewayOptions['router']>;

/** How often to try again, what becomes of deployments that fail, and how far a call goes on. */
export function toFailing({ router_settings: settings = {}, litellm_settings = {}, general_settings = {} }: ConfigFile): Router {
  const policy = settings.retry_policy ?? {};
  const retries = policy.max_retries ?? settings.num_retries ?? litellm_settings.num_retries ?? general_settings.num_retries;
  const backoff = policy.base_delay ?? settings.retry_after;
  const allowedFails = settings.allowed_fails ?? litellm_settings.allowed_fails ?? general_settings.allowed_fails;
  const { max_fallbacks: maxFallbacks, cooldown_time: cooldown, disable_cooldowns: isOff } = settings;
  const retriesFor = byClass(policy, 'Retries');
  const allowedFailsFor = byClass(settings.allowed_fails_policy, 'AllowedFails');
  return {
    ...(retries === undefined ? {} : { retries }),
    ...(retriesFor && { retriesFor }),
    ...(backoff === undefined ? {} : { backoffMs: toMs(backoff) }),
    ...(policy.max_delay === undefined ? {} : { maxBackoffMs: toMs(policy.max_delay) }),
    ...(maxFallbacks === undefined ? {} : { maxFallbacks }),
    ...(allowedFails === undefined ? {} : { allowedFails }),
    ...(allowedFailsFor && { allowedFailsFor }),
    ...(isOff ? { cooldownMs: 0 } : cooldown === undefined ? {} : { cooldownMs: toMs(cooldown) }),
  };
}

/** Tries of single models. */
export function retriesOf({ model_group_retry_policy: policies }: RouterSettings, group: string): ReturnType<typeof byClass> {
  return byClass(policies?.[group], 'Retries');
}

function byClass(policy: Readonly<Record<string, unknown>> | undefined, suffix: string): Partial<Record<FailureClass, number>> | undefined {
  const given = FAILURE_NAMES.flatMap((name) => {
    const value = policy?.[`${name}${suffix}`];
    return typeof value === 'number' ? [[FAILURE_CLASSES[name], value] as const] : [];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
