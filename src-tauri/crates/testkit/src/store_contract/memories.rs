//! What agents remember: kept, found by their words, given vectors, forgotten; and never anybody else's.

use chimera_domain::{
    artifact::Origin,
    change::Change,
    id::{MemoryId, TaskId},
    memory::{Memory, MemoryKind, Owner},
};
use chimera_ports::{
    error::PortError,
    page::PageRequest,
    store::{AuditFilter, Memories, MemoryCounts, Store},
};

use super::Bed;
use crate::World;

fn owner(bed: &Bed) -> Owner {
    Owner {
        tenant: bed.campaign.tenant,
        agent: bed.agent.id,
    }
}

fn memory(bed: &Bed, text: &str) -> Memory {
    Memory {
        id: MemoryId::from_uuid(bed.world.uuid()),
        owner: owner(bed),
        kind: MemoryKind::Fact,
        text: text.to_owned(),
        source: "a post".to_owned(),
        task: Some(TaskId::from_uuid(bed.world.uuid())),
        origin: Origin::Untrusted {
            source: "https://a.example".to_owned(),
        },
        tags: vec!["harbour".to_owned()],
        importance: 70,
        at: bed.world.pass(1),
    }
}

async fn keep<S: Memories>(store: &S, memory: &Memory) -> u64 {
    let rows = store
        .keep(memory.owner, vec![memory.clone()], Vec::new())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    rows[0]
}

async fn rows_with<S: Memories>(store: &S, owner: Owner, words: &[&str]) -> Vec<Vec<u64>> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    store.rows_with(owner, &words, 10).await.unwrap().rows
}

fn is_missing<T: std::fmt::Debug>(answer: Result<T, PortError>) -> bool {
    matches!(answer, Err(PortError::NotFound { .. }))
}

/// A memory comes back as it went in; the same id replaces it; what is forgotten is gone with words and vector, and
/// the notes are written with it.
pub async fn a_memory_is_kept_replaced_and_forgotten<S: Store + Memories>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let owner = owner(&bed);
    let first = memory(&bed, "Fog over the harbour.");
    let row = keep(store, &first).await;
    assert_eq!(store.memory(owner, first.id).await.unwrap(), first);
    store
        .keep_vectors(owner, "e", vec![(row, vec![1.0, 0.0])])
        .await
        .unwrap();
    // The same words keep the row and its vector.
    let mut later = first.clone();
    (later.importance, later.kind) = (10, MemoryKind::Knowledge);
    later.task = None;
    assert_eq!(keep(store, &later).await, row);
    assert_eq!(store.memory(owner, first.id).await.unwrap(), later);
    let counted = async || store.count_all(owner.tenant, "e").await.unwrap();
    assert_eq!(counted().await.embedded, 1);
    // Other words are another row, without a vector.
    later.text = "Rain.".to_owned();
    let second = keep(store, &later).await;
    assert!(second > row);
    assert_eq!(store.kept(owner, &[row, second]).await.unwrap().len(), 1);
    assert_eq!(
        rows_with(store, owner, &["fog", "rain"]).await,
        [vec![], vec![second]]
    );
    let counts = MemoryCounts {
        memories: 1,
        embedded: 0,
    };
    assert_eq!(counted().await, counts);
    let note = || vec![Change::Audit(bed.world.audit("memory.forget"))];
    store.forget_memory(owner, first.id, note()).await.unwrap();
    assert!(is_missing(store.memory(owner, first.id).await));
    assert_eq!(
        rows_with(store, owner, &["rain"]).await,
        [Vec::<u64>::new()]
    );
    assert_eq!(counted().await, MemoryCounts::default());
    assert!(is_missing(
        store.forget_memory(owner, first.id, note()).await
    ));
    let audit = store
        .audit(owner.tenant, AuditFilter::default(), PageRequest::default())
        .await
        .unwrap();
    assert_eq!(audit.items.len(), 1, "of the one that happened");
}

/// Words are found in text and tags, whatever their form and accents, the newest first and no more than asked for; signs
/// that mean something to an index of words mean nothing here.
pub async fn memories_are_found_by_their_words<S: Store + Memories>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let owner = owner(&bed);
    let texts = [
        "Two bakeries opened.",
        "The bakery's café is full.",
        "Nothing else.",
    ];
    let mut rows = Vec::new();
    for text in texts {
        rows.push(keep(store, &memory(&bed, text)).await);
    }
    let (one, two, three) = (rows[0], rows[1], rows[2]);
    let found = rows_with(store, owner, &["bakery", "cafe", "HARBOUR", "fish"]).await;
    assert_eq!(
        found,
        [vec![two, one], vec![two], vec![three, two, one], vec![]]
    );
    let hostile = [
        "\"",
        "OR",
        "bakery\" OR \"nothing",
        "*",
        "text:bakery",
        "-",
        "()",
        "'",
    ];
    for words in rows_with(store, owner, &hostile).await {
        assert!(words.len() < 3, "{words:?}");
    }
    let most = store
        .rows_with(owner, &["harbour".to_owned()], 2)
        .await
        .unwrap();
    assert_eq!((most.held, most.rows), (3, vec![vec![three, two]]));
}

/// Lists are newest first, of one kind or all, since a time or ever, page by page.
pub async fn memories_page_by_age<S: Store + Memories>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let owner = owner(&bed);
    let mut all = Vec::new();
    for number in 0..5 {
        let mut one = memory(&bed, &format!("Number {number}."));
        if number % 2 == 0 {
            one.kind = MemoryKind::Episodic;
        }
        keep(store, &one).await;
        all.insert(0, one);
    }
    let list = async |kind, since, page| store.memories(owner, kind, since, page).await.unwrap();
    let first = list(None, None, PageRequest::first(3)).await;
    assert_eq!(first.items, all[..3]);
    let page = PageRequest {
        after: first.next,
        limit: 3,
    };
    let rest = list(None, None, page).await;
    assert_eq!((rest.items.as_slice(), rest.next), (&all[3..], None));
    let episodes = list(Some(MemoryKind::Episodic), None, PageRequest::default()).await;
    assert_eq!(episodes.items.len(), 3);
    let lately = list(None, Some(all[1].at), PageRequest::default()).await;
    assert_eq!(lately.items, all[..2]);
}

/// Vectors of another embedder or another length are never handed out, and whatever lacks one is named.
pub async fn vectors_are_of_one_space<S: Store + Memories>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let owner = owner(&bed);
    let one = memory(&bed, "One.");
    let two = memory(&bed, "Two.");
    let rows = store
        .keep(owner, vec![one.clone(), two.clone()], Vec::new())
        .await
        .unwrap();
    let missing = async |embedder: &str| -> Vec<u64> {
        let missing = store
            .without_vector(owner.tenant, embedder, 10)
            .await
            .unwrap();
        assert!(missing.iter().all(|(agent, _)| *agent == owner.agent));
        missing.into_iter().map(|(_, kept)| kept.seq).collect()
    };
    assert_eq!(missing("old").await, [rows[1], rows[0]]);
    let bare = async |embedder: &str| -> Vec<u64> {
        let found = store.kept_without_vector(owner, embedder, &rows).await;
        let mut found: Vec<u64> = found.unwrap().iter().map(|kept| kept.seq).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(bare("old").await, rows);
    let vectors = vec![
        (rows[0], vec![1.0, 0.5]),
        (rows[1], vec![0.0, -1.0]),
        (u64::MAX >> 1, vec![1.0, 1.0]),
    ];
    store.keep_vectors(owner, "old", vectors).await.unwrap();
    let found = store.vectors_after(owner, "old", 2, 0, 10).await.unwrap();
    let shown: Vec<_> = found
        .iter()
        .map(|one| (one.of, one.vector.clone()))
        .collect();
    assert_eq!(
        shown,
        [(rows[0], vec![1.0, 0.5]), (rows[1], vec![0.0, -1.0])]
    );
    assert_eq!(
        store.vectors_after(owner, "old", 3, 0, 10).await.unwrap(),
        []
    );
    assert_eq!(
        store.vectors_after(owner, "new", 2, 0, 10).await.unwrap(),
        []
    );
    assert_eq!(missing("old").await, Vec::<u64>::new());
    assert_eq!(bare("old").await, Vec::<u64>::new());
    assert_eq!(bare("new").await, rows);
    assert_eq!(missing("new").await.len(), 2);
    // A memory that is embedded anew is read on behind the last one.
    let last = found.last().unwrap().seq;
    store
        .keep_vectors(owner, "old", vec![(rows[0], vec![0.0, 1.0])])
        .await
        .unwrap();
    let anew = store
        .vectors_after(owner, "old", 2, last, 10)
        .await
        .unwrap();
    assert_eq!((anew.len(), anew[0].of), (1, rows[0]));
    let counts = store.count_all(owner.tenant, "old").await.unwrap();
    assert_eq!((counts.memories, counts.embedded), (2, 2));
}

/// Nobody reads, replaces, counts, gives vectors to, or forgets what is another agent's or another tenant's, also with
/// its very ids and rows; and nobody remembers for an agent that is not the tenant's.
pub async fn memories_are_their_owners<S: Store + Memories>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let foreign = Bed::in_store(store, bed.world.other_tenant()).await;
    let (sister, persona) = bed.world.agent("sister");
    store
        .create_agent(&sister, &persona, Vec::new())
        .await
        .unwrap();
    let owner = owner(&bed);
    let theirs = memory(&bed, "Secret fog.");
    let row = keep(store, &theirs).await;
    let vector = vec![(row, vec![1.0, 0.0])];
    store
        .keep_vectors(owner, "e", vector.clone())
        .await
        .unwrap();
    let others = [
        Owner {
            agent: sister.id,
            ..owner
        },
        self::owner(&foreign),
        Owner {
            agent: owner.agent,
            ..self::owner(&foreign)
        },
    ];
    for other in others {
        assert!(is_missing(store.memory(other, theirs.id).await));
        assert_eq!(store.kept(other, &[row]).await.unwrap(), []);
        let bare = store.kept_without_vector(other, "another", &[row]).await;
        assert_eq!(bare.unwrap(), []);
        let page = store.memories(other, None, None, PageRequest::default());
        assert_eq!(page.await.unwrap().items, []);
        assert_eq!(rows_with(store, other, &["fog"]).await, [Vec::<u64>::new()]);
        assert_eq!(store.vectors_after(other, "e", 2, 0, 9).await.unwrap(), []);
        assert!(is_missing(
            store.forget_memory(other, theirs.id, Vec::new()).await
        ));
        store
            .keep_vectors(other, "e", vec![(row, vec![0.0, 1.0])])
            .await
            .unwrap();
        // Somebody's memory under somebody else's name.
        let smuggled = store.keep(other, vec![theirs.clone()], Vec::new()).await;
        assert!(is_missing(smuggled));
    }
    let nobody = Owner {
        agent: owner.agent,
        ..self::owner(&foreign)
    };
    let mut claimed = theirs.clone();
    claimed.owner = nobody;
    assert!(is_missing(
        store.keep(nobody, vec![claimed], Vec::new()).await
    ));
    // The same id is another memory where it is somebody else's.
    let mut same = memory(&bed, "Mine.");
    (same.id, same.owner.agent) = (theirs.id, sister.id);
    keep(store, &same).await;
    store.keep_vectors(same.owner, "e", vector).await.unwrap();
    assert_eq!(store.memory(owner, theirs.id).await.unwrap(), theirs);
    let found = store.vectors_after(owner, "e", 2, 0, 9).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].vector, [1.0, 0.0], "nobody else gave it another");
    let foreign_counts = store.count_all(foreign.campaign.tenant, "e").await.unwrap();
    assert_eq!(foreign_counts, MemoryCounts::default());
}
