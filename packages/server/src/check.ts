import { resolve } from 'node:path';
import { createGateway } from '@sluice/core';
import { explain, origins } from '@sluice/config';
import type { Environment } from '@sluice/core/node';
import { loadOptions } from './load-options.ts';

export type CheckRequest = {
  readonly file: string;
  readonly cwd: string;
  readonly env: Environment;
  readonly ignoreUnsupported: boolean;
  readonly explain: boolean;
};

/**
 * What a configuration does, in words. Assembles the gateway as a start would, and calls nobody.
 * @throws ConfigurationError naming every mistake.
 */
export async function check({ file, cwd, env, ignoreUnsupported, explain: isDetailed }: CheckRequest): Promise<string> {
  const { options, newKey, notes, keySources, said, look } = loadOptions({ configFile: resolve(cwd, file), cwd, env, ignoreUnsupported, stores: 'none' });
  const gateway = createGateway(options);
  await gateway.close();
  const keyless = newKey === undefined ? [] : ['No master key is set, so each start makes one; in production it is refused.'];
  const values = isDetailed ? ['', 'Values', ...(await originLines()).map((line) => `  ${line}`), ''].join('\n') : '';
  return `${file} is right.\n\n${explain({ ...options, models: gateway.models.groups }, { notes: [...notes, ...keyless], keySources })}${values}`;

  async function originLines(): Promise<readonly string[]> {
    try {
      return origins(said, env, await look());
    } catch (error) {
      return [...origins(said, env), `What the API has written is not shown: the database cannot be read (${(error as Error).message}).`];
    }
  }
}
