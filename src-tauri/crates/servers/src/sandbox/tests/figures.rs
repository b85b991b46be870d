//! Simulated figures: explained, growing, never equal for unequal posts.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{agent, client, post};
use chimera_domain::{
    digest::Digest,
    post::{Disclosure, DisclosureLevel},
    time::{Span, Timestamp},
};

use crate::sandbox::{engagement::simulate, record::StoredPost};

fn stored(text: &str) -> StoredPost {
    StoredPost {
        number: 1,
        agent: agent(1),
        text: text.into(),
        media_ids: vec![],
        reply_to: None,
        disclosure: Disclosure {
            ai_generated: true,
            disclosure_level: DisclosureLevel::Automated,
            sponsor: None,
            compliance_tags: vec![],
        },
        published_at: Timestamp::from_seconds(0),
        intent_key: None,
        asked: Digest::plain(b""),
    }
}

#[tokio::test]
async fn figures_grow_with_time_and_say_that_they_are_simulated() {
    let (client, clock) = client().await;
    client
        .call(
            "post_content",
            post("Which of the two do you like better? #tea #coffee"),
        )
        .await
        .unwrap();
    let figures = async || {
        client
            .call("get_engagement", json!({"post_id": "p1"}))
            .await
            .unwrap()
    };
    let at_once = figures().await;
    assert_eq!(
        at_once["metrics"],
        json!({"views": 0, "likes": 0, "comments": 0, "shares": 0})
    );
    clock.advance(6 * 3_600);
    let half = figures().await;
    clock.advance(600 * 3_600);
    let whole = figures().await;
    let views = |figures: &Value| figures["metrics"]["views"].as_u64().unwrap();
    assert_eq!(views(&half), views(&whole) / 2);
    assert_eq!(
        (&whole["simulated"], &whole["post_id"]),
        (&json!(true), &json!("p1"))
    );
    assert_eq!(whole["recorded_at"], "2026-12-16T16:00:00.000000Z");
}

#[test]
fn what_readers_like_gets_more() {
    let end = Timestamp::from_seconds(0) + Span::seconds(60 * 86_400);
    let views = |text: &str| simulate(&stored(text), 0, end).views.unwrap();
    let plain = "Tea is on the table.";
    // Each text differs by its digest as well, at most by the factor 120/80.
    let liked = "Tea is on the table, who else is already awake and would like to have a cup of it? #tea #morning";
    assert!(views(liked) > views(plain));
    let spam = "BUY NOW AT https://example.com #a #b #c #d #e #f #g #h";
    assert!(views(spam) < views(liked));
    let texts = [
        "one", "two", "three", "four", "five", "six", "seven", "eight",
    ];
    let different: BTreeSet<u64> = texts.into_iter().map(views).collect();
    assert!(different.len() >= 4, "{different:?}");
}

proptest! {
    #[test]
    fn figures_never_fall_and_stay_plausible(text in ".{0,300}", ages in proptest::collection::vec(0_u32..10_000_000, 2..8), replies in 0_u64..50) {
        let mut ages = ages;
        ages.sort_unstable();
        let post = stored(&text);
        let mut before = None;
        for age in ages {
            let now = simulate(&post, replies, post.published_at + Span::seconds(age));
            let figures = (now.views.unwrap(), now.likes.unwrap(), now.shares.unwrap());
            prop_assert!(figures.1 <= figures.0 && figures.2 <= figures.0);
            prop_assert_eq!(now.comments, Some(replies));
            prop_assert_eq!(now.engagement_rate.is_some(), figures.0 > 0);
            prop_assert!(now.engagement_rate.is_none_or(|rate| (0.0..=1.0).contains(&rate)));
            if let Some((views, likes, shares)) = before {
                prop_assert!(figures.0 >= views && figures.1 >= likes && figures.2 >= shares);
            }
            before = Some(figures);
        }
    }
}
