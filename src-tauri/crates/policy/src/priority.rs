//! The review queue's order: risk × reach × time to publish.
//!
//! Never here: the queue.

use chimera_domain::{platform::Platform, time::Span, verdict::RiskLevel};

/// Order of an item, higher first. `until_publish` is the time left until it should leave; `None` means now.
#[must_use]
pub fn review_priority(
    risk: RiskLevel,
    platform: Option<Platform>,
    until_publish: Option<Span>,
) -> u32 {
    let risk = match risk {
        RiskLevel::Low => 1,
        RiskLevel::Medium => 2,
        RiskLevel::High => 4,
    };
    let reach = match platform {
        Some(Platform::Sandbox) | None => 1,
        Some(Platform::Moltbook | Platform::Openclaw | Platform::Mastodon | Platform::Bluesky) => 2,
        Some(_) => 4,
    };
    const HOUR: i64 = 3_600_000_000;
    let urgency = match until_publish.map_or(0, |span| span.micros() / HOUR) {
        0 => 8,
        1..=3 => 4,
        4..=23 => 2,
        _ => 1,
    };
    risk * reach * urgency
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_reach_and_haste_each_move_an_item_forward() {
        let base = review_priority(
            RiskLevel::Low,
            Some(Platform::Sandbox),
            Some(Span::seconds(2 * 86_400)),
        );
        assert_eq!(base, 1);
        assert!(
            review_priority(
                RiskLevel::High,
                Some(Platform::Sandbox),
                Some(Span::seconds(2 * 86_400))
            ) > base
        );
        assert!(
            review_priority(
                RiskLevel::Low,
                Some(Platform::Twitter),
                Some(Span::seconds(2 * 86_400))
            ) > base
        );
        assert!(review_priority(RiskLevel::Low, Some(Platform::Sandbox), None) > base);
    }
}
