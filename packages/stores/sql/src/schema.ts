/** The tables as Kysely sees them. Moments are milliseconds since the epoch, money is whole nano-dollars. */
export type Schema = {
  calls: CallsTable;
  spend_hourly: SpendTable;
  spend_daily: SpendTable;
  objects: ObjectsTable;
  audit: AuditTable;
  directory_state: DirectoryStateTable;
};

export type CallsTable = {
  id: string;
  at: number;
  operation: string;
  model: string;
  model_group: string | null;
  provider: string | null;
  deployment_id: string | null;
  key_id: string | null;
  user_id: string | null;
  team_id: string | null;
  organization_id: string | null;
  project_id: string | null;
  end_user_id: string | null;
  policy: string | null;
  /** A JSON list of texts, each once. */
  tags: string;
  status: string;
  code: string | null;
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  /** Null where nobody knows what the call has cost. */
  cost_nano_usd: number | null;
  duration_ms: number;
  /** The whole call record, as JSON. */
  record: string;
};

/** Sums over an hour or a day (UTC) of one dimension's calls, by model group and provider. */
export type SpendTable = {
  bucket: number;
  dimension: string;
  id: string;
  model_group: string;
  provider: string;
  calls: number;
  failures: number;
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens: number;
  cost_nano_usd: number;
};

export type ObjectsTable = {
  kind: string;
  id: string;
  revision: number;
  /** JSON; null once the object is deleted. */
  body: string | null;
};

export type AuditTable = {
  sequence: number;
  kind: string;
  object_id: string;
  key_id: string;
  /** The whole entry, as JSON. */
  entry: string;
  hash: string;
};

/** One row. */
export type DirectoryStateTable = {
  id: number;
  revision: number;
  audit_sequence: number;
  audit_hash: string;
};
