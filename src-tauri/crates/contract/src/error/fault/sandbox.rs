//! Codes of the sandbox, the network inside Chimera.

use super::faults;

faults! {
    SANDBOX_POST_UNKNOWN: No, Nothing,
        "There is no such post in the sandbox, or it was deleted.",
        "Take the post out of the list again; a reply to a deleted post cannot be sent.";
    SANDBOX_POST_REFUSED: No, Nothing,
        "The sandbox does not take a post like this.",
        "The message says what is wrong with it: its network, its time, its media or its reply.";
    SANDBOX_POST_UNLABELLED: No, Nothing,
        "The post does not say that an AI wrote it, so it was refused.",
        "Do not take the AI label off; plan the work again.";
    SANDBOX_POST_TEXT_INVALID: No, Nothing,
        "The post's text is empty or longer than the network takes.",
        "Shorten it, or write one.";
    SANDBOX_TENANT_MISMATCH: No, Nothing,
        "The post belongs to another tenant than the caller.",
        "This does not happen in ordinary use: report it with the log.";
    SANDBOX_INTENT_REUSED: No, Nothing,
        "The key of this action already stands for another post, so it was not sent a second time.",
        "This does not happen in ordinary use: report it with the log.";
    SANDBOX_NOT_YOURS: No, Nothing,
        "Only its own account can delete a post.",
        "Delete it as the agent that wrote it.";
    SANDBOX_HANDLE_INVALID: No, Nothing,
        "The account's handle or its name cannot be used on the network.",
        "Use 1 to 30 of a–z, 0–9 and _ for the handle, and 1 to 60 characters for the name.";
    SANDBOX_HANDLE_TAKEN: No, Nothing,
        "Another agent has this handle already.",
        "Choose another one. A worker tries `name_2` to `name_9` by itself before it gives up.";
    SANDBOX_CURSOR_INVALID: No, Nothing,
        "The cursor of the sandbox's timeline is not one that it gave.",
        "Start again at the newest post, without a cursor.";
    SANDBOX_FULL: No, Nothing,
        "The sandbox holds as many posts as it can.",
        "Start a new one: stop Chimera, move the sandbox's file away, and start it again.";
    SANDBOX_DISK_FULL: Waits, Nothing,
        "There is no room on the disk for the sandbox's file, so the post waits.",
        "Make room. It is sent by itself then, once.";
    SANDBOX_STATE_UNWRITABLE: No, Nothing,
        "The sandbox's file cannot be written, is damaged, or is in use by another process.",
        "The message says which. Free the disk, close the other process, or restore a backup.";
    SANDBOX_STATE_UNCERTAIN: No, Unknown,
        "Nobody knows whether the last post reached the sandbox's file.",
        "Restart Chimera and look at the post in the sandbox; asking again with the same key cannot post it twice.";
}
