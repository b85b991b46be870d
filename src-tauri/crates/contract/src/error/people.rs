//! Codes about who is asking.

use super::code::codes;

codes! {
    UNAUTHENTICATED: 401, false, Nothing,
        "You are not signed in, or your session has ended.",
        "Sign in again.";
    SIGN_IN_FAILED: 401, false, Nothing,
        "There is no account with this e-mail address and password.",
        "Check both and try again. An admin can set a new password.";
    FORBIDDEN: 403, false, Nothing,
        "Your roles do not allow this.",
        "Ask an admin for the role; `details` lists the roles that may.";
    SETUP_DONE: 409, false, Nothing,
        "This installation already has an owner.",
        "Sign in. An admin can add more people under Settings.";
    EMAIL_TAKEN: 409, false, Nothing,
        "There already is an account with this e-mail address.",
        "Use another address, or change the existing account.";
    TENANT_TAKEN: 409, false, Nothing,
        "There already is a workspace with this name in addresses.",
        "Choose another one.";
    LAST_ADMIN: 409, false, Nothing,
        "This is the last active admin.",
        "Make somebody else an admin first.";
    PASSWORD_WEAK: 422, false, Nothing,
        "The password is too short, too long or too easy to guess.",
        "Use 12 to 256 characters that are not your name, your e-mail address or one repeated sign.";
    SIGN_IN_THROTTLED: 429, true, Nothing,
        "Too many failed attempts to sign in.",
        "Wait for the seconds in the Retry-After header, then try again.";
}
