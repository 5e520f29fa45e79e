import { afterEach } from 'vitest';
import { type Site, site } from './site.test.support.ts';

/** Opens sites that are closed after each test. */
export function siteOpener(): typeof site {
  const sites: Site[] = [];
  afterEach(async () => {
    for (const one of sites.splice(0)) await one.close();
  });
  return async (...args) => {
    const opened = await site(...args);
    sites.push(opened);
    return opened;
  };
}
