export { jwt } from './jwt.ts';
export type { JwtAlgorithm, JwtOptions } from './options.ts';
export { identity } from './package.ts';
