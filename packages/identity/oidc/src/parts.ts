import type { IdentityAnswer } from '@sluice/core';
import type { Configuration } from 'openid-client';
import type { Seal } from './seal.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

/** What the pages share. */
export type Parts = {
  readonly settings: Settings;
  readonly issuer: () => Promise<Configuration>;
  readonly seal: Seal;
  readonly sessions: Sessions;
};

export function redirect(location: string, cookie: string): IdentityAnswer {
  return { status: 303, headers: { location, 'set-cookie': cookie }, body: '' };
}
