//! The shared contract suite, and its random part.

use chimera_testkit::store_contract::counters;
use proptest::{prelude::*, test_runner::Config};

use super::fresh;

chimera_testkit::store_contract!(fresh);

proptest! {
    // Each case is a whole store's life; forty of them find what a unit test would not.
    #![proptest_config(Config { cases: 40, ..Config::default() })]

    #[test]
    fn counters_equal_a_recount_whatever_happens(
        happenings in prop::collection::vec(counters::happening(), 1..25)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (store, _kept) = fresh().await;
            counters::check(&store, 0, &happenings).await;
        });
    }
}
