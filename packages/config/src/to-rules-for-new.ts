import type { GatewayOptions } from '@sluice/core';
import type { ConfigFile } from './schema/config-file.ts';

/** What is said beforehand of keys, users and teams that are made while the gateway runs. */
export function toRulesForNew({ litellm_settings: settings = {} }: ConfigFile): Pick<GatewayOptions, 'management'> {
  const {
    default_key_generate_params: key,
    default_internal_user_params: user,
    default_team_params: team,
    upperbound_key_generate_params: mostOfKey,
    max_keys_per_user: keysPerUser,
  } = settings;
  const defaults = { ...(key && { key }), ...(user && { user }), ...(team && { team }) };
  const management = {
    ...(Object.keys(defaults).length > 0 && { defaults }),
    ...(mostOfKey && { mostOfKey }),
    ...(keysPerUser === undefined ? {} : { keysPerUser }),
  };
  return Object.keys(management).length === 0 ? {} : { management };
}
