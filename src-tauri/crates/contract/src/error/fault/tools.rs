//! Codes between Chimera and the MCP servers.

use super::faults;

faults! {
    TOOL_UNKNOWN: No, Nothing,
        "There is no such tool, or it was not offered for this step.",
        "Look at the server's tools under Connections. An action that waits for its tool stays held until the server is back.";
    TOOL_NEEDS_DECISION: No, Nothing,
        "The tool acts on the outside, or its class says so wrongly, so it was not called here.",
        "Such a tool runs from the outbox only, after a decision. Its class is shown under Connections.";
    TOOL_ARGUMENTS_INVALID: No, Nothing,
        "The arguments do not fit what the tool takes.",
        "The message names the place. If the plan wrote them, plan the step again.";
    TOOL_RESULT_TOO_LARGE: No, Unknown,
        "The tool's result is larger than is taken, and was thrown away.",
        "Ask for less at a time. If the tool acts, look at the far side before you try again.";
    TOOL_RESULT_INVALID: No, Unknown,
        "The tool's result is not what the tool promises, and was thrown away.",
        "Update the server, or tell its makers. If the tool acts, look at the far side before you try again.";
    TOOL_COOLDOWN: Yes, Nothing,
        "The account used this tool too recently, so it was not called.",
        "Wait; it goes out when the pause is over. How long the pause is, is set for each network.";
    TOOL_REFUSED: No, Unknown,
        "The network's server answered that the action failed.",
        "The message has its words and says whether anything may have taken effect. Mend the cause, or reject the post and have it written anew.";
    MCP_SERVER_UNKNOWN: No, Nothing,
        "There is no MCP server of that name.",
        "Connect it under Connections, or correct the name.";
    MCP_SERVER_DOWN: Yes, Nothing,
        "The MCP server cannot be started, or does not speak the protocol.",
        "Its last words are under Connections. It is started again with the next call.";
    MCP_UNAUTHORIZED: No, Nothing,
        "The MCP server refused the call, because it was given no key or a wrong one.",
        "Store the key under Connections and name it in the server's headers, for example `Authorization: Bearer ${secret:name}`.";
    MCP_AUTHORIZATION_NEEDED: Waits, Nothing,
        "The MCP server wants to be authorized by a person, or no longer takes the authorization that it was given.",
        "Authorize it on its card under Connections, or with `chimerad mcp authorize`. What waits for it goes on then.";
    MCP_SCOPE_NEEDED: Waits, Nothing,
        "The MCP server wants an authorization for more than the one that it was given.",
        "Look at what it asks for on its card under Connections, and authorize it again, or leave it. What waits for it goes on then.";
    OAUTH_ANSWER_UNUSABLE: No, Nothing,
        "The server, or its authorization server, does not say what is needed to authorize it, or not in a way that can be used.",
        "The message says what is missing. Tell whoever runs the server.";
    OAUTH_ADDRESS_REFUSED: No, Nothing,
        "An address that is needed to authorize the server is none that may be asked or opened.",
        "The message names it. If the host is yours, list it under `allow_hosts` in the settings; else tell whoever runs the server.";
    OAUTH_MISMATCH: No, Nothing,
        "What came while the server was authorized is meant for, or comes from, somebody else.",
        "Begin again. If it stays so, somebody stands in between: do not trust the server.";
    OAUTH_REGISTRATION_REFUSED: No, Nothing,
        "The authorization server does not take Chimera as a client.",
        "The message has its words. Register a client there by hand and enter its id where the server is authorized, or tell whoever runs it.";
    OAUTH_DENIED: No, Nothing,
        "The person, or the authorization server, did not authorize.",
        "Begin again if that was not meant.";
    OAUTH_TOKEN_REFUSED: No, Nothing,
        "The authorization server gave no token, or none that can be used.",
        "The message has its words. Authorize the server again.";
    OAUTH_UNREACHABLE: Yes, Nothing,
        "The authorization server cannot be reached, or answers with an error of its own.",
        "Try again later.";
    OAUTH_ROUNDS_SPENT: No, Nothing,
        "The MCP server keeps asking for the authorization that it was already given.",
        "Disconnect it and authorize it anew, or tell whoever runs it.";
    OAUTH_NOT_BEGUN: No, Nothing,
        "No such authorization is under way any more: its answer came too late, or it was taken back or begun once more meanwhile.",
        "Begin again.";
    MCP_ADDRESS_REFUSED: No, Nothing,
        "The MCP server's address is private and not listed, leads elsewhere, or is none.",
        "If the host is yours, list it under `allow_hosts` in the settings. If it moved, enter the new address and trust it.";
    MCP_CIRCUIT_OPEN: Waits, Nothing,
        "The MCP server failed several times running, so it is left alone for a while and nothing was sent.",
        "There is nothing to do: it is tried again by itself at the time in the message. Its last words are under Connections.";
    MCP_CONNECTION_LOST: Yes, Unknown,
        "The connection to the MCP server ended before its answer.",
        "The message says whether the request had left. An action whose request had left is repeated only where its key keeps it from being done twice.";
    MCP_TIMEOUT: Yes, Unknown,
        "The MCP server gave no answer in time, or was busy with other calls.",
        "The message says whether the request had left. If it happens often, look at the server under Connections.";
    MCP_REFUSED: No, Unknown,
        "The MCP server answered with an error of the protocol.",
        "The message has its words and says whether anything may have taken effect. Update the server, or tell its makers.";
    MCP_INPUT_REQUIRED: No, Unknown,
        "The MCP server asks for input in the middle of a call.",
        "A question that a form can hold is answered under Connections. What no person is asked (a web page, a model's words, folders, a form without bounds) is refused, and the message says which it was; look at the far side before you try again.";
    MCP_RESOURCE_UNKNOWN: No, Nothing,
        "The MCP server has no such resource.",
        "Correct its URI.";
    MCP_PROMPT_UNKNOWN: No, Nothing,
        "The MCP server lists no such prompt, or wants other arguments for it.",
        "Correct its name, or give what it needs and nothing else.";
    MCP_RESOURCE_BINARY: No, Nothing,
        "The resource is not text, and only text is read.",
        "Name one that is text.";
    MCP_TOO_MANY_FOLLOWED: Waits, Nothing,
        "As many resources of MCP servers are followed as may be, so this one is not.",
        "Close one that is open under Connections, then open this one again.";
    MCP_TOOLS_LEFT_OUT: No, Something,
        "The MCP server is connected, but some of its tools cannot be used.",
        "The message names each and why. Update the server, or tell its makers; its other tools work.";
    MCP_SERVER_UNTRUSTED: Waits, Nothing,
        "Nobody has let the MCP server run yet, or it would be started in another way than it was trusted.",
        "Look at what it would run under Connections, and trust it or remove it. What waits for it goes on then.";
    MCP_SERVER_OFF: No, Nothing,
        "The MCP server is switched off.",
        "Switch it on under Connections.";
    MCP_TOOL_QUARANTINED: Waits, Nothing,
        "The tool, or its server, is not what it was when it was trusted, or was not looked at yet since then, so it is neither offered nor called.",
        "Look at the change under Connections, and trust it or leave it. What waits for it stays held until then.";
    MCP_VERSION_REFUSED: Waits, Nothing,
        "The MCP server is of another version than its operator wants, so none of its tools is offered or called.",
        "Run that version, go back to the former program, or change what is wanted under Connections. What waits for it stays held until then.";
    MCP_SHUT_DOWN: No, Nothing,
        "Chimera was shutting down, so the tool was not called.",
        "There is nothing to do: what was not finished is taken up at the next start.";
    MCP_CALLER_INVALID: No, Nothing,
        "The request does not say, or says wrongly, for whom it is.",
        "A client of your own must name the tenant in `_meta`; from inside Chimera this does not happen: report it.";
    MCP_ANSWER_UNWRITABLE: No, Something,
        "The tool did what it was asked, but its answer cannot be written as JSON.",
        "Look at the far side before you try again, and report it with the log.";
}
