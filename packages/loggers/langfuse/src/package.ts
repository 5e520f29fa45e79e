import { ConfigurationError, OPTION, type OptionCheck, requireOptions, type SinkPackage } from '@sluice/core';
import { langfuseSink, type LangfuseSinkOptions } from './langfuse-sink.ts';

const OPTIONS: Readonly<Record<keyof LangfuseSinkOptions, OptionCheck>> = {
  publicKey: OPTION.text,
  secretKey: OPTION.text,
  baseUrl: OPTION.url,
  api: { isValid: (value) => value === 'otlp' || value === 'ingestion', form: "'otlp' or 'ingestion'" },
  environment: OPTION.text,
  release: OPTION.text,
  timeoutMs: OPTION.count,
  name: OPTION.text,
};

/** For configuration files that name this package. Credentials come from the environment where the file has none. */
export const sink: SinkPackage = {
  create(options, env = process.env) {
    const written = requireOptions<Partial<LangfuseSinkOptions>>(options, OPTIONS);
    const publicKey = written.publicKey ?? env.LANGFUSE_PUBLIC_KEY;
    const secretKey = written.secretKey ?? env.LANGFUSE_SECRET_KEY;
    const baseUrl = written.baseUrl ?? env.LANGFUSE_HOST ?? env.LANGFUSE_BASE_URL;
    const problems = [
      ...missing('publicKey', publicKey, 'LANGFUSE_PUBLIC_KEY'),
      ...missing('secretKey', secretKey, 'LANGFUSE_SECRET_KEY'),
      ...(baseUrl === undefined || OPTION.url.isValid(baseUrl) ? [] : [{ place: 'baseUrl', message: 'LANGFUSE_HOST has to be an http(s) address.' }]),
    ];
    if (problems.length > 0) throw new ConfigurationError(problems);
    return langfuseSink({ ...written, publicKey: publicKey as string, secretKey: secretKey as string, ...(baseUrl !== undefined && { baseUrl }) });
  },
};

function missing(place: string, value: string | undefined, variable: string): { place: string; message: string }[] {
  return value ? [] : [{ place, message: `It is missing; set it here or as the environment variable ${variable}.` }];
}
