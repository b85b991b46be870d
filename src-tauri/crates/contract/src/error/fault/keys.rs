//! Codes of single keys. Those of the keychain itself can also be an HTTP answer and stand there.

use super::faults;

faults! {
    SECRET_NOT_FOUND: No, Nothing,
        "There is no such key, neither in the keychain nor in the environment.",
        "Store it under Connections, or set its environment variable.";
    SECRET_NAME_INVALID: No, Nothing,
        "This cannot be the name of a key.",
        "Use 1 to 64 of a–z, 0–9, `.`, `_` and `-`, beginning with a letter or digit.";
    SECRET_WRONG_SIZE: No, Nothing,
        "The key is empty, or longer than every system's keychain takes.",
        "Copy it again; the message has the largest size.";
    SECRET_UNREADABLE: No, Nothing,
        "What the keychain holds under this name is not what Chimera put there.",
        "Delete the entry in the system's own password program and store the key again.";
}
