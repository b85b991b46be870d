//! The rehearsal planner: research, then for each post a draft and its publication.
//!
//! Never here: prices, dates or a check of the graph.

use chimera_domain::{
    platform::Platform,
    task::{Priority, TaskKind},
};
use chimera_ports::facts::{OfferedSkill, PlanAnswer, PlanFacts, PlannedStep};

use super::{
    goal::{self, Reading},
    words::clipped,
};

/// Posts that are planned when the goal names no number.
const DEFAULT_POSTS: usize = 3;
/// Most posts of one plan; its answer then stays within 2,000 tokens.
pub(crate) const MAX_POSTS: usize = 8;
/// Feeds that are named in instructions; the rest are counted.
const MAX_NAMED_FEEDS: usize = 3;
/// Most characters of instructions.
const MAX_INSTRUCTION_CHARS: usize = 440;
/// Tokens of a draft's answer besides its text: claims, tags, score.
const DRAFT_OVERHEAD_TOKENS: usize = 120;
/// Tokens of a research answer.
const RESEARCH_TOKENS: u32 = 600;

/// Everything waits for research.
const RESEARCH_URGENCY: Priority = Priority::new(70);
/// Urgency of the first post; each further one has two less.
const FIRST_POST_URGENCY: u8 = 64;

/// What each further draft looks for, so that no two are alike.
const ANGLES: [&str; 6] = [
    "what happened, in one quoted sentence",
    "the figure that matters, with its source",
    "a question that readers will want answered",
    "what it means for people who follow the topic",
    "a detail that others pass over",
    "what to watch next",
];

/// Plans a campaign.
pub(crate) fn plan(facts: &PlanFacts) -> PlanAnswer {
    let reading = goal::read(&facts.goal);
    let default = DEFAULT_POSTS.min(usize::try_from(facts.max_posts_per_day.max(1)).unwrap_or(1));
    let wanted = reading.count.unwrap_or(default);
    let posts = wanted.clamp(1, MAX_POSTS);
    let platforms = platforms(&reading, &facts.platforms);
    let mut steps = vec![research(facts, &reading, &facts.feeds)];
    for number in 1..=posts {
        let platform = platforms[(number - 1) % platforms.len()];
        steps.push(draft(facts, &reading, number, posts, platform));
        steps.push(publish(&facts.skills, number, platform));
    }
    PlanAnswer {
        rationale: rationale(facts, &reading, wanted, posts, &platforms),
        steps,
    }
}

/// Networks that the goal names among those allowed, else the preferred one.
fn platforms(reading: &Reading, allowed: &[Platform]) -> Vec<Platform> {
    let named: Vec<_> = reading
        .platforms
        .iter()
        .copied()
        .filter(|platform| allowed.is_empty() || allowed.contains(platform))
        .collect();
    if named.is_empty() {
        vec![allowed.first().copied().unwrap_or(Platform::Sandbox)]
    } else {
        named
    }
}

/// Earlier posts come first.
fn urgency(number: usize) -> Priority {
    let later = u8::try_from(number.min(MAX_POSTS).saturating_sub(1)).unwrap_or(0);
    Priority::new(FIRST_POST_URGENCY - 2 * later)
}

fn skill(skills: &[OfferedSkill], kind: TaskKind, usual: &str) -> String {
    let of_kind = || skills.iter().filter(|skill| skill.task_kind == kind);
    of_kind()
        .find(|skill| skill.name == usual)
        .or_else(|| of_kind().next())
        .map_or(usual, |skill| skill.name.as_str())
        .to_owned()
}

fn conditions(reading: &Reading) -> String {
    if reading.constraints.is_empty() {
        String::new()
    } else {
        format!(
            " Conditions from the goal: {}.",
            reading.constraints.join("; ")
        )
    }
}

/// Research over these feeds.
pub(super) fn research(facts: &PlanFacts, reading: &Reading, feeds: &[String]) -> PlannedStep {
    let feeds = match feeds {
        [] => "the feeds at hand".to_owned(),
        feeds => {
            let named = feeds[..feeds.len().min(MAX_NAMED_FEEDS)].join(", ");
            match feeds.len().saturating_sub(MAX_NAMED_FEEDS) {
                0 => named,
                more => format!("{named} and {more} others"),
            }
        }
    };
    PlannedStep {
        key: "research".to_owned(),
        title: clipped(&format!("Find what is new about {}", reading.topic), 120),
        kind: TaskKind::AnalyzeTrends,
        skill: skill(&facts.skills, TaskKind::AnalyzeTrends, "fetch_trends"),
        instructions: clipped(
            &format!(
                "Read {feeds}. Keep recent items about “{}” that have something to quote; say for each why it was \
                 kept or left.{}",
                reading.topic,
                conditions(reading)
            ),
            MAX_INSTRUCTION_CHARS,
        ),
        platform: None,
        needs: vec![],
        priority: Some(RESEARCH_URGENCY),
        feeds: None,
        estimated_output_tokens: Some(RESEARCH_TOKENS),
    }
}

/// The draft of post `number` of `posts`.
pub(super) fn draft(
    facts: &PlanFacts,
    reading: &Reading,
    number: usize,
    posts: usize,
    platform: Platform,
) -> PlannedStep {
    let bound = platform.max_text_chars();
    let other = if posts > 1 {
        " Use an item that the other drafts do not use."
    } else {
        ""
    };
    PlannedStep {
        key: format!("draft-{number}"),
        title: format!("Write post {number} of {posts} for {platform}"),
        kind: TaskKind::GenerateCaption,
        skill: skill(&facts.skills, TaskKind::GenerateCaption, "write_post"),
        instructions: clipped(
            &format!(
                "Write post {number} of {posts} about “{}” in the voice of {}, for {platform}, within {bound} \
                 characters. Angle: {}.{other} Name the source of what you state.{}",
                reading.topic,
                facts.persona.name,
                ANGLES[(number - 1) % ANGLES.len()],
                conditions(reading)
            ),
            MAX_INSTRUCTION_CHARS,
        ),
        platform: Some(platform),
        needs: vec!["research".to_owned()],
        priority: Some(urgency(number)),
        feeds: None,
        estimated_output_tokens: u32::try_from(bound.min(600) / 2 + DRAFT_OVERHEAD_TOKENS).ok(),
    }
}

/// The publication of draft `number`.
pub(super) fn publish(skills: &[OfferedSkill], number: usize, platform: Platform) -> PlannedStep {
    PlannedStep {
        key: format!("publish-{number}"),
        title: format!("Publish post {number} on {platform}"),
        kind: TaskKind::PublishPost,
        skill: skill(skills, TaskKind::PublishPost, "publish_content"),
        instructions: format!(
            "Prepare draft {number} with its AI label; it leaves only after a decision."
        ),
        platform: Some(platform),
        needs: vec![format!("draft-{number}")],
        // What is written goes out before more is written.
        priority: Some(Priority::new(urgency(number).get() + 1)),
        feeds: None,
        // Preparing asks no model.
        estimated_output_tokens: Some(0),
    }
}

fn rationale(
    facts: &PlanFacts,
    reading: &Reading,
    wanted: usize,
    posts: usize,
    platforms: &[Platform],
) -> String {
    let names: Vec<_> = platforms.iter().map(|platform| platform.as_str()).collect();
    let mut text = format!(
        "The goal asks about “{}”. One research step reads {}; {} drafted from what it keeps, for {}, and published \
         only after a judgement.",
        reading.topic,
        counted(facts.feeds.len(), "feed", "feeds"),
        counted(posts, "post is", "posts are"),
        names.join(", ")
    );
    if reading.count.is_none() {
        text.push_str(" The goal names no number of posts.");
    }
    if wanted > posts {
        text.push_str(&format!(
            " It asks for {wanted}; one plan holds at most {MAX_POSTS}."
        ));
    }
    if posts > usize::try_from(facts.max_posts_per_day).unwrap_or(usize::MAX) {
        text.push_str(&format!(
            " Policy lets out {} a day, so they go over several days.",
            facts.max_posts_per_day
        ));
    }
    let refused: Vec<_> = reading
        .platforms
        .iter()
        .filter(|platform| !platforms.contains(platform))
        .map(|platform| platform.as_str())
        .collect();
    if !refused.is_empty() {
        text.push_str(&format!(
            " Not among the campaign's networks: {}.",
            refused.join(", ")
        ));
    }
    if !reading.constraints.is_empty() {
        text.push_str(&format!(
            " Kept throughout: {}.",
            reading.constraints.join("; ")
        ));
    }
    text
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
