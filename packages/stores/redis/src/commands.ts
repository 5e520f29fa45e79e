import { createHash } from 'node:crypto';

/** What the store asks of a client: node-redis has it in this form, alone, as cluster and as sentinel. */
export type RedisCommands = {
  get(key: string): Promise<unknown>;
  set(key: string, value: string, options?: { readonly PX: number }): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, options: ScriptInput): Promise<unknown>;
  evalSha(sha: string, options: ScriptInput): Promise<unknown>;
};

export type ScriptInput = { keys: string[]; arguments: string[] };

/** A script by its hash, so that its text is sent once and not at every call. */
export function script(text: string): (client: RedisCommands, input: ScriptInput) => Promise<unknown> {
  const sha = createHash('sha1').update(text).digest('hex');
  return async (client, input) => {
    try {
      return await client.evalSha(sha, input);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(text, input);
    }
  };
}
