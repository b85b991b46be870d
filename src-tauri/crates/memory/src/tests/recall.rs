//! What is recalled, in which order, and what it says when it cannot go by meaning.

use chimera_domain::{artifact::Origin, memory::MemoryKind, time::Span};
use chimera_ports::{
    memory::{FoundBy, MemoryBackend, RecallQuery},
    page::PageRequest,
    store::Memories,
};

use super::{Home, Meanings, asking};

const WEATHER: &[&[&str]] = &[
    &["fog", "mist", "haze"],
    &["coffee", "espresso"],
    &["boat", "ship"],
];

async fn texts(memory: &dyn MemoryBackend, home: &Home, question: &str) -> Vec<String> {
    let found = memory.recall(home.owner(), asking(question)).await.unwrap();
    found.found.into_iter().map(|one| one.memory.text).collect()
}

#[tokio::test]
async fn without_an_embedder_it_finds_by_words_alone_and_says_so() {
    let home = Home::new().await;
    let memory = home.memory(None);
    let owner = home.owner();
    let kept = ["Mist sells boats.", "Fog sells coffee.", "Trains are late."]
        .map(|text| home.a_memory(owner, text));
    memory.remember(owner, kept.to_vec()).await.unwrap();
    let found = memory
        .recall(owner, asking("What about the fog?"))
        .await
        .unwrap();
    assert_eq!((found.by, found.problem), (FoundBy::Words, None));
    assert_eq!(found.found.len(), 1, "mist is another word");
    assert_eq!(found.found[0].memory.text, "Fog sells coffee.");
    assert_eq!(found.found[0].memory.origin, Origin::Model);
    assert!(found.found[0].score > 700);
    let standing = memory.standing(owner.tenant).await;
    assert_eq!((standing.backend, standing.embedder), ("embedded", None));
    assert_eq!((standing.memories, standing.embedded), (Some(3), None));
}

#[tokio::test]
async fn with_an_embedder_what_means_the_same_is_found() {
    let home = Home::new().await;
    let embedder = Meanings::new("weather", WEATHER);
    let memory = home.memory(Some(embedder.clone()));
    let owner = home.owner();
    let kept = ["Mist sells boats.", "Espresso sells.", "Trains are late."]
        .map(|text| home.a_memory(owner, text));
    memory.remember(owner, kept.to_vec()).await.unwrap();
    let found = memory.recall(owner, asking("fog")).await.unwrap();
    assert_eq!(found.by, FoundBy::WordsAndMeaning);
    assert_eq!(found.found.len(), 1, "{found:?}");
    assert_eq!(found.found[0].memory.text, "Mist sells boats.");
    // Written once more it is embedded no second time.
    let asked = *embedder.asked.lock().unwrap();
    memory.remember(owner, vec![kept[0].clone()]).await.unwrap();
    assert_eq!(*embedder.asked.lock().unwrap(), asked);
    assert_eq!(texts(&memory, &home, "fog").await.len(), 1);
    // What is kept later is read on, and what is forgotten is not found any more.
    let haze = home.a_memory(owner, "Haze at dawn.");
    memory.remember(owner, vec![haze.clone()]).await.unwrap();
    assert_eq!(texts(&memory, &home, "fog").await.len(), 2);
    memory.forget(owner, haze.id, Vec::new()).await.unwrap();
    assert_eq!(texts(&memory, &home, "fog").await, ["Mist sells boats."]);
    assert_eq!(memory.standing(owner.tenant).await.embedded, Some(3));
}

#[tokio::test]
async fn an_embedder_that_fails_is_left_alone_for_a_while_and_nothing_is_lost() {
    let home = Home::new().await;
    let embedder = Meanings::new("weather", WEATHER);
    let memory = home.memory(Some(embedder.clone()));
    let owner = home.owner();
    *embedder.fails.lock().unwrap() = true;
    let kept = home.a_memory(owner, "Mist over the quay.");
    memory.remember(owner, vec![kept]).await.unwrap();
    let found = memory.recall(owner, asking("mist")).await.unwrap();
    assert_eq!((found.by, found.found.len()), (FoundBy::Words, 1));
    let problem = found.problem.unwrap();
    assert_eq!(problem.code, "EMBEDDER_UNAVAILABLE");
    assert_eq!(*embedder.asked.lock().unwrap(), 1, "it was left alone");
    let standing = memory.standing(owner.tenant).await;
    assert_eq!(standing.problem, Some(problem.clone()));
    assert_eq!(memory.try_out(owner.tenant).await.unwrap_err(), problem);
    *embedder.fails.lock().unwrap() = false;
    // Whoever tries it finds that it answers again, and what was wrong is still told.
    let said = memory.try_out(owner.tenant).await.unwrap();
    assert!(
        said.contains("1 memories") && said.contains("3 numbers"),
        "{said}"
    );
    let standing = memory.standing(owner.tenant).await;
    assert_eq!(standing.problem, None);
    assert_eq!(standing.last_problem, Some((home.bed.world.now(), problem)));
    home.bed.world.pass(31);
    assert_eq!(memory.catch_up(owner.tenant, 100).await.unwrap(), 1);
    assert_eq!(texts(&memory, &home, "haze").await, ["Mist over the quay."]);
}

#[tokio::test]
async fn another_embedder_never_meets_the_vectors_of_the_one_before() {
    let home = Home::new().await;
    let owner = home.owner();
    let old = home.memory(Some(Meanings::new("weather", WEATHER)));
    old.remember(owner, vec![home.a_memory(owner, "Mist.")])
        .await
        .unwrap();
    // Two directions only, and the first one means something else: comparing with the old would be nonsense.
    const OTHER: &[&[&str]] = &[&["coffee"], &["mist", "fog"]];
    let new = home.memory(Some(Meanings::new("other", OTHER)));
    assert_eq!(texts(&new, &home, "coffee").await, Vec::<String>::new());
    assert_eq!(
        texts(&new, &home, "fog").await,
        Vec::<String>::new(),
        "not embedded anew yet"
    );
    assert_eq!(new.standing(owner.tenant).await.embedded, Some(0));
    assert_eq!(new.catch_up(owner.tenant, 100).await.unwrap(), 1);
    assert_eq!(texts(&new, &home, "fog").await, ["Mist."]);
    let none = home
        .store
        .vectors_after(owner, "weather", 3, 0, 9)
        .await
        .unwrap();
    assert_eq!(none, [], "the old one has been replaced");
}

#[tokio::test]
async fn the_same_embedder_with_another_length_is_another_space() {
    let home = Home::new().await;
    let owner = home.owner();
    let three = home.memory(Some(Meanings::new("same", WEATHER)));
    three
        .remember(owner, vec![home.a_memory(owner, "Mist.")])
        .await
        .unwrap();
    let two = home.memory(Some(Meanings::new("same", &WEATHER[..2])));
    assert_eq!(texts(&two, &home, "fog").await, Vec::<String>::new());
    assert_eq!(texts(&three, &home, "fog").await, ["Mist."]);
}

#[tokio::test]
async fn an_agent_recalls_nothing_of_another() {
    let home = Home::new().await;
    let memory = home.memory(Some(Meanings::new("weather", WEATHER)));
    let (owner, sister) = (home.owner(), home.sister().await);
    let secret = home.a_memory(owner, "Secret fog.");
    memory.remember(owner, vec![secret.clone()]).await.unwrap();
    memory
        .remember(sister, vec![home.a_memory(sister, "Coffee.")])
        .await
        .unwrap();
    let found = memory.recall(sister, asking("secret fog")).await.unwrap();
    assert_eq!(found.found, []);
    let listed = memory
        .list(sister, None, None, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 1);
    let refused = memory
        .forget(sister, secret.id, Vec::new())
        .await
        .unwrap_err();
    assert_eq!(refused.code, "MEMORY_NOT_FOUND");
    let smuggled = memory.remember(sister, vec![secret]).await.unwrap_err();
    assert_eq!(smuggled.code, "MEMORY_NOT_FOUND");
}

#[tokio::test]
async fn the_newer_and_the_more_important_come_first_among_equals() {
    let home = Home::new().await;
    let memory = home.memory(None);
    let owner = home.owner();
    let mut old = home.a_memory(owner, "Fog.");
    old.kind = MemoryKind::Episodic;
    home.bed.world.clock.pass(Span::seconds(10 * 86_400));
    let mut plain = home.a_memory(owner, "Fog.");
    plain.kind = MemoryKind::Episodic;
    let mut weighty = plain.clone();
    weighty.id = home.a_memory(owner, "x").id;
    weighty.importance = 100;
    for one in [&weighty, &plain, &old] {
        memory.remember(owner, vec![one.clone()]).await.unwrap();
    }
    let found = memory.recall(owner, asking("fog")).await.unwrap();
    let order: Vec<_> = found.found.iter().map(|one| one.memory.id).collect();
    assert_eq!(order, [weighty.id, plain.id, old.id]);
    let only = RecallQuery {
        kinds: vec![MemoryKind::Knowledge],
        ..asking("fog")
    };
    assert_eq!(memory.recall(owner, only).await.unwrap().found, []);
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_whole() {
    let home = Home::new().await;
    let memory = home.memory(None);
    let owner = home.owner();
    let fine = home.a_memory(owner, "Fine.");
    for spoil in [" ".to_owned(), "a".repeat(4_001)] {
        let bad = home.a_memory(owner, &spoil);
        let refused = memory
            .remember(owner, vec![fine.clone(), bad])
            .await
            .unwrap_err();
        assert_eq!(refused.code, "MEMORY_INVALID");
    }
    let many = vec![fine; 257];
    let refused = memory.remember(owner, many).await.unwrap_err();
    assert_eq!(refused.code, "MEMORY_INVALID");
    let listed = memory
        .list(owner, None, None, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.items, []);
}
