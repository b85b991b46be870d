//! Codes of skills while they run. What is wrong with a skill's files is in `files`.

use super::faults;

faults! {
    SKILL_UNKNOWN: No, Nothing,
        "There is no skill of that name.",
        "The message lists those that there are. Correct the plan, or install the skill.";
    SKILL_MISSING: No, Nothing,
        "No skill here does this kind of step.",
        "Take the step out of the plan, or install a skill for it.";
    SKILL_NEEDS_MODEL: No, Nothing,
        "The skill is instructions for a model and cannot run as code.",
        "Let an agent use it in a step; do not call it as a tool.";
    SKILL_OUTPUT_INVALID: No, Nothing,
        "The skill's result does not fit its own contract, and was thrown away.",
        "Update the skill, or report it with the message, which names the place.";
    SKILL_BAD_OUTPUT: No, Nothing,
        "The skill's result fits its contract and still cannot be read by the step.",
        "If you replaced a built-in skill, correct yours; otherwise report it with the message.";
    SKILL_PANICKED: No, Nothing,
        "The skill's code broke down, and its result was thrown away.",
        "Report it with the log.";
    SKILL_FAILED: No, Nothing,
        "The skill says that it failed, and not why.",
        "Report it with the log.";
    SOURCES_UNREADABLE: Sometimes, Nothing,
        "None of the campaign's sources could be read.",
        "The message says of each source why. Mend or replace them under Connections.";
    MCP_CLIENT_MISSING: No, Nothing,
        "No connected MCP server or feed gives what the skill needs.",
        "Connect it under Connections; the message names the tool or the network.";
    MCP_TOOL_ERROR: Sometimes, Nothing,
        "The tool that the skill read from answered that it failed.",
        "The message has the tool's words and, in brackets, its own code.";
    MCP_TRANSPORT_ERROR: Sometimes, Nothing,
        "The tool that the skill reads from could not be reached, or its answer was lost.",
        "Look at the server under Connections. The code in brackets says what happened on the way.";
}
