export { cloudflare, type CloudflareOptions } from './cloudflare.ts';
export { provider } from './provider-package.ts';
