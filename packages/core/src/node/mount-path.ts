import { ConfigurationError } from '../errors/configuration-error.ts';

/**
 * A fixed path such as `/ai`, without its last slash.
 * @throws ConfigurationError for patterns, and for paths that do not begin with a slash.
 */
export function mountPath(path: string, place: string): string {
  if (!/^\/[^?#*:(){}]*$/.test(path))
    throw new ConfigurationError([{ place, message: `has to be a fixed path that begins with a slash, such as '/ai', not '${path}'` }]);
  return path.replace(/\/+$/, '');
}

/** A URL as it looks from the mount, or nothing when it is not under it: `/aix` is not under `/ai`. */
export function belowMount(url: string, path: string): string | undefined {
  if (path === '') return url;
  if (!url.startsWith(path)) return undefined;
  switch (url[path.length]) {
    case undefined:
      return '/';
    case '/':
      return url.slice(path.length);
    case '?':
      return `/${url.slice(path.length)}`;
    default:
      return undefined;
  }
}
