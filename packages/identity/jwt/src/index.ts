export type { ClaimPaths } from './claims.ts';
export { jwt } from './jwt.ts';
export type { JwtAlgorithm, JwtOptions } from './options.ts';
export { identity } from './package.ts';
