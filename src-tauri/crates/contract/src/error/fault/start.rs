//! Codes of a start that did not succeed. Asking again starts Chimera once more.

use super::faults;

faults! {
    PORT_TAKEN: No, Nothing,
        "Another program listens on Chimera's port.",
        "Stop that program, or choose another port with --port; 0 takes a free one.";
    ADDRESS_REFUSED: No, Nothing,
        "Chimera may not listen on its address.",
        "Choose another address or port in the settings; the message has the system's words.";
    FOLDER_REFUSED: No, Nothing,
        "The folder for Chimera's data cannot be made.",
        "Choose another with --data-dir, or see that Chimera's account may write there.";
    STATE_REFUSED: No, Nothing,
        "The database cannot be opened: it is in use, damaged, cannot be written, or is of a newer Chimera.",
        "The message says which, and how to mend it.";
    START_FAILED: No, Nothing,
        "Chimera did not start.",
        "The message says why; `chimerad doctor` looks at every part.";
}
