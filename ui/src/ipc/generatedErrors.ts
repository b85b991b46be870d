// Every error code of the API. Generated from errors.json; do not change it here.
import type { ErrorTable } from "./errors";

export const ERRORS: ErrorTable = {
  "AGENT_EXISTS": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "There already is an agent of this name.",
    "hint": "Give it another name, or write a new version of the existing one."
  },
  "BAD_REQUEST": {
    "status": 400,
    "retryable": false,
    "effect": "nothing",
    "text": "The request could not be read.",
    "hint": "Compare it with the API document; `details` says where reading stopped."
  },
  "BODY_TOO_LARGE": {
    "status": 413,
    "retryable": false,
    "effect": "nothing",
    "text": "The request is larger than the server accepts.",
    "hint": "Send less; the limit in bytes is in `details`."
  },
  "CURSOR_INVALID": {
    "status": 400,
    "retryable": false,
    "effect": "nothing",
    "text": "The cursor of this list is not one that the server gave.",
    "hint": "Start again at the first page, without `after`."
  },
  "EDIT_BLOCKED": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "Policy or safety blocks this edit.",
    "hint": "`details.findings` lists why; change these words and try again."
  },
  "EDIT_NOT_JUDGED": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "The edit could not be judged, so it was not decided.",
    "hint": "The message says why. Try again, or approve or reject the draft as it is."
  },
  "EDIT_NOT_TEXT": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "This is no text that can be written anew, so the edit was not made.",
    "hint": "Approve it or reject it; the reasons of a rejection guide the next try."
  },
  "EMAIL_TAKEN": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "There already is an account with this e-mail address.",
    "hint": "Use another address, or change the existing account."
  },
  "FEED_EXISTS": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This feed is connected already.",
    "hint": "Use the one in the list, or remove it first."
  },
  "FEED_UNREADABLE": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The feed cannot be read.",
    "hint": "The message says what its server or file answered. Check the address."
  },
  "FORBIDDEN": {
    "status": 403,
    "retryable": false,
    "effect": "nothing",
    "text": "Your roles do not allow this.",
    "hint": "Ask an admin for the role; `details` lists the roles that may."
  },
  "HOST_REFUSED": {
    "status": 421,
    "retryable": false,
    "effect": "nothing",
    "text": "The server does not answer under that host name.",
    "hint": "Use localhost or 127.0.0.1, or add the name to the allowed hosts in the server's settings."
  },
  "IDEMPOTENCY_IN_DOUBT": {
    "status": 409,
    "retryable": false,
    "effect": "unknown",
    "text": "This write was begun before and broke off, so nobody knows whether it took effect.",
    "hint": "Look whether it is done. If it is not, send it again with a new Idempotency-Key; this one is never acted on again."
  },
  "IDEMPOTENCY_IN_FLIGHT": {
    "status": 409,
    "retryable": true,
    "effect": "nothing",
    "text": "The same write is still being worked on.",
    "hint": "Wait a moment and send it again; the answer of the first one will be returned."
  },
  "IDEMPOTENCY_KEY_INVALID": {
    "status": 400,
    "retryable": false,
    "effect": "nothing",
    "text": "The Idempotency-Key header is empty, too long or not plain text.",
    "hint": "Send 1 to 128 visible ASCII characters, for example a UUID."
  },
  "IDEMPOTENCY_KEY_REUSED": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "This Idempotency-Key was used before for another request.",
    "hint": "Use a new key for every new write, and the same key only to repeat one."
  },
  "INTERNAL_ERROR": {
    "status": 500,
    "retryable": false,
    "effect": "unknown",
    "text": "Something went wrong inside Chimera that nobody foresaw.",
    "hint": "Look at the current state before you try again. The log has the full story under the request id."
  },
  "KEYCHAIN_LOCKED": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "The system's keychain is locked, or was never created.",
    "hint": "Unlock it and test it again under Connections, or set OPENAI_API_KEY where Chimera is started."
  },
  "KEYCHAIN_MISSING": {
    "status": 503,
    "retryable": false,
    "effect": "nothing",
    "text": "This machine offers no keychain, and a key is never kept in a plain file instead.",
    "hint": "Start one, for example gnome-keyring, and restart Chimera; or set OPENAI_API_KEY where Chimera is started."
  },
  "KEYCHAIN_REFUSED": {
    "status": 503,
    "retryable": true,
    "effect": "unknown",
    "text": "The system's keychain refused for a reason of its own.",
    "hint": "The message has its words. Test it again under Connections, or set OPENAI_API_KEY where Chimera is started."
  },
  "KEYCHAIN_SWITCHED_OFF": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This installation keeps its keys in its environment and not in a keychain.",
    "hint": "Set OPENAI_API_KEY where Chimera is started, and restart it."
  },
  "KEYCHAIN_TIMEOUT": {
    "status": 504,
    "retryable": true,
    "effect": "unknown",
    "text": "The system's keychain did not answer in time.",
    "hint": "If a window asks you to unlock it, answer there and try again; or set OPENAI_API_KEY where Chimera is started."
  },
  "LAST_ADMIN": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This is the last active admin.",
    "hint": "Make somebody else an admin first."
  },
  "MCP_ENTRY_INVALID": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The server's entry, or the file that it stands in, makes no sense.",
    "hint": "The message names the place. Correct it and send it again."
  },
  "MCP_SECRET_IN_CLEAR": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "A secret stands in clear in the server's entry, and the registry keeps none.",
    "hint": "Keep it as a key under Connections and write `${secret:name}` in its variables, or name a variable of the environment."
  },
  "MCP_SERVER_EXISTS": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "There is a server of this name already.",
    "hint": "Choose another name, or change the one that is there."
  },
  "MCP_TRUST_STALE": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "What was to be trusted is not what the person saw any more.",
    "hint": "Look again at what would be run, or at what changed, and decide again."
  },
  "MCP_VARIABLE_UNSET": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The server needs a variable that is not set where Chimera was started.",
    "hint": "Set it there and restart Chimera, write `${NAME:-default}`, or take it out of the entry."
  },
  "METHOD_NOT_ALLOWED": {
    "status": 405,
    "retryable": false,
    "effect": "nothing",
    "text": "This address does not know that method.",
    "hint": "The API document lists what each address can do."
  },
  "MODEL_UNAVAILABLE": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "The AI provider gave no usable answer.",
    "hint": "Test it under Connections; the message says what it answered."
  },
  "NOT_FOUND": {
    "status": 404,
    "retryable": false,
    "effect": "nothing",
    "text": "There is no such thing, or it is not yours to see.",
    "hint": "Go back to the list and open it from there; it may have been removed."
  },
  "NOT_STARTED": {
    "status": 503,
    "retryable": false,
    "effect": "nothing",
    "text": "Chimera did not start.",
    "hint": "The message says what keeps it from starting. Mend that, then try again."
  },
  "ORIGIN_REFUSED": {
    "status": 403,
    "retryable": false,
    "effect": "nothing",
    "text": "A page of another site tried to act in your name.",
    "hint": "Open the console at its own address. If this address is right, add it to the allowed hosts."
  },
  "PASSWORD_WEAK": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The password is too short, too long or too easy to guess.",
    "hint": "Use 12 to 256 characters that are not your name, your e-mail address or one repeated sign."
  },
  "PLANNING_FAILED": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "The planner gave no plan that can be used.",
    "hint": "The message says why. Try again, choose another model, or write the plan yourself."
  },
  "PLAN_BEYOND_BUDGET": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The caps of the plan's steps are together more than the campaign may spend in a day.",
    "hint": "`details` has both sums: lower the caps of steps, or raise the daily budget."
  },
  "PLAN_CYCLE": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The plan has a circle: a step would wait for itself.",
    "hint": "`details.circle` names the steps; remove one of the arrows between them."
  },
  "PLAN_INVALID": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The plan cannot run as it is.",
    "hint": "The message names the step and what is wrong with it."
  },
  "PLATFORM_NOT_CONNECTED": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "Nothing that is connected can post to one of these networks.",
    "hint": "`details.connected` lists the networks that can be chosen; connect a server for another one."
  },
  "POLICY_INVALID": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The policy contradicts itself or switches its own safety off.",
    "hint": "The message names the first thing that is wrong; the policy in force stays."
  },
  "POLICY_UNREADABLE": {
    "status": 500,
    "retryable": false,
    "effect": "nothing",
    "text": "The stored policy cannot be read, so nothing runs.",
    "hint": "Store a valid policy under Policies."
  },
  "PRECONDITION_REQUIRED": {
    "status": 428,
    "retryable": false,
    "effect": "nothing",
    "text": "This write must name the version that it changes.",
    "hint": "Read it first and send its ETag as If-Match."
  },
  "RATE_LIMITED": {
    "status": 429,
    "retryable": true,
    "effect": "nothing",
    "text": "Too many requests in a short time.",
    "hint": "Wait for the seconds in the Retry-After header."
  },
  "REPLAY_COOLDOWN_ACTIVE": {
    "status": 429,
    "retryable": true,
    "effect": "nothing",
    "text": "This step was done again a moment ago.",
    "hint": "Wait until the time in the message. If it failed again, mend the cause first."
  },
  "REPLAY_RATE_LIMITED": {
    "status": 429,
    "retryable": true,
    "effect": "nothing",
    "text": "This step was done again as often as one may be in a day (UTC).",
    "hint": "Mend the cause, and try again tomorrow; or make another campaign like it."
  },
  "REPLAY_REFUSED": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This step cannot be done again.",
    "hint": "The message says why. What nobody knows the outcome of is settled first; what its input ended is planned anew."
  },
  "REVIEW_CLAIMED": {
    "status": 409,
    "retryable": true,
    "effect": "nothing",
    "text": "Somebody else is looking at this review.",
    "hint": "Take another one, or wait until the claim ends."
  },
  "REVIEW_EXPIRED": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This review expired, which denies it.",
    "hint": "Nothing was sent. Plan the work again if it is still wanted."
  },
  "REVIEW_SETTLED": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This review is decided already.",
    "hint": "Look at what was decided; a decision can be undone while its action is held."
  },
  "SECRET_READ_ONLY": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This key comes from the environment, so it cannot be changed here.",
    "hint": "Change or unset the variable where Chimera is started; the message names it."
  },
  "SETUP_DONE": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This installation already has an owner.",
    "hint": "Sign in. An admin can add more people under Settings."
  },
  "SHOWN_CHANGED": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "What you looked at is not what would go out any more.",
    "hint": "Read the item again and decide on what it says now."
  },
  "SIGN_IN_FAILED": {
    "status": 401,
    "retryable": false,
    "effect": "nothing",
    "text": "There is no account with this e-mail address and password.",
    "hint": "Check both and try again. An admin can set a new password."
  },
  "SIGN_IN_THROTTLED": {
    "status": 429,
    "retryable": true,
    "effect": "nothing",
    "text": "Too many failed attempts to sign in.",
    "hint": "Wait for the seconds in the Retry-After header, then try again."
  },
  "SOUL_INVALID": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "The SOUL.md has errors and was not stored.",
    "hint": "`details.diagnostics` lists each with line and column and says what to write."
  },
  "STOPPED": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "Everything is stopped.",
    "hint": "An operator can release the stop from the frame of the console."
  },
  "STOP_UNREADABLE": {
    "status": 500,
    "retryable": false,
    "effect": "nothing",
    "text": "Whether everything is stopped cannot be read, so nothing begins and nothing leaves.",
    "hint": "Release the stop, or stop everything; either stores the state anew."
  },
  "STORE_DAMAGED": {
    "status": 500,
    "retryable": false,
    "effect": "nothing",
    "text": "The database is damaged, or its file was taken away or replaced, so nothing of this was written.",
    "hint": "Stop Chimera, keep the file, and put the one that is meant in its place, or the newest copy that `chimerad backup` made: the next start names it."
  },
  "STORE_FAILED": {
    "status": 500,
    "retryable": true,
    "effect": "unknown",
    "text": "The database could not be read or written.",
    "hint": "Look at the current state before you try again. `chimerad doctor` says what is wrong with the file."
  },
  "STORE_FULL": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "There is no room for the database, so nothing of this was written. What was there is not lost.",
    "hint": "Make room on its disk: Chimera goes on by itself then. `chimerad backup --to` puts a copy on another disk."
  },
  "STORE_READ_ONLY": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "The database cannot be written to, so nothing of this was written. What was there is not lost.",
    "hint": "Check who owns the file and its folder, and whether the disk is mounted read-only; then try again. `chimerad backup --to` puts a copy on another disk."
  },
  "TENANT_TAKEN": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "There already is a workspace with this name in addresses.",
    "hint": "Choose another one."
  },
  "TIMED_OUT": {
    "status": 504,
    "retryable": true,
    "effect": "unknown",
    "text": "It took too long and was given up.",
    "hint": "Look at the current state before you try again; it may have been done all the same."
  },
  "TOOL_UNAVAILABLE": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "An MCP server did not do what it was asked.",
    "hint": "Look at the server under Connections; the message says what it answered."
  },
  "UNAUTHENTICATED": {
    "status": 401,
    "retryable": false,
    "effect": "nothing",
    "text": "You are not signed in, or your session has ended.",
    "hint": "Sign in again."
  },
  "UNAVAILABLE": {
    "status": 503,
    "retryable": true,
    "effect": "nothing",
    "text": "A part that this needs is not available right now.",
    "hint": "The message says which part. Try again in a moment, or look at Connections."
  },
  "UNDO_OVER": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "The action was begun, so that it cannot be taken back any more.",
    "hint": "It has left or is leaving, or nobody knows yet. Look at its state in the outbox."
  },
  "UNSUPPORTED_MEDIA_TYPE": {
    "status": 415,
    "retryable": false,
    "effect": "nothing",
    "text": "The request has a body that is not JSON.",
    "hint": "Send `Content-Type: application/json`."
  },
  "VALIDATION_ERROR": {
    "status": 422,
    "retryable": false,
    "effect": "nothing",
    "text": "Something in the request is not as it must be.",
    "hint": "The message names what is wrong and how to write it."
  },
  "VERSION_CONFLICT": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "Somebody else changed it in the meantime.",
    "hint": "Read it again, look at what changed, and decide again."
  },
  "VERSION_MISMATCH": {
    "status": 412,
    "retryable": false,
    "effect": "nothing",
    "text": "What you looked at is no longer what is stored.",
    "hint": "Read it again, look at what changed, and decide again."
  },
  "WRONG_STATE": {
    "status": 409,
    "retryable": false,
    "effect": "nothing",
    "text": "This cannot be done in its present state.",
    "hint": "The message says which state it is in and what must happen first."
  }
};
