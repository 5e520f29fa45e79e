export { oidc } from './oidc.ts';
export type { OidcOptions } from './options.ts';
export { identity } from './package.ts';
