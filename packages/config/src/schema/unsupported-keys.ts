/** A key of LiteLLM's that a file may hold and Sluice does not act on. */
export type UnsupportedKey = {
  /** `planned` and `never` are mistakes; `moot` changes nothing here and is only mentioned. */
  readonly state: 'planned' | 'never' | 'moot';
  readonly reason?: string;
};

type Section = Readonly<Record<string, UnsupportedKey>>;

const PYTHON = 'it names Python code; write a hook in a package and name it under `plugins`';
const LICENCE = 'nothing here needs a licence';
const PRISMA = 'there is no Prisma here';
const LOGS = 'the log level of the server is set by LOG_LEVEL';
const PRIVATE = "call records hold no text of the caller's";

const CACHE_PARAMS = planned(`default_in_memory_ttl default_in_redis_ttl max_connections mode
  similarity_threshold redis_startup_nodes sentinel_nodes service_name qdrant_api_base qdrant_api_key qdrant_collection_name
  qdrant_quantization_config qdrant_semantic_cache_embedding_model redis_semantic_cache_embedding_model s3_bucket_name s3_region_name
  s3_api_version s3_use_ssl s3_verify s3_endpoint_url s3_aws_access_key_id s3_aws_secret_access_key s3_path gcs_bucket_name
  gcs_path_service_account gcs_path azure_account_url azure_container disk_cache_dir`);

/** Every further key of LiteLLM's, by the place where it belongs, so that none is passed over in silence. */
export const UNSUPPORTED: Readonly<Record<string, Section>> = {
  '': {
    ...planned(`include callback_settings mcp_servers mcp_tools agent_list vector_store_registry search_tools prompts policies
      policy_attachments files_settings finetune_settings default_vertex_config`),
    ...never('it belongs to an API that providers have withdrawn', 'assistant_settings'),
  },
  'model_list[].litellm_params': {
    ...planned(`allowed_model_region configurable_clientside_auth_params use_in_pass_through
      merge_reasoning_content_in_choices
      output_cost_per_second input_cost_per_pixel output_cost_per_pixel tiered_pricing`),
  },
  'model_list[].litellm_params.complexity_router_config': planned('keyword_tier_rules classifier_llm_config session_affinity classifier_fallback'),
  'router_settings.routing_strategy_args': moot('what was measured is kept by the gateway itself', 'rpm tpm rolling_window_size max_latency_list_size'),
  'model_list[].model_info': {
    ...planned('access_groups team_id supported_environments'),
    ...moot('the route says what a call is for', 'mode'),
    ...moot(
      'what a model can do is asked of its provider',
      `supports_parallel_function_calling supports_tool_choice supports_system_messages supports_prompt_caching supports_reasoning supports_pdf_input
      supports_audio_output supports_web_search supported_openai_params litellm_provider version description`,
    ),
  },
  router_settings: {
    ...planned('caching_groups cache_kwargs cache_responses health_check_ignore_transient_errors model_group_affinity_config guardrail_list search_tools'),
    ...moot('what a check finds wrong is passed over like what calls find wrong', 'enable_health_check_routing health_check_staleness_threshold'),
    ...moot('who answers a conversation is worked out anew and kept nowhere', 'deployment_affinity_ttl_seconds'),
    ...moot(LOGS, 'set_verbose debug_level'),
    ...moot('connections are kept by the gateway itself', 'client_ttl polling_interval'),
    ...never('a deployment that is wrong is told at start-up', 'ignore_invalid_deployments'),
  },
  litellm_settings: {
    ...planned(`
      redact_messages_in_exceptions
      max_end_user_budget_id key_generation_settings 
      default_team_settings max_ui_session_budget 
      public_model_groups force_ipv4 ssl_verify user_url_validation cost_discount_config cost_margin_config enable_json_schema_validation
      disable_end_user_cost_tracking disable_end_user_cost_tracking_prometheus_only enable_end_user_cost_tracking_prometheus_only
      prometheus_metrics_config custom_prometheus_metadata_labels custom_prometheus_tags prometheus_initialize_budget_metrics
      llamaguard_unsafe_content_categories
      google_moderation_confidence_threshold prompt_injection_params guardrails langfuse_default_tags s3_callback_params
      extra_spend_tag_headers forward_traceparent_to_llm_provider mcp_aliases route_all_chat_openai_to_responses`),
    ...never(PYTHON, 'custom_provider_map'),
    ...moot(LOGS, 'set_verbose json_logs'),
    ...moot(PRIVATE, 'redact_user_api_key_info'),
    ...moot('answers always carry their `x-sluice-*` headers', 'return_response_headers'),
    ...moot('every change by the API is in `/audit`', 'store_audit_logs'),
    ...moot('nothing here is a preview', 'enable_preview_features gcs_pubsub_use_v1'),
  },
  'litellm_settings.cache_params': CACHE_PARAMS,
  'general_settings.cache_params': CACHE_PARAMS,
  general_settings: {
    ...planned(`allow_requests_on_db_unavailable disable_spend_logs disable_error_logs store_prompts_in_spend_logs
      maximum_spend_logs_retention_period maximum_spend_logs_retention_interval maximum_spend_logs_cleanup_cron user_api_key_cache_ttl
      completion_model embedding_model image_generation_model infer_model_from_keys token_rate_limit_type
      reject_clientside_metadata_tags
      allow_client_side_credentials litellm_key_header_name user_header_mappings enable_oauth2_auth
      enforce_rbac role_permissions ui_access_mode default_team_disabled service_account_settings 
      alerting_args spend_report_frequency use_shared_health_check key_management_system key_management_settings
      pass_through_endpoints forward_client_headers_to_llm_api forward_openai_org_id forward_llm_provider_auth_headers always_include_stream_usage
      disable_reset_budget`),
    ...never(PYTHON, 'custom_auth custom_auth_run_common_checks custom_key_generate custom_sso'),
    ...never("client addresses come from the host: Express's `trust proxy`, Koa's `app.proxy`", 'use_x_forwarded_for'),
    ...moot('every call record has its model and its cost', 'track_cost_per_model'),
    ...moot('administrators see details, and nobody else', 'health_check_details'),
    ...moot('what a check finds wrong is passed over, and 20 are asked at the same time', 'enable_health_check_routing health_check_concurrency'),
    ...moot(LICENCE, 'litellm_license'),
    ...moot(
      PRISMA,
      `database_connection_pool_limit database_connection_timeout database_connection_pool_timeout disable_prisma_schema_update
      supported_db_objects proxy_batch_write_at proxy_budget_rescheduler_min_time proxy_budget_rescheduler_max_time proxy_batch_polling_interval
      use_redis_transaction_buffer disable_spend_updates`,
    ),
    ...moot('a key is shown when it is made and never again', 'disable_master_key_return'),
    ...moot('refusals for parallel calls say how long to wait', 'disable_retry_on_max_parallel_request_limit_error'),
  },
  'general_settings.litellm_jwtauth': {
    ...planned(`public_allowed_routes team_alias_jwt_field org_alias_jwt_field object_id_jwt_field
      enforce_rbac oidc_userinfo_endpoint oidc_userinfo_enabled oidc_userinfo_cache_ttl
      upsert_sso_user_to_team`),
    ...moot("a team's models hold for everybody in it", 'enforce_team_based_model_access'),
    ...never(PYTHON, 'custom_validate'),
  },
  'guardrails[]': planned('guardrail_info'),
};

/** Values, not keys, that LiteLLM knows: callbacks, guardrails and cache types. */
export const PLANNED_CALLBACKS: ReadonlySet<string> = new Set(
  words(`langsmith helicone otel arize arize_phoenix datadog datadog_llm_observability s3 s3_v2 gcs_bucket
    gcs_pubsub azure_storage sqs dynamodb sentry posthog braintrust logfire mlflow opik traceloop galileo greenscale athina argilla literalai
    langtrace humanloop weave openmeter lago email smtp_email resend_email generic_api custom_callback_api 
    llmguard_moderations google_text_moderation banned_keywords blocked_user_check detect_prompt_injection
    lakera_prompt_injection aporia_prompt_injection presidio dynamic_rate_limiter parallel_request_limiter`),
);

export const PLANNED_GUARDRAILS: ReadonlySet<string> = new Set(
  words(`aporia bedrock guardrails_ai lakera lakera_v2 presidio hiddenlayer aim pangea lasso pillar grayswan
    panw_prisma_airs azure/prompt_shield azure/text_moderations model_armor noma tool_permission zscaler_ai_guard javelin
    enkryptai ibm_guardrails litellm_content_filter onyx prompt_security generic_guardrail_api qualifire custom_code`),
);

export const PLANNED_CACHES: ReadonlySet<string> = new Set(words('redis-semantic qdrant-semantic s3 gcs azure-blob disk'));

function planned(keys: string): Section {
  return section(keys, { state: 'planned' });
}

function never(reason: string, keys: string): Section {
  return section(keys, { state: 'never', reason });
}

function moot(reason: string, keys: string): Section {
  return section(keys, { state: 'moot', reason });
}

function section(keys: string, entry: UnsupportedKey): Section {
  return Object.fromEntries(words(keys).map((key) => [key, entry]));
}

function words(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== '');
}
