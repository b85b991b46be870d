//! Every bound of the runtime, by name and unit.

use std::time::Duration;

use chimera_domain::time::Span;

/// The runtime's bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// True when no other process works on the same store (the embedded way).
    pub sole_process: bool,
    /// Tasks worked on at once.
    pub workers: usize,
    /// Artifacts judged at once.
    pub judges: usize,
    /// Actions performed at once.
    pub senders: usize,
    /// How long a worker's or judge's lease lasts without renewal.
    pub lease: Span,
    /// Longest reasoning over one task (COG-11).
    pub reasoning: Duration,
    /// Most turns of one loop.
    pub max_turns: u32,
    /// Most tool calls of one loop, over all its turns (architecture §3 rule 6).
    pub max_tool_calls: usize,
    /// Most tokens that one turn may read, by our own estimate (COG-11).
    pub max_input_tokens: u64,
    /// Most tokens that one turn may write (COG-11).
    pub max_output_tokens: u32,
    /// Most characters of a message, an argument or a result that a span keeps; 0 keeps none of them.
    pub recorded_chars: usize,
    /// Longest tool call.
    pub tool_call: Duration,
    /// Longest wait between two looks at the store when nothing announces itself.
    pub idle: Duration,
    /// Tries of one command when others keep changing the same rows.
    pub conflict_tries: u32,
    /// Longest wait for running work at shutdown; what is left is picked up at the next start.
    pub drain: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            sole_process: true,
            workers: 8,
            judges: 4,
            senders: 4,
            lease: Span::seconds(90),
            reasoning: Duration::from_secs(60),
            max_turns: 8,
            max_tool_calls: 16,
            max_input_tokens: 8_000,
            max_output_tokens: 2_000,
            recorded_chars: 4_000,
            tool_call: Duration::from_secs(30),
            idle: Duration::from_millis(500),
            conflict_tries: 16,
            drain: Duration::from_secs(10),
        }
    }
}
