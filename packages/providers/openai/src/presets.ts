import { FILE_OPERATIONS, type ModelOperation, type QuirkName } from '@sluice/openai-wire';

/** A host as data. What is left out is as at OpenAI: `Authorization: Bearer`, a key needed, chat only, no quirks. */
export type Preset = {
  readonly name: string;
  /** Other names that configurations use for it. */
  readonly aliases?: readonly string[];
  /** `{part}` stands for a deployment option, or for `variables[part]` of the environment. Absent: every customer has an address. */
  readonly baseUrl?: string;
  readonly baseUrlExample?: string;
  /** What follows an address that was given without a path. */
  readonly basePath?: string;
  /** Environment variables that may hold the key, the usual one first. */
  readonly keys: readonly string[];
  /** Servers of one's own ask for no key, and are enabled by their address and not by a key. */
  readonly isOwnServer?: true;
  readonly keyHeader?: string;
  readonly query?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly operations?: readonly ModelOperation[];
  /** What follows the address, where that is not OpenAI's path. */
  readonly paths?: Readonly<Partial<Record<ModelOperation, string>>>;
  readonly quirks?: readonly QuirkName[];
  /** Parameters of a chat that the host refuses, or passes over, by its own documentation. */
  readonly lacks?: readonly string[];
  /** Model names that mean this host without its name in front, where it is the one who made them. */
  readonly models?: readonly string[];
};

const CHAT = ['chat'] as const;
const TEXT = ['chat', 'completions'] as const;
const WITH_EMBEDDINGS = ['chat', 'completions', 'embeddings'] as const;
const EMBEDDINGS = ['embeddings'] as const;
const AUDIO = ['audio.speech', 'audio.transcribe', 'audio.translate'] as const;
const IMAGES = ['images.generate', 'images.edit'] as const;
const EVERYTHING = [...WITH_EMBEDDINGS, 'moderations', ...IMAGES, ...AUDIO, 'responses'] as const;

/** Where files are as at OpenAI, and batches are not. */
const FILES = FILE_OPERATIONS.filter((operation) => operation.startsWith('files.'));

const LOOSE = ['loose-tool-calls', 'finish-words'] as const;

/**
 * Hosts that speak OpenAI's API, by the names LiteLLM's users know. What addresses, key variables and lacks were checked
 * against is said in the package's package.json (`sluice.evidence`): the host's own documentation, LiteLLM's list, or nothing.
 */
// biome-ignore format: a table, one host a line
export const PRESETS: readonly Preset[] = [
  { name: 'openai', aliases: ['text-completion-openai'], baseUrl: 'https://api.openai.com/v1', keys: ['OPENAI_API_KEY'], operations: [...EVERYTHING, 'tokens.count', ...FILE_OPERATIONS], models: ['gpt-5-mini', 'gpt-*', 'chatgpt-*', 'o1*', 'o3*', 'o4*', 'text-embedding-*', 'omni-moderation-*', 'text-moderation-*', 'tts-*', 'whisper-*', 'dall-e-*'] },
  { name: 'groq', baseUrl: 'https://api.groq.com/openai/v1', keys: ['GROQ_API_KEY'], operations: ['chat', ...AUDIO, 'responses'], quirks: ['x-groq-usage', 'usage-beside-choices'], lacks: ['n', 'logprobs', 'top_logprobs', 'logit_bias'] },
  { name: 'together_ai', aliases: ['together'], baseUrl: 'https://api.together.xyz/v1', keys: ['TOGETHERAI_API_KEY', 'TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY'], operations: [...WITH_EMBEDDINGS, 'images.generate', 'audio.speech', 'audio.transcribe', 'rerank'], quirks: ['finish-words', 'usage-beside-choices'] },
  { name: 'deepseek', baseUrl: 'https://api.deepseek.com', keys: ['DEEPSEEK_API_KEY'], operations: ['chat', 'responses'], quirks: ['finish-words', 'usage-beside-choices'], models: ['deepseek-*'] },
  { name: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1', keys: ['OPENROUTER_API_KEY'], operations: [...WITH_EMBEDDINGS, 'audio.speech', 'audio.transcribe', 'responses', 'rerank'], quirks: ['usage-beside-choices'] },
  { name: 'fireworks_ai', aliases: ['fireworks'], baseUrl: 'https://api.fireworks.ai/inference/v1', keys: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'], operations: [...WITH_EMBEDDINGS, 'responses'], quirks: ['usage-beside-choices'] },
  { name: 'perplexity', baseUrl: 'https://api.perplexity.ai', keys: ['PERPLEXITY_API_KEY', 'PERPLEXITYAI_API_KEY'], operations: ['chat', 'embeddings'], paths: { embeddings: '/v1/embeddings' }, quirks: ['no-stream-options', 'max-tokens-only', 'cumulative-message', 'usage-beside-choices', 'searches-each-call', 'byte-vectors'], models: ['sonar*', 'pplx-embed*'] },
  { name: 'xai', baseUrl: 'https://api.x.ai/v1', keys: ['XAI_API_KEY'], operations: ['chat', 'completions', ...IMAGES, 'responses', ...FILES], models: ['grok-*'] },
  { name: 'gemini', aliases: ['gemini_openai'], baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai', keys: ['GEMINI_API_KEY'], operations: ['chat', 'embeddings', 'images.generate'], quirks: ['loose-tool-calls', 'usage-beside-choices', 'thoughts-in-total'], models: ['gemini-*'] },
  { name: 'cohere', aliases: ['cohere_chat'], baseUrl: 'https://api.cohere.ai/compatibility/v1', keys: ['COHERE_API_KEY', 'CO_API_KEY'], operations: ['chat', 'embeddings'], quirks: ['max-tokens-only', ...LOOSE], models: ['command-*'] },
  { name: 'cerebras', baseUrl: 'https://api.cerebras.ai/v1', keys: ['CEREBRAS_API_KEY'], operations: TEXT, quirks: ['usage-beside-choices'], lacks: ['frequency_penalty', 'presence_penalty', 'logit_bias'] },
  { name: 'deepinfra', baseUrl: 'https://api.deepinfra.com/v1/openai', keys: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'], operations: [...WITH_EMBEDDINGS, ...IMAGES, 'audio.speech', 'audio.transcribe'], quirks: LOOSE },
  { name: 'nvidia_nim', aliases: ['nvidia'], baseUrl: 'https://integrate.api.nvidia.com/v1', keys: ['NVIDIA_NIM_API_KEY', 'NVIDIA_API_KEY'], operations: WITH_EMBEDDINGS, quirks: LOOSE },
  { name: 'sambanova', baseUrl: 'https://api.sambanova.ai/v1', keys: ['SAMBANOVA_API_KEY'], operations: ['chat', 'embeddings', 'audio.transcribe'], quirks: ['finish-words'] },
  { name: 'novita', baseUrl: 'https://api.novita.ai/v3/openai', keys: ['NOVITA_API_KEY'], operations: WITH_EMBEDDINGS, quirks: ['finish-words'] },
  { name: 'nebius', baseUrl: 'https://api.tokenfactory.nebius.com/v1', keys: ['NEBIUS_API_KEY'], operations: [...WITH_EMBEDDINGS, 'images.generate'], quirks: LOOSE },
  { name: 'nscale', baseUrl: 'https://inference.api.nscale.com/v1', keys: ['NSCALE_API_KEY', 'NSCALE_SERVICE_TOKEN'], operations: ['chat', 'embeddings', 'images.generate'] },
  { name: 'hyperbolic', baseUrl: 'https://api.hyperbolic.xyz/v1', keys: ['HYPERBOLIC_API_KEY'], operations: TEXT },
  { name: 'friendliai', aliases: ['friendli'], baseUrl: 'https://api.friendli.ai/serverless/v1', keys: ['FRIENDLI_TOKEN', 'FRIENDLIAI_API_KEY'], operations: TEXT, quirks: ['finish-words'] },
  { name: 'featherless_ai', aliases: ['featherless'], baseUrl: 'https://api.featherless.ai/v1', keys: ['FEATHERLESS_AI_API_KEY', 'FEATHERLESS_API_KEY'], operations: TEXT },
  { name: 'galadriel', baseUrl: 'https://api.galadriel.com/v1', keys: ['GALADRIEL_API_KEY'], operations: CHAT },
  { name: 'github', baseUrl: 'https://models.github.ai/inference', keys: ['GITHUB_API_KEY', 'GITHUB_MODELS_TOKEN'], operations: ['chat', 'embeddings'] },
  { name: 'moonshot', baseUrl: 'https://api.moonshot.ai/v1', keys: ['MOONSHOT_API_KEY'], operations: CHAT, quirks: ['usage-beside-choices'], models: ['kimi-*', 'moonshot-*'] },
  { name: 'dashscope', baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1', keys: ['DASHSCOPE_API_KEY'], operations: WITH_EMBEDDINGS },
  { name: 'volcengine', aliases: ['ark'], baseUrl: 'https://ark.cn-beijing.volces.com/api/v3', keys: ['VOLCENGINE_API_KEY', 'ARK_API_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'responses'] },
  { name: 'zai', aliases: ['zhipu'], baseUrl: 'https://api.z.ai/api/paas/v4', keys: ['ZAI_API_KEY'], operations: ['chat', 'embeddings', 'images.generate'], quirks: ['finish-words', 'usage-beside-choices'] },
  { name: 'minimax', baseUrl: 'https://api.minimax.io/v1', keys: ['MINIMAX_API_KEY'], operations: CHAT, quirks: ['finish-words', 'usage-beside-choices'] },
  { name: 'xiaomi_mimo', baseUrl: 'https://api.xiaomimimo.com/v1', keys: ['XIAOMI_MIMO_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'databricks', baseUrlExample: 'https://WORKSPACE.cloud.databricks.com', basePath: '/serving-endpoints', keys: ['DATABRICKS_API_KEY', 'DATABRICKS_TOKEN'], operations: WITH_EMBEDDINGS, quirks: ['content-parts'] },
  { name: 'snowflake', baseUrlExample: 'https://ACCOUNT.snowflakecomputing.com', basePath: '/api/v2/cortex/v1', keys: ['SNOWFLAKE_PAT', 'SNOWFLAKE_API_KEY'], operations: CHAT },
  { name: 'baseten', baseUrl: 'https://inference.baseten.co/v1', keys: ['BASETEN_API_KEY'], operations: TEXT },
  { name: 'meta_llama', aliases: ['llama_api'], baseUrl: 'https://api.llama.com/compat/v1', keys: ['LLAMA_API_KEY'], operations: ['chat', 'moderations'] },
  { name: 'ai21', aliases: ['ai21_chat'], baseUrl: 'https://api.ai21.com/studio/v1', keys: ['AI21_API_KEY'], operations: CHAT, quirks: ['no-stream-options', 'max-tokens-only', 'usage-beside-choices'], lacks: ['frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs', 'top_logprobs'] },
  { name: 'cloudflare', baseUrl: 'https://api.cloudflare.com/client/v4/accounts/{account_id}/ai/v1', keys: ['CLOUDFLARE_API_KEY', 'CLOUDFLARE_API_TOKEN'], variables: { account_id: 'CLOUDFLARE_ACCOUNT_ID' }, operations: ['chat', 'embeddings', 'responses'] },
  { name: 'predibase', baseUrl: 'https://serving.app.predibase.com/{tenant_id}/deployments/v2/llms/{deployment}/v1', keys: ['PREDIBASE_API_KEY', 'PREDIBASE_API_TOKEN'], variables: { tenant_id: 'PREDIBASE_TENANT_ID', deployment: 'PREDIBASE_DEPLOYMENT' }, operations: TEXT, quirks: ['finish-words'] },
  { name: 'clarifai', baseUrl: 'https://api.clarifai.com/v2/ext/openai/v1', keys: ['CLARIFAI_API_KEY', 'CLARIFAI_PAT'], operations: CHAT },
  { name: 'ovhcloud', baseUrl: 'https://oai.endpoints.kepler.ai.cloud.ovh.net/v1', keys: ['OVHCLOUD_API_KEY', 'OVH_AI_ENDPOINTS_ACCESS_TOKEN'], operations: WITH_EMBEDDINGS },
  { name: 'scaleway', baseUrl: 'https://api.scaleway.ai/v1', keys: ['SCW_SECRET_KEY'], operations: ['chat', 'embeddings', 'audio.transcribe'] },
  { name: 'heroku', baseUrl: 'https://us.inference.heroku.com/v1', keys: ['HEROKU_API_KEY', 'INFERENCE_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'rerank'] },
  { name: 'gradient_ai', aliases: ['digitalocean'], baseUrl: 'https://inference.do-ai.run/v1', keys: ['GRADIENT_AI_API_KEY', 'GRADIENT_MODEL_ACCESS_KEY', 'DIGITALOCEAN_INFERENCE_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'responses'] },
  { name: 'lambda_ai', aliases: ['lambda'], baseUrl: 'https://api.lambda.ai/v1', keys: ['LAMBDA_API_KEY'], operations: TEXT },
  { name: 'v0', baseUrl: 'https://api.v0.dev/v1', keys: ['V0_API_KEY'], operations: CHAT },
  { name: 'morph', baseUrl: 'https://api.morphllm.com/v1', keys: ['MORPH_API_KEY'], operations: ['chat', 'embeddings'] },
  { name: 'inception', baseUrl: 'https://api.inceptionlabs.ai/v1', keys: ['INCEPTION_API_KEY'], operations: TEXT },
  { name: 'vercel_ai_gateway', baseUrl: 'https://ai-gateway.vercel.sh/v1', keys: ['VERCEL_AI_GATEWAY_API_KEY', 'AI_GATEWAY_API_KEY'], operations: ['chat', 'embeddings'] },
  { name: 'helicone', baseUrl: 'https://ai-gateway.helicone.ai', keys: ['HELICONE_API_KEY'], operations: CHAT },
  { name: 'aiml', aliases: ['aimlapi'], baseUrl: 'https://api.aimlapi.com/v1', keys: ['AIML_API_KEY', 'AIMLAPI_API_KEY'], operations: ['chat', 'embeddings', 'images.generate'] },
  { name: 'wandb', baseUrl: 'https://api.inference.wandb.ai/v1', keys: ['WANDB_API_KEY'], operations: CHAT },
  { name: 'cometapi', baseUrl: 'https://api.cometapi.com/v1', keys: ['COMETAPI_KEY', 'COMETAPI_API_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'responses'] },
  { name: 'siliconflow', baseUrl: 'https://api.siliconflow.com/v1', keys: ['SILICONFLOW_API_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'audio.speech', 'audio.transcribe', 'rerank'] },
  { name: 'upstage', baseUrl: 'https://api.upstage.ai/v1', keys: ['UPSTAGE_API_KEY'], operations: ['chat', 'embeddings'] },
  { name: 'empower', baseUrl: 'https://app.empower.dev/api/v1', keys: ['EMPOWER_API_KEY'], operations: CHAT },
  { name: 'publicai', baseUrl: 'https://api.publicai.co/v1', keys: ['PUBLICAI_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'veniceai', aliases: ['venice'], baseUrl: 'https://api.venice.ai/api/v1', keys: ['VENICE_AI_API_KEY', 'VENICE_API_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'audio.speech'] },
  { name: 'synthetic', baseUrl: 'https://api.synthetic.new/openai/v1', keys: ['SYNTHETIC_API_KEY'], operations: WITH_EMBEDDINGS, quirks: ['max-tokens-only'] },
  { name: 'apertis', baseUrl: 'https://api.stima.tech/v1', keys: ['STIMA_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'nano-gpt', aliases: ['nanogpt'], baseUrl: 'https://nano-gpt.com/api/v1', keys: ['NANOGPT_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'poe', baseUrl: 'https://api.poe.com/v1', keys: ['POE_API_KEY'], operations: ['chat', 'responses'], quirks: ['max-tokens-only'] },
  { name: 'chutes', baseUrl: 'https://llm.chutes.ai/v1', keys: ['CHUTES_API_KEY'], operations: TEXT, quirks: ['max-tokens-only'] },
  { name: 'abliteration', baseUrl: 'https://api.abliteration.ai/v1', keys: ['ABLITERATION_API_KEY'], operations: CHAT },
  { name: 'llamagate', baseUrl: 'https://api.llamagate.dev/v1', keys: ['LLAMAGATE_API_KEY'], operations: ['chat', 'embeddings'], quirks: ['max-tokens-only'] },
  { name: 'gmi', baseUrl: 'https://api.gmi-serving.com/v1', keys: ['GMI_API_KEY'], operations: CHAT },
  { name: 'sarvam', baseUrl: 'https://api.sarvam.ai/v1', keys: ['SARVAM_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'compactifai', baseUrl: 'https://api.compactif.ai/v1', keys: ['COMPACTIFAI_API_KEY'], operations: TEXT },
  { name: 'aihubmix', baseUrl: 'https://aihubmix.com/v1', keys: ['AIHUBMIX_API_KEY'], operations: ['chat', 'embeddings', 'images.generate', 'responses', 'rerank'] },
  { name: 'aleph_alpha', baseUrl: 'https://api.aleph-alpha.com', keys: ['AA_TOKEN', 'ALEPH_ALPHA_API_KEY'], operations: ['chat', 'embeddings'], quirks: ['maximum-tokens'] },
  { name: 'amazon_nova', baseUrl: 'https://api.nova.amazon.com/v1', keys: ['AMAZON_NOVA_API_KEY'], operations: CHAT },
  { name: 'charity_engine', baseUrl: 'https://api.charityengine.services/remotejobs/v2/inference', keys: ['CHARITY_ENGINE_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'cognition', baseUrl: 'https://api.cognition.ai/v1', keys: ['COGNITION_API_KEY'], operations: CHAT },
  { name: 'coralbricks', baseUrl: 'https://inference.coralbricks.ai/v1', keys: ['CORALBRICKS_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'cortecs', baseUrl: 'https://api.cortecs.ai/v1', keys: ['CORTECS_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'crusoe', baseUrl: 'https://api.inference.crusoecloud.com/v1', keys: ['CRUSOE_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'darkbloom', baseUrl: 'https://api.darkbloom.dev/v1', keys: ['DARKBLOOM_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'edenai', baseUrl: 'https://api.edenai.run/v3', keys: ['EDENAI_API_KEY'], operations: CHAT },
  { name: 'empiriolabs', baseUrl: 'https://api.empiriolabs.ai/v1', keys: ['EMPIRIOLABS_API_KEY'], operations: ['chat', 'responses'], quirks: ['max-tokens-only'] },
  { name: 'inferenceapis', baseUrl: 'https://api.inferenceapis.com/v1', keys: ['INFERENCEAPIS_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'libertai', baseUrl: 'https://api.libertai.io/v1', keys: ['LIBERTAI_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'maritalk', baseUrl: 'https://chat.maritaca.ai/api', keys: ['MARITALK_API_KEY', 'MARITACA_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'meta', baseUrl: 'https://api.meta.ai/v1', keys: ['META_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'modelscope', baseUrl: 'https://api-inference.modelscope.cn/v1', keys: ['MODELSCOPE_API_KEY'], operations: ['chat', 'embeddings'] },
  { name: 'neosantara', baseUrl: 'https://api.neosantara.xyz/v1', keys: ['NEOSANTARA_API_KEY'], operations: ['chat', 'responses'], quirks: ['max-tokens-only'] },
  { name: 'parasail', baseUrl: 'https://api.parasail.io/v1', keys: ['PARASAIL_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'pinstripes', baseUrl: 'https://pinstripes.io/v1', keys: ['PINSTRIPES_API_KEY'], operations: ['chat', 'embeddings', 'responses'], quirks: ['max-tokens-only'] },
  { name: 'prism', baseUrl: 'https://api.prisminference.com/v1', keys: ['PRISM_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'reka', baseUrl: 'https://api.reka.ai/v1', keys: ['REKA_API_KEY'], operations: CHAT },
  { name: 'sail', baseUrl: 'https://api.sailresearch.com/v1', keys: ['SAIL_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'scx-ai', baseUrl: 'https://api.scx.ai/v1', keys: ['SCX_API_KEY'], operations: CHAT, quirks: ['max-tokens-only'] },
  { name: 'tencent', baseUrl: 'https://tokenhub-intl.tencentcloudmaas.com/v1', keys: ['TENCENT_API_KEY'], operations: CHAT },
  { name: 'tensormesh', baseUrl: 'https://serverless.tensormesh.ai/v1', keys: ['TENSORMESH_INFERENCE_API_KEY'], operations: ['chat', 'responses'], quirks: ['max-tokens-only'] },
  { name: 'aiand', baseUrl: 'https://api.aiand.com/v1', keys: ['AIAND_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'bedrock_mantle', baseUrl: 'https://bedrock-mantle.{region}.api.aws/v1', keys: ['AWS_BEARER_TOKEN_BEDROCK'], variables: { region: 'AWS_REGION' }, operations: ['chat', 'responses'] },
  { name: 'bytez', baseUrl: 'https://api.bytez.com/models/v2/openai/v1', keys: ['BYTEZ_API_KEY'], operations: [...TEXT, 'responses'] },
  { name: 'hostinger_router', baseUrl: 'https://router.hostinger.com/v1', keys: ['HOSTINGER_ROUTER_API_KEY'], operations: ['chat', 'embeddings', 'responses'] },
  { name: 'kyma', baseUrl: 'https://kymaapi.com/v1', keys: ['KYMA_API_KEY'], operations: CHAT },
  { name: 'oci', baseUrl: 'https://inference.generativeai.{region}.oci.oraclecloud.com/openai/v1', keys: ['OCI_GENAI_API_KEY'], variables: { region: 'OCI_REGION' }, operations: ['chat', 'responses'] },
  { name: 'openinfer', baseUrl: 'https://api.openinfer.ai/v1', keys: ['OPENINFER_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'ragflow', baseUrlExample: 'https://HOST/api/v1/chats_openai/CHAT_ID', keys: ['RAGFLOW_API_KEY'], operations: CHAT },
  { name: 'refuseless', baseUrl: 'https://api.refuseless.com/v1', keys: ['REFUSELESS_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'streamlake', baseUrl: 'https://vanchin.streamlake.ai/api/gateway/v1/endpoints', keys: ['STREAMLAKE_API_KEY'], operations: CHAT },
  { name: 'wally', baseUrl: 'https://inference.runanywhere.ai/v1', keys: ['WALLY_API_KEY'], operations: CHAT },
  { name: 'zerogpu', baseUrl: 'https://api.zerogpu.ai/v1', keys: ['ZEROGPU_API_KEY'], operations: ['chat', 'responses'] },
  { name: 'datarobot', baseUrlExample: 'https://app.datarobot.com/api/v2/genai/llmgw', keys: ['DATAROBOT_API_TOKEN', 'DATAROBOT_API_KEY'], operations: CHAT },
  { name: 'ollama_openai', baseUrl: 'http://127.0.0.1:11434/v1', basePath: '/v1', keys: ['OLLAMA_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'responses'], quirks: ['loose-tool-calls'] },
  { name: 'lm_studio', aliases: ['lmstudio'], baseUrl: 'http://127.0.0.1:1234/v1', keys: ['LM_STUDIO_API_KEY', 'LM_API_TOKEN'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'responses'] },
  { name: 'hosted_vllm', aliases: ['vllm'], baseUrl: 'http://127.0.0.1:8000/v1', keys: ['HOSTED_VLLM_API_KEY', 'VLLM_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'audio.transcribe', 'audio.translate', 'responses', 'rerank'], quirks: ['finish-words'] },
  { name: 'sglang', baseUrl: 'http://127.0.0.1:30000/v1', keys: ['SGLANG_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'rerank'], quirks: LOOSE },
  { name: 'llamacpp', aliases: ['llama_cpp'], baseUrl: 'http://127.0.0.1:8080/v1', keys: ['LLAMACPP_API_KEY', 'LLAMA_ARG_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'audio.transcribe', 'responses', 'rerank'], quirks: ['usage-beside-choices'] },
  { name: 'llamafile', baseUrl: 'http://127.0.0.1:8080/v1', keys: ['LLAMAFILE_API_KEY'], isOwnServer: true, operations: WITH_EMBEDDINGS },
  { name: 'localai', baseUrl: 'http://127.0.0.1:8080/v1', keys: ['LOCALAI_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, ...IMAGES, ...AUDIO, 'rerank'], quirks: LOOSE },
  { name: 'xinference', baseUrl: 'http://127.0.0.1:9997/v1', keys: ['XINFERENCE_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, ...IMAGES, ...AUDIO, 'rerank'], quirks: LOOSE },
  { name: 'infinity', baseUrl: 'http://127.0.0.1:7997', keys: ['INFINITY_API_KEY'], isOwnServer: true, operations: [...EMBEDDINGS, 'rerank'] },
  { name: 'tgi', aliases: ['text_generation_inference'], baseUrl: 'http://127.0.0.1:3000/v1', keys: ['TGI_API_KEY'], isOwnServer: true, operations: TEXT, quirks: LOOSE },
  { name: 'triton', baseUrl: 'http://127.0.0.1:9000/v1', keys: ['TRITON_API_KEY'], isOwnServer: true, operations: WITH_EMBEDDINGS },
  { name: 'docker_model_runner', baseUrl: 'http://127.0.0.1:12434/engines/v1', keys: ['DOCKER_MODEL_RUNNER_API_KEY'], isOwnServer: true, operations: WITH_EMBEDDINGS },
  { name: 'lemonade', baseUrl: 'http://127.0.0.1:13305/v1', keys: ['LEMONADE_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, ...IMAGES, 'audio.speech', 'audio.transcribe', 'responses'], lacks: ['logprobs', 'top_logprobs'] },
  { name: 'oobabooga', baseUrl: 'http://127.0.0.1:5000/v1', keys: ['OOBABOOGA_API_KEY'], isOwnServer: true, operations: [...WITH_EMBEDDINGS, 'moderations', 'images.generate', 'audio.transcribe'] },
  { name: 'openai_like', aliases: ['custom_openai'], baseUrlExample: 'http://127.0.0.1:8000/v1', keys: ['OPENAI_LIKE_API_KEY'], isOwnServer: true, operations: [...EVERYTHING, 'rerank', ...FILE_OPERATIONS], quirks: LOOSE },
];
