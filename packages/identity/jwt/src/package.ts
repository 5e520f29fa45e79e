import type { IdentityPackage } from '@sluice/core';
import { jwt } from './jwt.ts';
import type { JwtOptions } from './options.ts';

/** For configuration files. */
export const identity: IdentityPackage = { create: (options) => jwt(options as JwtOptions) };
