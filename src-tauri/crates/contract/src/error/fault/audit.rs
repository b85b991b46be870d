//! Codes of the chain over the audit log (what keeps it from being sealed, kept elsewhere, or believed), of what only the
//! audit log can clear up, and of traces that are lost.

use super::faults;

faults! {
    AUDIT_NOT_SEALED: Waits, Nothing,
        "The audit log cannot be sealed now. Records are written and none is lost.",
        "Mend what the message names; the records that wait are sealed then. Until they are, they can be altered unseen.";
    AUDIT_KEY_LOST: Waits, Nothing,
        "The audit log was signed with a key that is not here, so nothing is sealed.",
        "Put the key back. If it is gone for good, write the public half that the message names into `audit_trusted_keys` in the settings and start again.";
    AUDIT_KEY_UNREADABLE: Waits, Nothing,
        "What is kept as the key that signs the audit log is no key.",
        "Look at `audit-signing-key` in the keychain, or at AUDIT_SIGNING_KEY where Chimera is started: it is 64 hexadecimal digits.";
    AUDIT_ANCHOR_FAILED: Waits, Nothing,
        "Checkpoints of the audit log cannot be kept in the file of `audit_anchor`. The log is sealed as before.",
        "See that the file can be written; what waits is kept then, by itself.";
    AUDIT_ANCHOR_UNREADABLE: No, Nothing,
        "The checkpoints that were kept elsewhere cannot be read, so the log was checked without them.",
        "See that the file of `audit_anchor` is there and whole, and check again.";
    AUDIT_CHAIN_BROKEN: No, Nothing,
        "A check found that the audit log was altered, or that something is missing from it.",
        "Keep a copy of the data folder before anything else. The audit room lists what was found; find out who could write the database.";
    TRACES_SET_ASIDE: No, Nothing,
        "The file of traces is damaged. It was put aside as it is, and traces begin anew; nothing else is touched by it.",
        "Look whether the disk is sound. The message names where the old file lies; `sqlite3 FILE .recover` reads what can be read of it. Delete it when nobody needs it.";
    CROSS_TENANT_ATTEMPT: No, Nothing,
        "Somebody of another workspace asked for something of this one, and was answered that there is no such thing.",
        "Look at the incident and at the audit record `security.cross_tenant`, which name what was asked for and the account that asked. Ask whoever runs this installation who that is.";
}
