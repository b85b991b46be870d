//! Vectors in memory: never more than their bound, never one twice.

use chimera_domain::memory::Owner;
use chimera_ports::store::Memories;

use super::Home;
use crate::index::Indexes;

const EMBEDDER: &str = "a test's";

/// Two memories of the owner, one in each direction; answers their rows.
async fn kept(home: &Home, owner: Owner) -> Vec<u64> {
    let both = ["One.", "Two."].map(|text| home.a_memory(owner, text));
    let store = &home.store;
    let rows = store.keep(owner, both.to_vec(), Vec::new()).await.unwrap();
    let vectors = vec![(rows[0], vec![1.0, 0.0]), (rows[1], vec![0.0, 1.0])];
    store.keep_vectors(owner, EMBEDDER, vectors).await.unwrap();
    rows
}

async fn nearest(indexes: &Indexes, home: &Home, owner: Owner) -> Result<Vec<u64>, String> {
    let store = home.store.as_ref();
    let found = indexes.nearest(store, owner, EMBEDDER, vec![1.0, 0.0], 5);
    let found = found.await.map_err(|fault| fault.code)?;
    Ok(found.into_iter().map(|one| one.row).collect())
}

#[tokio::test]
async fn whoever_was_asked_last_stays_and_what_fits_nowhere_is_said() {
    let home = Home::new().await;
    let (owner, sister) = (home.owner(), home.sister().await);
    let (mine, hers) = (kept(&home, owner).await, kept(&home, sister).await);
    // Of two vectors of two numbers: the rows, the numbers, the codes, their steps.
    let one_owner = 2 * (8 + 2 * 4 + 2 + 8);
    let roomy = Indexes::of_at_most(one_owner);
    for _ in 0..2 {
        assert_eq!(nearest(&roomy, &home, owner).await.unwrap(), mine[..1]);
        assert_eq!(nearest(&roomy, &home, sister).await.unwrap(), hers[..1]);
        assert_eq!(roomy.held(), one_owner as u64, "the other one went");
    }
    let tight = Indexes::of_at_most(one_owner - 1);
    assert_eq!(
        nearest(&tight, &home, owner).await.unwrap_err(),
        "MEMORY_UNAVAILABLE"
    );
    assert_eq!(tight.held(), 0, "it does not keep what does not fit");
}

#[tokio::test]
async fn a_memory_that_was_embedded_once_more_is_found_once() {
    let home = Home::new().await;
    let owner = home.owner();
    let rows = kept(&home, owner).await;
    let indexes = Indexes::default();
    assert_eq!(nearest(&indexes, &home, owner).await.unwrap(), rows[..1]);
    let anew = vec![(rows[0], vec![0.8, 0.6])];
    home.store
        .keep_vectors(owner, EMBEDDER, anew)
        .await
        .unwrap();
    assert_eq!(nearest(&indexes, &home, owner).await.unwrap(), rows[..1]);
}
