//! Codes of the work itself: steps, judgements, reviews, actions and campaigns that came to nothing.

use super::faults;

faults! {
    NOTHING_RELEVANT: No, Nothing,
        "Nothing among what was read serves the goal well enough.",
        "Add feeds, say the goal in other words, or lower the campaign's relevance threshold.";
    TREND_ALERT: No, Nothing,
        "A topic stands out in the feeds that a step read: many speak of it, fast and lately.",
        "There is nothing to do: the planner is shown it for a day. Begin a campaign about it if it is worth one.";
    NOTHING_TO_WRITE: No, Nothing,
        "No research reached the writing step, so there was nothing to write about.",
        "Connect a research step to it in the plan.";
    NOTHING_TO_PUBLISH: No, Nothing,
        "No draft reached the publishing step, so there was nothing to publish.",
        "Connect a writing step to it in the plan.";
    PLATFORM_MISSING: No, Nothing,
        "The step names no network to publish to.",
        "Choose one in the plan.";
    ACCOUNT_UNNAMED: No, Nothing,
        "The agent got no account name on the network.",
        "Give the persona another id, or mend the network's server; the message has its words.";
    OUTPUT_REFUSED: No, Nothing,
        "The output filter stopped an action right before it left: a secret, a forbidden word, a missing AI label, or a denial that an AI wrote it.",
        "The message says what it found. Edit the draft in the review queue, or reject it; approving it unchanged stops it again.";
    DAILY_BUDGET_EXHAUSTED: Waits, Nothing,
        "The campaign's budget of the day (UTC) does not reach for the next question, so it was not asked.",
        "Wait for the next day, or raise the campaign's daily budget on its page: its steps go on by themselves either way. A plan that was being made is asked for again by hand.";
    BUDGET_IN_USE: Waits, Nothing,
        "Questions under way have the rest of the budget set aside, so the next one was not asked.",
        "Wait until they have ended, or raise the campaign's daily budget on its page. A plan or an edit that was being judged is asked for again by hand.";
    BUDGET_EXHAUSTED: No, Nothing,
        "The next question could cost more than the step may spend, or read and write more tokens than it may, or cost more than its campaign may spend on any day, so it was not asked.",
        "A started step keeps its cap: begin another campaign like it with a higher cap or daily budget, or choose a cheaper model first. While the campaign is a draft, raise them in place. The tokens of a step stand in the policy (max_step_tokens): a higher figure counts at once, for steps that have not ended.";
    TOOL_CALLS_EXHAUSTED: No, Nothing,
        "The model asked for more tool calls than a step may make, so those beyond were not made and the step ended.",
        "Choose another model for single tasks, or give the step fewer sources.";
    CONTEXT_TOO_LONG: No, Nothing,
        "The next question would be longer than a turn may be, so it was not asked.",
        "Use fewer or shorter sources.";
    PROMPT_BROKEN: No, Nothing,
        "The words for the model could not be put together, so nothing was asked.",
        "Report it with the message.";
    NOT_CANONICAL: No, Nothing,
        "What the step made has a value that cannot be sealed with a checksum, so it was not stored.",
        "Report it with the message.";
    REASONING_TIMEOUT: Yes, Nothing,
        "The step took longer than a step may, and was stopped.",
        "Choose a faster model, or give the step less to read.";
    AGENT_PAUSED: No, Nothing,
        "A step of the agent failed in every try, so the agent was paused.",
        "Mend what the alert names, then let the agent go on under Fleet. What it had decided stays decided; nothing of it begins or leaves meanwhile.";
    WORKER_CRASHED: Yes, Nothing,
        "The worker that did the step broke down.",
        "If it happens again, report it with the log.";
    WORKER_LOST: Yes, Nothing,
        "The worker that did the step was not heard of any more, so the step was taken from it.",
        "If it happens often, look whether the machine sleeps or is overloaded.";
    LEASE_LOST: Yes, Nothing,
        "The step was taken back while it was being worked on: it was paused, or called off.",
        "There is nothing to do: it goes on when its campaign does.";
    JUDGE_CRASHED: Yes, Nothing,
        "The judge of a result broke down; the result is judged again.",
        "If it happens again, report it with the log.";
    JUDGE_REJECTED: No, Nothing,
        "The judge did not let this post pass, and it is written anew with the reasons.",
        "There is nothing to do: after several times you are asked; the number stands in the policy.";
    REJECTED_BY_REVIEW: No, Nothing,
        "A person rejected it.",
        "It is written anew with the reason, unless it was rejected too often already.";
    REJECTED_REPEATEDLY: No, Nothing,
        "It was sent back as often as the policy allows.",
        "Decide in the review queue, or change the goal or the persona.";
    ATTACK_STOPPED: No, Nothing,
        "What a step made carried somebody's attack, and was stopped.",
        "Look at the security event and its source; remove the feed if it is not trustworthy.";
    DEADLINE_PASSED: No, Nothing,
        "The step was not done by its deadline.",
        "Plan it again with more time, or decide earlier if it waited for a review.";
    DEPENDENCY_ENDED: No, Nothing,
        "The step was called off because one that it needs ended without a result.",
        "The message says which and why. Mend that one.";
    CANCELLED: No, Nothing,
        "A person called it off.",
        "Plan it again if it is still wanted.";
    CAMPAIGN_FAILED: No, Nothing,
        "Every step of the campaign has ended, and nothing came of it.",
        "The message says why. Change the goal, the plan or the feeds, and start another one.";
    REPLAN_DECLINED: No, Nothing,
        "A step failed for good, and the planner knows no better way.",
        "The message says why the step failed and why there is no other way. Mend the cause, or change the goal or the feeds, and make another campaign.";
    REPLANS_EXHAUSTED: No, Nothing,
        "A step failed for good after the plan had been changed as often as it is changed by itself.",
        "Look at what failed; mend the cause, or change the goal or the feeds, and make another campaign.";
    PRUNED: No, Nothing,
        "The step was taken out when the plan was changed after another one failed.",
        "There is nothing to do: the change of the plan says what is done instead.";
    OUTCOME_UNKNOWN: No, Unknown,
        "Nobody knows whether the post went out, and it is not tried again by itself.",
        "Look at the account on the network, then say among the campaign's actions whether the post is there.";
    NOT_SENT: No, Nothing,
        "A person looked at the account and found that the post did not go out.",
        "Plan it again if it is still wanted.";
    INTERRUPTED: Sometimes, Unknown,
        "Chimera was stopped while a post was leaving.",
        "Where the network knows the action's key it is asked again, which cannot post twice. Otherwise look at the account.";
}
