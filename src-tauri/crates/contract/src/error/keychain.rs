//! Codes about keys and the keychain that keeps them.

use super::code::codes;

codes! {
    SECRET_READ_ONLY: 409, false, Nothing,
        "This key comes from the environment, so it cannot be changed here.",
        "Change or unset the variable where Chimera is started; the message names it.";
    KEYCHAIN_SWITCHED_OFF: 409, false, Nothing,
        "This installation keeps its keys in its environment and not in a keychain.",
        "Set OPENAI_API_KEY where Chimera is started, and restart it.";
    KEYCHAIN_LOCKED: 503, true, Nothing,
        "The system's keychain is locked, or was never created.",
        "Unlock it and test it again under Connections, or set OPENAI_API_KEY where Chimera is started.";
    KEYCHAIN_MISSING: 503, false, Nothing,
        "This machine offers no keychain, and a key is never kept in a plain file instead.",
        "Start one, for example gnome-keyring, and restart Chimera; or set OPENAI_API_KEY where Chimera is started.";
    KEYCHAIN_REFUSED: 503, true, Unknown,
        "The system's keychain refused for a reason of its own.",
        "The message has its words. Test it again under Connections, or set OPENAI_API_KEY where Chimera is started.";
    KEYCHAIN_TIMEOUT: 504, true, Unknown,
        "The system's keychain did not answer in time.",
        "If a window asks you to unlock it, answer there and try again; or set OPENAI_API_KEY where Chimera is started.";
}
