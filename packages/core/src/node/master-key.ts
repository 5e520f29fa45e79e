import { randomBytes } from 'node:crypto';
import type { ConfigurationProblem } from '../errors/configuration-error.ts';
import type { GatewayOptions } from '../gateway/options.ts';
import { weaknessOf } from '../keys/weak-key.ts';
import { secret } from '../models/secret.ts';
import type { Secret } from '../types/model.ts';
import type { Environment } from './discover-providers.ts';

const VARIABLES = ['SLUICE_MASTER_KEY', 'LITELLM_MASTER_KEY'] as const;

/** Says once, in words, that a key was made. */
export function newKeyNotice(key: string): string {
  return `Sluice made a master key for this run; set ${VARIABLES[0]} to choose your own:\n  ${key}`;
}

/** A master key that nobody can guess: `sk-` and 32 random bytes. */
export function newMasterKey(): string {
  return `sk-${randomBytes(32).toString('base64url')}`;
}

export type KeyNotices = {
  /** Shows a line to whoever starts the host. */
  readonly print: (line: string) => void;
  /** Hears of a key that was made, once. */
  readonly onNewKey: (key: string) => void;
};

/**
 * The master key from the options, else from the environment. When nothing says who may call, one is made and
 * shown once; in production that is refused, and so is a key that can be guessed.
 */
export function masterKeyFor<Host>(
  options: GatewayOptions<Host>,
  env: Environment,
  { print, onNewKey }: KeyNotices,
  problems: ConfigurationProblem[],
): string | Secret | undefined {
  const place = options.masterKey === undefined ? VARIABLES.find((name) => env[name] !== undefined) : 'masterKey';
  const masterKey = options.masterKey ?? (place && env[place]);
  const isProduction = env.NODE_ENV === 'production';
  if (place !== undefined && masterKey !== undefined) {
    const weakness = weaknessOf(typeof masterKey === 'string' ? masterKey : masterKey.reveal());
    if (weakness === 'is empty' || (weakness && isProduction))
      problems.push({ place, message: `the master key ${weakness}; whoever has it administers the gateway` });
    else if (weakness) print(`Sluice: the master key in ${place} ${weakness}; in production it will be refused.`);
    return masterKey;
  }
  if (
    options.keys?.length ||
    options.declared?.some(({ kind }) => kind === 'key') ||
    options.identities?.length ||
    options.identify !== undefined ||
    options.auth === false
  )
    return undefined;
  if (isProduction) {
    problems.push({
      place: 'masterKey',
      message: `nothing says who may call. Give \`masterKey\` (or set ${VARIABLES[0]}), \`keys\`, \`identities\` or \`identify\`; \`auth: false\` lets everybody in.`,
    });
    return undefined;
  }
  const generated = newMasterKey();
  onNewKey(generated);
  return secret(generated);
}
