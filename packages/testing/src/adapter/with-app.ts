import { type Context, defineHook, type Hook, type Outcome } from '@sluice/core';
import { type AdapterUnderTest, type AppSetup, scriptedOptions, type StartedApp } from './adapter-under-test.ts';
import { ask, type CallerRequest } from './caller.ts';
import { type Script, type ScriptedUpstream, scriptedUpstream } from './scripted-upstream.ts';
import { within } from './within.ts';

/** A rule that stands outside the product of dimensions. */
export type GuestCase = {
  readonly name: string;
  /** Whether this adapter is one the rule is about. Default: it is. */
  concerns?(adapter: AdapterUnderTest): boolean;
  run(adapter: AdapterUnderTest): Promise<void>;
};

export type Scene = {
  readonly app: StartedApp;
  readonly upstream: ScriptedUpstream;
  /** A path under the mount, as a URL. */
  url(path: string): string;
  ask(path: string, request?: CallerRequest): ReturnType<typeof ask>;
};

/** Plays a scene with an app mounted at `/ai` and an upstream of its own. */
export async function withApp(
  adapter: AdapterUnderTest,
  { masterKey, ...setup }: Partial<AppSetup> & { readonly masterKey?: string },
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const upstream = await scriptedUpstream();
  const app = await adapter.start({ mount: '/ai', ...setup, options: { ...scriptedOptions(upstream.origin, masterKey), ...setup.options } });
  const url = (path: string): string => `${app.origin}/ai${path}`;
  try {
    await within(play({ app, upstream, url, ask: (path, request = {}) => ask(url(path), request) }), 'the scene');
  } finally {
    await app.close();
    await upstream.close();
  }
}

/** A hook that looks at each call as it arrives, and at how it ends. */
export function watching(watch: (ctx: Context) => void, ended: (outcome: Outcome) => void = () => undefined): Hook {
  return defineHook({
    name: 'watching',
    phase: 'logger',
    handle(ctx, next) {
      watch(ctx);
      ctx.defer(ended);
      return next();
    },
  });
}

export const CHAT = '/v1/chat/completions';
export const SPEECH = '/v1/audio/speech';

export type JsonRequest = { readonly headers: Record<string, string>; readonly body: string };

export function chat(script: Script, fields: object = {}): JsonRequest {
  return json({ model: script, messages: [{ role: 'user', content: 'hello' }], stream: script.startsWith('sse'), ...fields });
}

export function speech(script: Script): JsonRequest {
  return json({ model: script, input: 'hello', voice: 'a' });
}

export function json(value: object): JsonRequest {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The error of an answer in OpenAI's shape. */
export function errorOf(text: string): { readonly message: string; readonly code: string; readonly type: string } {
  return (JSON.parse(text) as { error: { message: string; code: string; type: string } }).error;
}
