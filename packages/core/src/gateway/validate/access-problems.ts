import type { ConfigurationProblem } from '../../errors/configuration-error.ts';
import { RESERVED_KEY_IDS, reveal } from '../../keys/key-ring.ts';
import type { VirtualKey } from '../../keys/virtual-key.ts';
import { weaknessOf } from '../../keys/weak-key.ts';
import { isKey } from '../open-directory.ts';
import type { GatewayOptions } from '../options.ts';
import { allowanceProblems, budgetProblems, knownAllowance, priorityProblems, shareProblems } from './allowance-problems.ts';
import { flagProblems, numberProblems, repetitions, wordProblems } from './value-problems.ts';

/** What is wrong with who may call, how often, and for how much. */
export function accessProblems(options: GatewayOptions): ConfigurationProblem[] {
  const { masterKey, keys = [], declared = [], auth, allowance = {}, limits = {}, budget = {}, onStoreError } = options;
  return [
    ...masterKeyProblems(masterKey),
    ...keys.flatMap((key, index) => keyProblems(key, `keys[${index}]`)),
    ...declared.flatMap((object, index) => (isKey(object) ? nameProblems(object, `declared[${index}]`) : [])),
    ...repetitions(
      [
        ...keys.map(({ id }, index) => [`keys[${index}].id`, `key ${id}`] as const),
        ...declared.map(({ kind, id }, index) => [`declared[${index}].id`, `${kind} ${id}`] as const),
      ],
      'the id',
    ),
    ...repetitions(
      [
        ...(masterKey === undefined ? [] : [['masterKey', reveal(masterKey)] as const]),
        ...keys.map(({ key }, index) => [`keys[${index}].key`, reveal(key)] as const),
        ...declared.flatMap((object, index) => (isKey(object) ? [[`declared[${index}].key`, reveal(object.key)] as const] : [])),
      ],
      'the key',
    ),
    ...(auth === undefined || auth === false ? [] : [{ place: 'auth', message: `can only be false; leave it out to ask for keys` }]),
    ...(['perKey', 'perUser', 'perTeam', 'perEndUser', 'gateway'] as const).flatMap((whose) => knownAllowance(`allowance.${whose}`, allowance[whose])),
    ...Object.entries(allowance.users ?? {}).flatMap(([id, ofUser]) => knownAllowance(`allowance.users.${id}`, ofUser)),
    ...(allowance.perEndUser?.budgetNanoUsd !== undefined && allowance.perEndUser.budgetWindow === undefined
      ? [{ place: 'allowance.perEndUser.budgetWindow', message: 'is missing: callers may name any number of end users, and each would be counted for ever' }]
      : []),
    ...priorityProblems('limits.priority', limits.priority),
    ...numberProblems('limits', { assumedOutputTokens: limits.assumedOutputTokens }, { atLeast: 0 }),
    ...numberProblems('budget', { assumedOutputTokens: budget.assumedOutputTokens }, { atLeast: 0 }),
    ...wordProblems('budget.unpriced', budget.unpriced, ['refuse', 'allow']),
    ...wordProblems('onStoreError', onStoreError, ['closed', 'open']),
    ...Object.entries(budget.providers ?? {}).flatMap(([name, ofProvider]) => budgetProblems(`budget.providers.${name}`, ofProvider)),
    ...(budget.alertAt ?? []).flatMap((share, index) => shareProblems(`budget.alertAt[${index}]`, share)),
  ];
}

function masterKeyProblems(masterKey: GatewayOptions['masterKey']): ConfigurationProblem[] {
  const weakness = masterKey === undefined ? undefined : weaknessOf(reveal(masterKey));
  if (weakness === undefined || (weakness !== 'is empty' && process.env.NODE_ENV !== 'production')) return [];
  return [{ place: 'masterKey', message: `the master key ${weakness}; whoever has it administers the gateway` }];
}

function keyProblems({ id, key, expiresAt, isBlocked, models, modelAllowances = {}, ...allowance }: VirtualKey, place: string): ConfigurationProblem[] {
  const problems = allowanceProblems(place, allowance);
  for (const [model, forModel] of Object.entries(modelAllowances)) problems.push(...allowanceProblems(`${place}.modelAllowances.${model}`, forModel));
  problems.push(...nameProblems({ id, key }, place));
  if (expiresAt !== undefined && !(expiresAt instanceof Date && !Number.isNaN(expiresAt.getTime())))
    problems.push({ place: `${place}.expiresAt`, message: 'is not a date' });
  problems.push(...flagProblems(place, { isBlocked }));
  if (models !== undefined && !Array.isArray(models)) problems.push({ place: `${place}.models`, message: 'is not a list' });
  return problems;
}

function nameProblems({ id, key }: Pick<VirtualKey, 'id' | 'key'>, place: string): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (id.trim() === '') problems.push({ place: `${place}.id`, message: 'the id is empty' });
  if (Object.values<string>(RESERVED_KEY_IDS).includes(id)) problems.push({ place: `${place}.id`, message: `'${id}' is a name the gateway uses itself` });
  if (reveal(key).trim() === '') problems.push({ place: `${place}.key`, message: 'the key is empty; whoever sends none would have it' });
  return problems;
}
