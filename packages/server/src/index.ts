export { banner, type BannerOptions } from './banner.ts';
export { type Running, start, type StartRequest } from './start.ts';
