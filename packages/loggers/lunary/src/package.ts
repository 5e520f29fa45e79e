import { ConfigurationError, OPTION, requireOptions, type SinkPackage } from '@sluice/core';
import { lunarySink, type LunarySinkOptions } from './lunary-sink.ts';

/** For configuration files that name this package. The key comes from the environment where the file has none. */
export const sink: SinkPackage = {
  create(options, env = process.env) {
    const checks = { publicKey: OPTION.text, baseUrl: OPTION.url, timeoutMs: OPTION.count, name: OPTION.text };
    const written = requireOptions<Partial<LunarySinkOptions>>(options, checks);
    const publicKey = written.publicKey ?? env.LUNARY_PUBLIC_KEY ?? env.LUNARY_PRIVATE_KEY;
    const baseUrl = written.baseUrl ?? env.LUNARY_API_URL;
    if (!publicKey)
      throw new ConfigurationError([{ place: 'publicKey', message: 'It is missing; set it here or as the environment variable LUNARY_PUBLIC_KEY.' }]);
    return lunarySink({ ...written, publicKey, ...(baseUrl && { baseUrl }) });
  },
};
