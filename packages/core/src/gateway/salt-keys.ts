import { revealed } from '../models/secret.ts';
import type { GatewayOptions } from './options.ts';

/** What hashes, seals and ids are made with, and after it what they were made with before. None where there is no key at all. */
export function saltKeysOf({ saltKey, masterKey, formerSaltKeys = [] }: Pick<GatewayOptions, 'saltKey' | 'masterKey' | 'formerSaltKeys'>): readonly string[] {
  const current = revealed(saltKey) ?? revealed(masterKey);
  return current === undefined ? [] : [current, ...formerSaltKeys.map(revealed).filter((one) => one !== undefined)];
}
