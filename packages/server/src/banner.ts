import type { ModelGroup } from '@sluice/core';

export type BannerOptions = {
  readonly url: string;
  /** Shown in full: only for a key that was made for this run. */
  readonly newKey?: string | undefined;
  /** The environment variable that holds the key, when it is the administrator's own. */
  readonly keyVariable?: string | undefined;
  /** Whether calls need no key. */
  readonly isOpen?: boolean;
  readonly models: readonly Pick<ModelGroup, 'name'>[];
};

const SHOWN_MODELS = 8;

/** What whoever starts the server needs to call it, in lines that work as they are printed. */
export function banner({ url, newKey, keyVariable, isOpen = false, models }: BannerOptions): string {
  const names = models.map(({ name }) => name);
  const authorization = isOpen ? '' : ` -H "Authorization: Bearer ${newKey ?? `$${keyVariable ?? 'SLUICE_MASTER_KEY'}`}"`;
  const model = names.find((name) => !name.includes('*')) ?? names[0]?.replace('*', 'MODEL') ?? 'MODEL';
  const ask = (more: object): string => JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }], ...more });
  const post = `${url}/v1/chat/completions${authorization} -H "Content-Type: application/json"`;
  return [
    `Sluice listens on ${url}`,
    '',
    ...(newKey === undefined ? [] : [`  master key  ${newKey}`, '              made for this run and shown once; set SLUICE_MASTER_KEY to choose your own']),
    `  models      ${[...names.slice(0, SHOWN_MODELS), ...(names.length > SHOWN_MODELS ? [`and ${names.length - SHOWN_MODELS} more`] : [])].join(', ')}`,
    '',
    ...(isOpen || newKey || keyVariable ? [] : ['With your key in SLUICE_MASTER_KEY:', '']),
    `curl ${url}/v1/models${authorization}`,
    `curl ${post} -d '${ask({})}'`,
    `curl -N ${post} -d '${ask({ stream: true })}'`,
    '',
  ].join('\n');
}
