/** Every deployment of a model, or of a provider that has several, fails; or that is over. */
export type Outage = {
  readonly kind: 'model' | 'provider';
  readonly name: string;
  readonly status: 'down' | 'over';
  /** When it was noticed, and for how long it lasted once it is over. ISO 8601, and milliseconds. */
  readonly since: string;
  readonly lastedMs: number | undefined;
  /** Why each deployment is counted out, by its id: the code of its last failure where it is known. */
  readonly deployments: Readonly<Record<string, string>>;
};
