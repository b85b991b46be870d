//! Codes about the request itself, whatever it asked for.

use super::code::codes;

codes! {
    BAD_REQUEST: 400, false, Nothing,
        "The request could not be read.",
        "Compare it with the API document; `details` says where reading stopped.";
    CURSOR_INVALID: 400, false, Nothing,
        "The cursor of this list is not one that the server gave.",
        "Start again at the first page, without `after`.";
    IDEMPOTENCY_KEY_INVALID: 400, false, Nothing,
        "The Idempotency-Key header is empty, too long or not plain text.",
        "Send 1 to 128 visible ASCII characters, for example a UUID.";
    ORIGIN_REFUSED: 403, false, Nothing,
        "A page of another site tried to act in your name.",
        "Open the console at its own address. If this address is right, add it to the allowed hosts.";
    NOT_FOUND: 404, false, Nothing,
        "There is no such thing, or it is not yours to see.",
        "Go back to the list and open it from there; it may have been removed.";
    METHOD_NOT_ALLOWED: 405, false, Nothing,
        "This address does not know that method.",
        "The API document lists what each address can do.";
    VERSION_CONFLICT: 409, false, Nothing,
        "Somebody else changed it in the meantime.",
        "Read it again, look at what changed, and decide again.";
    IDEMPOTENCY_IN_FLIGHT: 409, true, Nothing,
        "The same write is still being worked on.",
        "Wait a moment and send it again; the answer of the first one will be returned.";
    IDEMPOTENCY_IN_DOUBT: 409, false, Unknown,
        "This write was begun before and broke off, so nobody knows whether it took effect.",
        "Look whether it is done. If it is not, send it again with a new Idempotency-Key; this one is never acted on again.";
    VERSION_MISMATCH: 412, false, Nothing,
        "What you looked at is no longer what is stored.",
        "Read it again, look at what changed, and decide again.";
    BODY_TOO_LARGE: 413, false, Nothing,
        "The request is larger than the server accepts.",
        "Send less; the limit in bytes is in `details`.";
    UNSUPPORTED_MEDIA_TYPE: 415, false, Nothing,
        "The request has a body that is not JSON.",
        "Send `Content-Type: application/json`.";
    HOST_REFUSED: 421, false, Nothing,
        "The server does not answer under that host name.",
        "Use localhost or 127.0.0.1, or add the name to the allowed hosts in the server's settings.";
    VALIDATION_ERROR: 422, false, Nothing,
        "Something in the request is not as it must be.",
        "The message names what is wrong and how to write it.";
    IDEMPOTENCY_KEY_REUSED: 422, false, Nothing,
        "This Idempotency-Key was used before for another request.",
        "Use a new key for every new write, and the same key only to repeat one.";
    PRECONDITION_REQUIRED: 428, false, Nothing,
        "This write must name the version that it changes.",
        "Read it first and send its ETag as If-Match.";
    RATE_LIMITED: 429, true, Nothing,
        "Too many requests in a short time.",
        "Wait for the seconds in the Retry-After header.";
    INTERNAL_ERROR: 500, false, Unknown,
        "Something went wrong inside Chimera that nobody foresaw.",
        "Look at the current state before you try again. The log has the full story under the request id.";
    STORE_FAILED: 500, true, Unknown,
        "The database could not be read or written.",
        "Look at the current state before you try again. `chimerad doctor` says what is wrong with the file.";
    STORE_DAMAGED: 500, false, Nothing,
        "The database is damaged, or its file was taken away or replaced, so nothing of this was written.",
        "Stop Chimera, keep the file, and put the one that is meant in its place, or the newest copy that `chimerad backup` made: the next start names it.";
    STORE_FULL: 503, true, Nothing,
        "There is no room for the database, so nothing of this was written. What was there is not lost.",
        "Make room on its disk: Chimera goes on by itself then. `chimerad backup --to` puts a copy on another disk.";
    STORE_READ_ONLY: 503, true, Nothing,
        "The database cannot be written to, so nothing of this was written. What was there is not lost.",
        "Check who owns the file and its folder, and whether the disk is mounted read-only; then try again. `chimerad backup --to` puts a copy on another disk.";
    UNAVAILABLE: 503, true, Nothing,
        "A part that this needs is not available right now.",
        "The message says which part. Try again in a moment, or look at Connections.";
    NOT_STARTED: 503, false, Nothing,
        "Chimera did not start.",
        "The message says what keeps it from starting. Mend that, then try again.";
    TIMED_OUT: 504, true, Unknown,
        "It took too long and was given up.",
        "Look at the current state before you try again; it may have been done all the same.";
}
