import type { StoredObject } from '@sluice/core';
import type { Environment } from './from-environment.ts';
import { KEY_TABLE } from './key-table.ts';
import type { Said } from './said.ts';
import { writtenOver } from './written-over.ts';

const SETTINGS = ['router_settings', 'litellm_settings', 'general_settings'];

/** What the environment says where a file does not. */
const VARIABLES: readonly (readonly [string, readonly string[]])[] = [
  ['general_settings.master_key', ['SLUICE_MASTER_KEY', 'LITELLM_MASTER_KEY']],
  ['general_settings.salt_key', ['SLUICE_SALT_KEY', 'LITELLM_SALT_KEY']],
  ['general_settings.former_salt_keys', ['SLUICE_FORMER_SALT_KEYS']],
  ['general_settings.database_url', ['DATABASE_URL']],
];

/** Each value that is in force and where it comes from, a line each: the file, what the API has `written` over it, the environment, or what holds without all of them. */
export function origins(said: readonly Said[], env: Environment, written: readonly StoredObject[] = []): string[] {
  const { lines, gone } = writtenOver(said, written);
  const paths = said.map(({ path }) => path);
  const isSaid = (path: string): boolean => paths.some((one) => one === path || one.startsWith(`${path}.`) || one.startsWith(`${path}[`));
  const fromEnvironment = VARIABLES.flatMap(([path, names]) => {
    const name = isSaid(path) ? undefined : names.find((variable) => env[variable]);
    return name === undefined ? [] : [{ path, name }];
  });
  const rest = KEY_TABLE.filter(({ section, key, state }) => state === 'supported' && SETTINGS.includes(section) && !isSaid(`${section}.${key}`));
  return [
    ...said.filter((one) => !gone.has(one)).map(({ path, shown, origin }) => `${path} = ${shown}  (${origin})`),
    ...lines,
    ...fromEnvironment.map(({ path, name }) => `${path} = from ${name}  (environment)`),
    ...rest.flatMap(({ section, key, meaning }) => {
      const path = `${section}.${key}`;
      const usual = /Default:? (.+?)(?:\. |$)/.exec(meaning)?.[1];
      return usual === undefined || fromEnvironment.some((one) => one.path === path) ? [] : [`${path} = ${usual}  (default)`];
    }),
  ];
}
