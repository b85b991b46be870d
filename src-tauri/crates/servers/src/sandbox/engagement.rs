//! Simulated engagement: what a post of this kind might have got by now.
//!
//! Nothing here is measured, and every answer says so. The figures follow a published curve, so
//! that a campaign in the sandbox can be practised with numbers that move and can be explained:
//!
//! ```text
//! views  = reach × (1 − 2^(−age / 6 h))
//! likes  = views × like rate          shares = views × share rate
//! reach  = 60, +40 for 60–200 characters, +20 per hashtag up to two, −15 per hashtag beyond
//!          three, +25 for a question, −30 for a link, −20 for shouting; at least 10;
//!          then ±20 % by a digest of the text, so that no two posts look alike
//! ```
//!
//! Comments are not simulated: they are the replies that the network really has. The figures are
//! derived at reading time from the clock that is passed in, and never fall.
//!
//! Never here: storage, or real figures.

use chimera_domain::{digest::Digest, time::Timestamp, trend::EngagementMetrics};

use super::record::StoredPost;

/// Time in which half of the audience that will ever see a post has seen it.
const HALF_LIFE_MICROS: f64 = 6.0 * 3_600.0 * 1_000_000.0;
/// Where the figures come from, for every answer that carries them.
pub(super) const METHOD: &str = "simulated: views = reach x (1 - 2^(-age / 6 h)) with reach from length, hashtags, question, link and a digest of the text; comments are the real replies";

/// The figures of a post by `now`, with `replies` real ones.
pub(super) fn simulate(post: &StoredPost, replies: u64, now: Timestamp) -> EngagementMetrics {
    let traits = Traits::of(&post.text);
    let age = now.since(post.published_at).micros();
    let seen = 1.0 - (-(age as f64) / HALF_LIFE_MICROS).exp2();
    // Both are small and positive: at most a few hundred.
    let views = (traits.reach as f64 * seen) as u64;
    let likes = views * traits.likes_per_mille / 1_000;
    let shares = views * traits.shares_per_mille / 1_000;
    let engagements = likes + shares + replies;
    EngagementMetrics {
        views: Some(views),
        likes: Some(likes),
        comments: Some(replies),
        shares: Some(shares),
        // Nobody has seen it: a rate would be a division by nothing.
        engagement_rate: (views > 0).then(|| (engagements as f64 / views as f64).min(1.0)),
    }
}

struct Traits {
    reach: u64,
    likes_per_mille: u64,
    shares_per_mille: u64,
}

impl Traits {
    fn of(text: &str) -> Self {
        let characters = text.chars().count();
        let hashtags = text
            .split_whitespace()
            .filter(|word| is_hashtag(word))
            .count() as u64;
        let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
        let capitals = text.chars().filter(|letter| letter.is_uppercase()).count();
        let asks = text.contains('?');
        let mut reach: i64 = 60;
        reach += if (60..=200).contains(&characters) {
            40
        } else {
            0
        };
        reach += 20 * hashtags.min(2) as i64;
        reach -= 15 * hashtags.saturating_sub(3) as i64;
        reach += if asks { 25 } else { 0 };
        reach -= if text.contains("://") { 30 } else { 0 };
        reach -= if letters > 10 && capitals * 2 > letters {
            20
        } else {
            0
        };
        let [first, second, third, ..] = Digest::plain(text.as_bytes()).to_bytes();
        let spread = 80 + u64::from(first) * 41 / 256;
        Self {
            reach: reach.max(10).unsigned_abs() * spread / 100,
            likes_per_mille: 40 + 10 * hashtags.min(2) + u64::from(second) * 31 / 256,
            shares_per_mille: 8 + if asks { 6 } else { 0 } + u64::from(third) * 11 / 256,
        }
    }
}

fn is_hashtag(word: &str) -> bool {
    word.strip_prefix('#')
        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}
