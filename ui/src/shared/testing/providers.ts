// The AI providers that tests let the backend offer.
export const providers = [
  {
    kind: "rehearsal",
    title: "Rehearsal",
    description: "Fixed rules.",
    is_ai: false,
    needs_base_url: false,
    needs_key: false,
  },
  {
    kind: "openai-compatible",
    title: "OpenAI or compatible",
    description: "A service.",
    is_ai: true,
    needs_base_url: true,
    needs_key: true,
  },
  {
    kind: "anthropic",
    title: "Anthropic",
    description: "Another service.",
    is_ai: true,
    needs_base_url: false,
    needs_key: true,
  },
  {
    kind: "ollama",
    title: "Ollama",
    description: "On this machine.",
    is_ai: true,
    needs_base_url: false,
    needs_key: false,
  },
];
