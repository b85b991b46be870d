//! Codes of language models and their providers. Asking one changes nothing; tokens may have been charged.

use super::faults;

faults! {
    MODEL_AUTH: No, Nothing,
        "The AI provider does not accept the key.",
        "Check the key and what it is allowed to do, and store it again under Connections.";
    MODEL_NO_CREDIT: No, Nothing,
        "The account at the AI provider has no credit left.",
        "Add credit there, or choose another provider under Connections.";
    MODEL_RATE_LIMITED: Yes, Nothing,
        "The AI provider takes no more questions for the moment.",
        "Wait. If it happens often, run fewer agents at once, or ask the provider for a higher limit.";
    MODEL_CIRCUIT_OPEN: Waits, Nothing,
        "The AI provider failed several times running, so it is left alone for a while and nothing was asked.",
        "There is nothing to do: it is asked again by itself at the time in the message, and what waits for it goes on. Reviews, approvals and publishing are not held up.";
    MODEL_UNREACHABLE: Yes, Nothing,
        "Nothing answers at the AI provider's address.",
        "Check the address under Connections, and the network; a local model must be running.";
    MODEL_ADDRESS: No, Nothing,
        "The AI provider's address may not be asked, leads on to another one, or cannot prove whose it is.",
        "Correct the address under Connections; the message says what is wrong with it.";
    MODEL_TIMEOUT: Yes, Nothing,
        "The AI provider's answer took too long and was given up; tokens may have been charged.",
        "Choose a faster model if it happens often.";
    MODEL_STREAM_CUT: Yes, Nothing,
        "The AI provider's answer broke off in the middle; tokens may have been charged.",
        "Check the network if it happens often.";
    MODEL_BAD_ANSWER: Yes, Nothing,
        "The model gave no answer that can be used; tokens may have been charged.",
        "Choose a stronger model under Connections if it happens often.";
    MODEL_ANSWER_TOO_LARGE: Yes, Nothing,
        "The model's answer was larger than one may be, and was thrown away; tokens may have been charged.",
        "Check that the address under Connections is that of a model; choose another one if it happens often.";
    MODEL_REQUEST_REFUSED: No, Nothing,
        "The AI provider refuses the question as it is.",
        "The message has its words. Choose a model that can answer with JSON and use tools.";
    MODEL_CONTEXT_TOO_LONG: No, Nothing,
        "The question is longer than this model can read.",
        "Give the step less to read: fewer feeds, or a shorter persona. Or choose a model that reads more.";
    MODEL_REQUEST_TOO_LONG: No, Nothing,
        "The question is longer than one turn may be here, so it was not asked.",
        "Give the step less to read: fewer feeds, or a shorter persona.";
    MODEL_NOT_FOUND: No, Nothing,
        "The AI provider knows no such model or address.",
        "Check the address and the model's name under Connections.";
    MODEL_REHEARSAL_FACTS: No, Nothing,
        "The built-in rehearsal model was asked something that it has no rules for.",
        "Choose a provider under Connections for questions of your own.";
    PROVIDER_INVALID: No, Nothing,
        "The AI provider's settings cannot be used.",
        "Correct them under Connections; the message says what is wrong.";
    PROVIDER_KEY_MISSING: No, Nothing,
        "The AI provider's key is not there, so nothing was asked.",
        "Store the key under Connections, or set OPENAI_API_KEY where Chimera is started. No restart is needed for a stored key.";
}
