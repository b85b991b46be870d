//! The process dies while the model is asked, in each role: the next life asks again, and one post comes of it. Both lives are
//! recorded, and decided again.
//!
//! Never here: a death between two steps (`kills`), or in the middle of a write (`crash`).

use std::time::Duration;

use chimera_scripted::{Reply, When};

use super::Run;
use crate::support::{SOON, script, until};

macro_rules! stories {
    ($($story:ident: $word:literal;)+) => {
        $(
            #[tokio::test]
            async fn $story() {
                died_asking($word).await;
            }
        )+
    };
}

stories! {
    who_reads_is_asked_again: "research";
    who_writes_is_asked_again: "draft";
    who_judges_is_asked_again: "judge";
}

/// Between two pieces of the answer that the first life never hears to its end.
const DRIP: Duration = Duration::from_secs(20);

async fn died_asking(word: &str) {
    let never = Reply::text("One moment please").dripping(DRIP);
    let mut run = Run::of(script().on(When::ask(word).times(1), never)).await;
    until("it is asked", SOON, || async {
        (run.asked(word) > 0).then_some(())
    })
    .await;
    run.world.crash().await;
    run.publishes_once().await;
    assert!(run.asked(word) > 1, "nobody asked again");
}
