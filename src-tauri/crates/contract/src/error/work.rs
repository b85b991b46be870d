//! Codes about the work: campaigns, plans, reviews, actions, personas, connections.

use super::code::codes;

codes! {
    STOPPED: 409, false, Nothing,
        "Everything is stopped.",
        "An operator can release the stop from the frame of the console.";
    WRONG_STATE: 409, false, Nothing,
        "This cannot be done in its present state.",
        "The message says which state it is in and what must happen first.";
    SHOWN_CHANGED: 409, false, Nothing,
        "What you looked at is not what would go out any more.",
        "Read the item again and decide on what it says now.";
    REVIEW_SETTLED: 409, false, Nothing,
        "This review is decided already.",
        "Look at what was decided; a decision can be undone while its action is held.";
    REVIEW_EXPIRED: 409, false, Nothing,
        "This review expired, which denies it.",
        "Nothing was sent. Plan the work again if it is still wanted.";
    REVIEW_CLAIMED: 409, true, Nothing,
        "Somebody else is looking at this review.",
        "Take another one, or wait until the claim ends.";
    REPLAY_REFUSED: 409, false, Nothing,
        "This step cannot be done again.",
        "The message says why. What nobody knows the outcome of is settled first; what its input ended is planned anew.";
    REPLAY_COOLDOWN_ACTIVE: 429, true, Nothing,
        "This step was done again a moment ago.",
        "Wait until the time in the message. If it failed again, mend the cause first.";
    REPLAY_RATE_LIMITED: 429, true, Nothing,
        "This step was done again as often as one may be in a day (UTC).",
        "Mend the cause, and try again tomorrow; or make another campaign like it.";
    UNDO_OVER: 409, false, Nothing,
        "The action was begun, so that it cannot be taken back any more.",
        "It has left or is leaving, or nobody knows yet. Look at its state in the outbox.";
    AGENT_EXISTS: 409, false, Nothing,
        "There already is an agent of this name.",
        "Give it another name, or write a new version of the existing one.";
    FEED_EXISTS: 409, false, Nothing,
        "This feed is connected already.",
        "Use the one in the list, or remove it first.";
    PLATFORM_NOT_CONNECTED: 422, false, Nothing,
        "Nothing that is connected can post to one of these networks.",
        "`details.connected` lists the networks that can be chosen; connect a server for another one.";
    PLAN_CYCLE: 422, false, Nothing,
        "The plan has a circle: a step would wait for itself.",
        "`details.circle` names the steps; remove one of the arrows between them.";
    PLAN_BEYOND_BUDGET: 422, false, Nothing,
        "The caps of the plan's steps are together more than the campaign may spend in a day.",
        "`details` has both sums: lower the caps of steps, or raise the daily budget.";
    PLAN_INVALID: 422, false, Nothing,
        "The plan cannot run as it is.",
        "The message names the step and what is wrong with it.";
    EDIT_NOT_TEXT: 422, false, Nothing,
        "This is no text that can be written anew, so the edit was not made.",
        "Approve it or reject it; the reasons of a rejection guide the next try.";
    EDIT_BLOCKED: 422, false, Nothing,
        "Policy or safety blocks this edit.",
        "`details.findings` lists why; change these words and try again.";
    SOUL_INVALID: 422, false, Nothing,
        "The SOUL.md has errors and was not stored.",
        "`details.diagnostics` lists each with line and column and says what to write.";
    POLICY_INVALID: 422, false, Nothing,
        "The policy contradicts itself or switches its own safety off.",
        "The message names the first thing that is wrong; the policy in force stays.";
    FEED_UNREADABLE: 422, false, Nothing,
        "The feed cannot be read.",
        "The message says what its server or file answered. Check the address.";
    POLICY_UNREADABLE: 500, false, Nothing,
        "The stored policy cannot be read, so nothing runs.",
        "Store a valid policy under Policies.";
    STOP_UNREADABLE: 500, false, Nothing,
        "Whether everything is stopped cannot be read, so nothing begins and nothing leaves.",
        "Release the stop, or stop everything; either stores the state anew.";
    PLANNING_FAILED: 503, true, Nothing,
        "The planner gave no plan that can be used.",
        "The message says why. Try again, choose another model, or write the plan yourself.";
    EDIT_NOT_JUDGED: 503, true, Nothing,
        "The edit could not be judged, so it was not decided.",
        "The message says why. Try again, or approve or reject the draft as it is.";
    MODEL_UNAVAILABLE: 503, true, Nothing,
        "The AI provider gave no usable answer.",
        "Test it under Connections; the message says what it answered.";
    TOOL_UNAVAILABLE: 503, true, Nothing,
        "An MCP server did not do what it was asked.",
        "Look at the server under Connections; the message says what it answered.";
}
