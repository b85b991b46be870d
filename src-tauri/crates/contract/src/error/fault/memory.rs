//! Codes of memory: what cannot be kept or recalled, and an embedder that is of no use.

use super::faults;

faults! {
    MEMORY_INVALID: No, Nothing,
        "What was to be remembered, or asked of memory, is empty, too long, or has too many tags.",
        "Write it shorter; a memory has at most 4,000 characters and 16 tags.";
    MEMORY_NOT_FOUND: No, Nothing,
        "The agent remembers no such thing, or there is no such agent.",
        "Look at its memories again; what was forgotten is gone.";
    MEMORY_UNAVAILABLE: Yes, Nothing,
        "What agents remember cannot be read or written at the moment, or not by meaning.",
        "Look at the memory card under Connections; Chimera tries again by itself.";
    MEMORY_REFUSED: No, Nothing,
        "The server that memories are copied to and searched in cannot be used as it is set up; they are kept here and found by their words.",
        "Read what it says on the memory card under Connections, mend `WEAVIATE_URL`, `WEAVIATE_GRPC_URL`, `WEAVIATE_API_KEY` or the server, and test it there.";
    EMBEDDER_UNAVAILABLE: Yes, Nothing,
        "The embedder does not answer, so memories are found by their words alone meanwhile.",
        "Wait, or look whether its address can be reached; memories get their vectors by themselves then.";
    EMBEDDER_REFUSED: No, Nothing,
        "The embedder cannot be used as it is set up, so memories are found by their words alone.",
        "Mend `memory.embedder_folder`, `memory.embedder_url` or `EMBEDDER_API_KEY` in the settings and start Chimera again.";
}
