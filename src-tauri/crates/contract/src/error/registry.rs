//! Codes about the registry of MCP servers.

use super::code::codes;

codes! {
    MCP_ENTRY_INVALID: 422, false, Nothing,
        "The server's entry, or the file that it stands in, makes no sense.",
        "The message names the place. Correct it and send it again.";
    MCP_VARIABLE_UNSET: 422, false, Nothing,
        "The server needs a variable that is not set where Chimera was started.",
        "Set it there and restart Chimera, write `${NAME:-default}`, or take it out of the entry.";
    MCP_SECRET_IN_CLEAR: 422, false, Nothing,
        "A secret stands in clear in the server's entry, and the registry keeps none.",
        "Keep it as a key under Connections and write `${secret:name}` in its variables, or name a variable of the environment.";
    MCP_SERVER_EXISTS: 409, false, Nothing,
        "There is a server of this name already.",
        "Choose another name, or change the one that is there.";
    MCP_TRUST_STALE: 409, false, Nothing,
        "What was to be trusted is not what the person saw any more.",
        "Look again at what would be run, or at what changed, and decide again.";
}
