export const HELP = `sluice: an LLM gateway with OpenAI's API

  sluice [--config FILE] [--port 4000] [--host 127.0.0.1]
  sluice check [--explain] FILE

Without --config it reads sluice.config.{js,mjs,ts,yaml,yml} or litellm_config.yaml in the working directory,
and without any of them serves the providers whose credentials are in the environment.

  -c, --config FILE       the configuration: YAML in LiteLLM's form, or a module with the options of the gateway
  -p, --port PORT         default 4000; 0 takes a free one
      --host HOST         the address to listen on; default 127.0.0.1, this machine only
      --grace TIME        how long calls under way may go on after SIGTERM or SIGINT; default 30s
      --ignore-unsupported
                          pass over keys of LiteLLM's that Sluice does not have yet, instead of refusing to start
  -h, --help
  -v, --version

  check FILE              validate a configuration and explain what it does
      --explain           each value that is in force as well, and where it comes from

The YAML file is looked at while the command runs: a change is taken on for calls to come, and a wrong one is told and
left alone. SIGHUP has it read at once.

Environment
  SLUICE_MASTER_KEY       the administrator's key (also LITELLM_MASTER_KEY); without one, one is made and shown
  NODE_ENV=production     refuses to start without a key of your own
  LOG_LEVEL               of the call records on standard output: info (default), warn, error, silent
`;
