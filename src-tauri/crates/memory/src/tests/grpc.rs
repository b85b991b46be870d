//! Memory in a Weaviate that is searched over gRPC, with real sockets for both of its sides. No live server was ever
//! behind these tests.

use chimera_domain::{
    fault::FaultClass,
    memory::{Memory, Owner},
};
use chimera_ports::{
    memory::{FoundBy, MemoryBackend},
    page::PageRequest,
};
use prost::Message;
use tonic::Code;

use super::{
    Home, Meanings, asking,
    both::{Both, DELETE, INSERT, SEARCH, plain, row_of},
    rpc::{Reply, client},
    troubles::{answers, statuses},
};
use crate::{
    GrpcOptions, WeaviateMemory,
    weaviate::{grpc::messages as pb, object_id},
};

const WEATHER: &[&[&str]] = &[&["fog", "mist"], &["coffee"]];

async fn listed(memory: &WeaviateMemory, owner: Owner) -> usize {
    let page = memory.list(owner, None, None, PageRequest::default());
    page.await.unwrap().items.len()
}

async fn remembered(home: &Home, memory: &WeaviateMemory, text: &str) -> Memory {
    let kept = home.a_memory(home.owner(), text);
    let remembered = memory.remember(home.owner(), vec![kept.clone()]).await;
    remembered.unwrap();
    kept
}

#[tokio::test]
async fn words_and_meaning_are_one_question_within_the_agent_and_only_the_schema_goes_over_rest() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, Some(Meanings::new("weather", WEATHER)));
    let owner = home.owner();
    let kept = remembered(&home, &memory, "Mist sells coffee.").await;
    let object = &both.put()[0];
    assert_eq!(object.tenant, owner.tenant.to_string());
    assert_eq!(object.uuid, object_id(&kept).to_string());
    let text = |property| plain(object, property).string_value.unwrap();
    assert_eq!(text("agent_id"), owner.agent.to_string());
    assert_eq!(text("content"), "Mist sells coffee.");
    *both.finds.lock().unwrap() = vec![row_of(object)];
    let found = memory.recall(owner, asking("What about the fog?")).await;
    let found = found.unwrap();
    assert_eq!((found.by, found.problem), (FoundBy::WordsAndMeaning, None));
    assert_eq!(found.found[0].memory, kept, "as it stands in our own store");
    let searches = both.searches();
    let [asked] = &searches[..] else {
        panic!("one question, not {}", searches.len())
    };
    let hybrid = asked.hybrid_search.as_ref().unwrap();
    assert_eq!(hybrid.query, "fog");
    assert_eq!(hybrid.vector_bytes, [0, 0, 128, 63, 0, 0, 0, 0], "1 and 0");
    assert_eq!(asked.tenant, owner.tenant.to_string());
    let filter = asked.filters.as_ref().unwrap();
    assert_eq!(filter.value_text, Some(owner.agent.to_string()));
    assert_eq!(
        asked.properties.as_ref().unwrap().non_ref_properties,
        ["row"],
        "no text is taken from there"
    );
    for line in ["POST /v1/batch", "POST /v1/search", "DELETE"] {
        assert_eq!(both.rest.asked(line).len(), 0, "{line}");
    }
    assert_eq!(both.rest.asked("GET /v1/schema").len(), 1);
    let standing = memory.standing(owner.tenant).await;
    let address = Some(both.rpc.url());
    assert_eq!(
        (standing.grpc_address, standing.never_run_live),
        (address, true)
    );
    let said = memory.try_out(owner.tenant).await.unwrap();
    let expected = "Weaviate 1.40.3 answers over REST and gRPC; 1 of 1 memories";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(both.called("/grpc.health.v1.Health/Check").len(), 1);
}

#[tokio::test]
async fn words_alone_are_asked_where_nobody_embeds_and_the_vector_alone_where_no_word_counts() {
    let (home, both) = (Home::new().await, Both::new().await);
    let owner = home.owner();
    let lexical = both.memory(&home, None);
    remembered(&home, &lexical, "Mist sells coffee.").await;
    let found = lexical.recall(owner, asking("fog")).await.unwrap();
    assert_eq!((found.by, found.problem), (FoundBy::Words, None));
    let meaning = both.memory(&home, Some(Meanings::new("weather", WEATHER)));
    assert_eq!(meaning.catch_up(owner.tenant, 10).await.unwrap(), 1);
    let found = meaning.recall(owner, asking("?!")).await.unwrap();
    assert_eq!((found.by, found.problem), (FoundBy::WordsAndMeaning, None));
    let searches = both.searches();
    assert_eq!(searches[0].bm25_search.as_ref().unwrap().query, "fog");
    assert!(searches[1].near_vector.is_some() && searches[1].bm25_search.is_none());
}

#[tokio::test]
async fn whatever_goes_wrong_memories_are_found_by_words_and_it_is_said_under_the_right_code() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, Some(Meanings::new("weather", WEATHER)));
    let owner = home.owner();
    let kept = remembered(&home, &memory, "Fog sells.").await;
    for (reply, code, words) in statuses().into_iter().chain(answers()) {
        let what = format!("{reply:.120?}");
        both.fails(SEARCH, reply);
        let found = memory.recall(owner, asking("fog")).await.unwrap();
        assert_eq!((found.by, found.found.len()), (FoundBy::Words, 1), "{what}");
        assert_eq!(found.found[0].memory, kept, "{what}");
        let problem = found.problem.unwrap();
        let class = match code {
            "MEMORY_REFUSED" => FaultClass::Permanent,
            _ => FaultClass::Transient,
        };
        let expected = (code, class);
        assert_eq!(
            (problem.code.as_str(), problem.class),
            expected,
            "{what}: {problem}"
        );
        assert!(problem.message.contains(words), "{what}: {problem}");
        assert!(problem.message.contains("nothing was lost"), "{problem}");
        both.is_well();
        // It is left alone for a while, and asked again then.
        home.bed.world.pass(31);
        let found = memory.recall(owner, asking("fog")).await.unwrap();
        assert_eq!(
            (found.by, found.problem),
            (FoundBy::WordsAndMeaning, None),
            "{what}"
        );
    }
}

#[tokio::test]
async fn what_a_batch_refuses_of_one_memory_is_not_taken_for_copied_and_is_copied_later() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, None);
    let tenant = home.owner().tenant;
    let words = "new node has a vector with length 3. Existing nodes have vectors with length 2";
    let error = pb::BatchError {
        index: 0,
        error: words.to_owned(),
    };
    let reply = pb::BatchObjectsReply {
        took: 0.0,
        errors: vec![error],
    };
    both.fails(INSERT, Reply::Message(reply.encode_to_vec()));
    remembered(&home, &memory, "Fog.").await;
    let standing = memory.standing(tenant).await;
    assert_eq!((standing.memories, standing.embedded), (Some(1), Some(0)));
    let problem = standing.problem.unwrap();
    assert_eq!(problem.code, "MEMORY_REFUSED");
    assert!(
        problem.message.contains("vector with length 3"),
        "{problem}"
    );
    // A connection that breaks: it is not known what was taken, so all of it is put once more, under the same id.
    home.bed.world.pass(31);
    both.fails(INSERT, Reply::Cut);
    let fault = memory.catch_up(tenant, 10).await.unwrap_err();
    assert_eq!(fault.code, "MEMORY_UNAVAILABLE");
    home.bed.world.pass(31);
    both.is_well();
    assert_eq!(memory.catch_up(tenant, 10).await.unwrap(), 1);
    let put = both.put();
    assert_eq!(put.len(), 3);
    assert!(put.iter().all(|one| *one == put[0]));
}

#[tokio::test]
async fn one_memory_that_is_refused_holds_no_other_up_and_the_rest_is_searched() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, None);
    let owner = home.owner();
    both.fails(INSERT, Reply::Status(Code::Unavailable, ""));
    for text in ["Fog.", "Rain.", "Snow."] {
        remembered(&home, &memory, text).await;
        home.bed.world.pass(31);
    }
    // The second of three, as often as it comes.
    let error = |index| pb::BatchError {
        index,
        error: "invalid".to_owned(),
    };
    let refusing = |index| {
        let reply = pb::BatchObjectsReply {
            took: 0.0,
            errors: vec![error(index)],
        };
        Reply::Message(reply.encode_to_vec())
    };
    both.fails(INSERT, refusing(1));
    both.then(INSERT, refusing(0));
    let fault = memory.catch_up(owner.tenant, 10).await.unwrap_err();
    assert_eq!(fault.code, "MEMORY_REFUSED");
    let standing = memory.standing(owner.tenant).await;
    assert_eq!((standing.memories, standing.embedded), (Some(3), Some(2)));
    assert_eq!(standing.problem, Some(fault));
    let found = memory.recall(owner, asking("fog")).await.unwrap();
    assert_eq!(found.problem, None);
    assert_eq!(both.searches().len(), 1);
    // What it says of a memory that it was not given is no answer.
    home.bed.world.pass(31);
    both.is_well();
    both.fails(INSERT, refusing(7));
    let fault = memory.catch_up(owner.tenant, 10).await.unwrap_err();
    assert!(fault.message.contains("was not given"), "{fault}");
}

#[tokio::test]
async fn forgetting_takes_the_copy_first_and_nothing_where_it_cannot() {
    let (home, both) = (Home::new().await, Both::new().await);
    let memory = both.memory(&home, None);
    let owner = home.owner();
    let kept = remembered(&home, &memory, "Fog.").await;
    let refused = pb::BatchDeleteReply {
        matches: 1,
        failed: 1,
        ..pb::BatchDeleteReply::default()
    };
    for (reply, code) in [
        (Reply::Cut, "MEMORY_UNAVAILABLE"),
        (
            Reply::Message(refused.encode_to_vec()),
            "MEMORY_UNAVAILABLE",
        ),
        (Reply::Status(Code::Unauthenticated, ""), "MEMORY_REFUSED"),
    ] {
        both.fails(DELETE, reply);
        let fault = memory.forget(owner, kept.id, Vec::new()).await.unwrap_err();
        assert_eq!(
            (fault.code.as_str(), listed(&memory, owner).await),
            (code, 1)
        );
    }
    both.is_well();
    memory.forget(owner, kept.id, Vec::new()).await.unwrap();
    assert_eq!(listed(&memory, owner).await, 0);
    let deleted = both.called(DELETE);
    let asked = pb::BatchDeleteRequest::decode(&deleted[3].message[..]).unwrap();
    assert_eq!(asked.tenant, Some(owner.tenant.to_string()));
    let filters = asked.filters.unwrap().filters;
    let values: Vec<_> = filters
        .into_iter()
        .filter_map(|one| one.value_text)
        .collect();
    assert_eq!(
        values,
        [object_id(&kept).to_string(), owner.agent.to_string()]
    );
    // What has no tenant there has no copy either.
    let other = remembered(&home, &memory, "Rain.").await;
    both.fails(
        DELETE,
        Reply::Status(Code::Unknown, "batch delete: tenant not found"),
    );
    memory.forget(owner, other.id, Vec::new()).await.unwrap();
    assert_eq!(listed(&memory, owner).await, 0);
}

#[tokio::test]
async fn a_private_address_that_nobody_listed_is_not_called() {
    let (home, both) = (Home::new().await, Both::new().await);
    let grpc = GrpcOptions {
        base_url: both.rpc.url(),
        client: client(&[]),
    };
    let memory = both.rest.memory_over(&home, None, Some(grpc));
    let fault = memory.try_out(home.owner().tenant).await.unwrap_err();
    assert_eq!(fault.code, "MEMORY_REFUSED");
    assert!(fault.message.contains("a loopback address"), "{fault}");
    assert_eq!(both.rpc.called().len(), 0);
}

#[tokio::test]
async fn what_answers_without_http_2_is_no_grpc() {
    let (home, both) = (Home::new().await, Both::new().await);
    let grpc = GrpcOptions {
        // The REST side, by mistake.
        base_url: both
            .rest
            .memory(&home, None)
            .standing(home.owner().tenant)
            .await
            .address
            .unwrap(),
        client: client(&["127.0.0.1"]),
    };
    let memory = both.rest.memory_over(&home, None, Some(grpc));
    let fault = memory.try_out(home.owner().tenant).await.unwrap_err();
    assert!(
        fault.message.contains("Weaviate at http://127.0.0.1"),
        "{fault}"
    );
    assert!(!fault.message.contains("w-1"), "{fault}");
}
