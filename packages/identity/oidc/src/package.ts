import type { IdentityPackage } from '@sluice/core';
import { oidc } from './oidc.ts';
import type { OidcOptions } from './options.ts';

/** For configuration files. */
export const identity: IdentityPackage = { create: (options) => oidc(options as OidcOptions) };
