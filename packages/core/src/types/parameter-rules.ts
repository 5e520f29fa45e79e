/** What becomes of parameters that a provider lacks, and of requests that it would refuse as they are. */
export type ParameterRules = {
  /** Leaves out what the provider lacks. Default: the call is refused, naming the parameter. */
  readonly dropUnsupported?: boolean;
  /** Taken out of every request, at any depth: `seed`, `tools[*].function.strict`. */
  readonly drop?: readonly string[];
  /** Parameters that go on as they are, although the provider is not known to have them. */
  readonly allow?: readonly string[];
  /** Whether messages, tools and limits may be changed where the provider is known to refuse them as they are. */
  readonly modify?: boolean;
};
