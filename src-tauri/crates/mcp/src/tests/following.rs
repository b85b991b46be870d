//! Resources that are followed: told of in the way of either age, or asked every so often; shared, bounded, taken up again
//! after a death, and ended in words.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    time::Timestamp,
};
use chimera_ports::{
    questions::QuestionDesk,
    resources::{DEFAULT_POLL, FollowedResource, ResourceDesk, ResourceFollower, SHORTEST_POLL},
    tools::ToolHost,
};
use serde_json::json;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{
    asker::Asker, far::Server, host, in_process, peer::Shared, peer_spec, request, tenant,
};
use crate::{
    McpHost, Pins, ServerSpec, Terms, Transport, codes,
    following::{MAX_FOLLOWED, MAX_FOLLOWED_PER_SERVER},
};

const LIVE: &str = "peer://live";
/// Longest wait for something that has to happen.
const SOON: Duration = Duration::from_secs(30);

fn follow(host: &McpHost, every: Duration) -> Box<dyn ResourceFollower> {
    host.follow(tenant(), "peer", LIVE, every).unwrap()
}

/// Waits until what is known is as wanted.
async fn until(
    follower: &mut dyn ResourceFollower,
    wanted: impl Fn(&FollowedResource) -> bool,
) -> FollowedResource {
    let seen = async {
        loop {
            let seen = follower.seen();
            if wanted(&seen) {
                return seen;
            }
            assert_eq!(seen.ended, None, "it ended before that");
            follower.changed().await;
        }
    };
    timeout(Duration::from_secs(3_600), seen).await.unwrap()
}

fn text(seen: &FollowedResource) -> &str {
    seen.reply.as_ref().map_or("", |reply| &reply.text)
}

async fn says(follower: &mut dyn ResourceFollower, words: &str) -> FollowedResource {
    until(follower, |seen| text(seen) == words).await
}

async fn ended(follower: &mut dyn ResourceFollower) -> Fault {
    let wait = async {
        loop {
            if let Some(why) = follower.seen().ended {
                return why;
            }
            follower.changed().await;
        }
    };
    timeout(Duration::from_secs(3_600), wait).await.unwrap()
}

async fn happens(look: impl Fn() -> bool) {
    let seen = async {
        while !look() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, seen).await.unwrap();
}

/// It is told of a change, shares one subscription with another follower, and the last to go takes it back.
async fn is_told(host: McpHost, shared: Arc<Shared>) {
    let live = &shared.live;
    let mut follower = follow(&host, SHORTEST_POLL);
    let first = says(&mut *follower, "touched 0").await;
    assert_eq!(
        (first.version, first.is_told, first.every, first.changed_at),
        (1, true, DEFAULT_POLL, None)
    );
    let other = follow(&host, DEFAULT_POLL);
    assert_eq!(other.seen(), follower.seen());
    happens(|| live.told() == (1, 1)).await;
    live.touch();
    let second = says(&mut *follower, "touched 1").await;
    assert_eq!(
        (second.version, second.changed_at, second.problem),
        (2, second.read_at, None)
    );
    assert_eq!(other.seen().version, 2);
    drop(follower);
    live.touch();
    let mut other = other;
    says(&mut *other, "touched 2").await;
    assert_eq!(live.told(), (1, 1), "one of them is left");
    drop(other);
    happens(|| live.told() == (0, 1)).await;
    assert_eq!(live.reads(), 3);
}

#[tokio::test]
async fn a_server_in_process_says_that_a_resource_changed() {
    let (host, shared) = in_process();
    is_told(host, shared).await;
}

#[tokio::test]
async fn over_http_both_revisions_say_so_in_their_own_ways() {
    for old in [false, true] {
        let shared = Arc::default();
        let server = Server::peer(&shared, old).await;
        let (_service, host, _) = host(vec![server.spec()]);
        is_told(host, shared).await;
        let asked = server.asked();
        let count = |method: &str| asked.iter().filter(|one| one.method == method).count();
        let ways = (count("subscriptions/listen"), count("resources/subscribe"));
        // Of the newer one, one is for its lists.
        assert_eq!(ways, if old { (0, 1) } else { (2, 0) });
        assert_eq!(count("resources/unsubscribe"), usize::from(old));
    }
}

#[tokio::test]
async fn an_older_server_whose_notices_have_no_way_to_come_is_not_said_to_tell() {
    let shared = Arc::default();
    let server = Server::without_stream(&shared).await;
    let (_service, host, _) = host(vec![server.spec()]);
    // Its stream was asked for, and refused.
    host.tools(tenant()).await.unwrap();
    happens(|| {
        server
            .asked()
            .iter()
            .any(|one| one.http == http::Method::GET)
    })
    .await;
    let mut follower = follow(&host, SHORTEST_POLL);
    says(&mut *follower, "touched 0").await;
    let seen = until(&mut *follower, |seen| !seen.is_told).await;
    assert_eq!((seen.every, seen.problem), (SHORTEST_POLL, None));
    happens(|| shared.live.told().0 == 0).await;
}

#[tokio::test]
async fn a_program_says_that_a_resource_changed_and_after_its_death_it_is_asked_to_again() {
    let (_service, host, _) = host(vec![super::stdio::child("modern")]);
    let mut follower = follow(&host, DEFAULT_POLL);
    says(&mut *follower, "touched 0").await;
    let touch = || host.resource(tenant(), "peer", "peer://touch");
    touch().await.unwrap();
    says(&mut *follower, "touched 1").await;
    drop(host.read(request("die", json!({}))).await);
    // The new one knows nothing of what the former said.
    says(&mut *follower, "touched 0").await;
    until(&mut *follower, |seen| seen.is_told).await;
    touch().await.unwrap();
    let seen = says(&mut *follower, "touched 1").await;
    assert_eq!((seen.version, seen.problem), (4, None));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_tell_is_asked_every_so_often_as_the_most_impatient_follower_wants()
{
    let shared: Arc<Shared> = Arc::default();
    shared.live.silent.store(true, Ordering::Release);
    let (_service, host, _) = host(vec![peer_spec(&shared)]);
    let mut patient = follow(&host, DEFAULT_POLL);
    let seen = says(&mut *patient, "touched 0").await;
    assert_eq!((seen.is_told, seen.every), (false, DEFAULT_POLL));
    // Nobody is more impatient than is allowed.
    let impatient = follow(&host, Duration::ZERO);
    until(&mut *patient, |seen| seen.every == SHORTEST_POLL).await;
    shared.live.touch();
    says(&mut *patient, "touched 1").await;
    let reads = shared.live.reads();
    sleep(SHORTEST_POLL * 4 + SHORTEST_POLL / 2).await;
    assert_eq!(shared.live.reads(), reads + 4);
    drop(impatient);
    until(&mut *patient, |seen| seen.every == DEFAULT_POLL).await;
    let reads = shared.live.reads();
    sleep(DEFAULT_POLL * 3 + DEFAULT_POLL / 2).await;
    assert_eq!(shared.live.reads(), reads + 3);
    assert_eq!(shared.live.told(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn what_a_server_forgets_to_tell_is_found_all_the_same() {
    let (host, shared) = in_process();
    let mut follower = follow(&host, DEFAULT_POLL);
    says(&mut *follower, "touched 0").await;
    let reads = shared.live.reads();
    sleep(DEFAULT_POLL * 2 + DEFAULT_POLL / 2).await;
    assert_eq!(shared.live.reads(), reads + 2);
    assert_eq!(follower.changed().await.version, 1);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_changes_costs_a_read_a_second_and_loses_none() {
    let (host, shared) = in_process();
    let live = &shared.live;
    let mut follower = follow(&host, DEFAULT_POLL);
    says(&mut *follower, "touched 0").await;
    live.repeats.store(1_999, Ordering::Release);
    let reads = live.reads();
    for _ in 0..20 {
        live.touch();
        sleep(Duration::from_millis(250)).await;
    }
    let seen = says(&mut *follower, "touched 20").await;
    assert!(seen.is_told, "it fell behind: {seen:?}");
    let cost = live.reads() - reads;
    assert!((1..=7).contains(&cost), "{cost} reads in five seconds");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_dies_is_started_again_and_asked_to_tell_again() {
    let (host, shared) = in_process();
    let mut follower = follow(&host, DEFAULT_POLL);
    says(&mut *follower, "touched 0").await;
    drop(host.read(request("die", json!({}))).await);
    happens(|| shared.live.told().1 == 2).await;
    shared.live.touch();
    says(&mut *follower, "touched 1").await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_tried_again_and_given_up_in_words_after_ten_times() {
    let (host, shared) = in_process();
    let mut follower = follow(&host, DEFAULT_POLL);
    says(&mut *follower, "touched 0").await;
    shared.live.broken.store(true, Ordering::Release);
    shared.live.touch();
    let seen = until(&mut *follower, |seen| seen.problem.is_some()).await;
    assert_eq!(seen.problem.unwrap().code, codes::MCP_RESOURCE_UNKNOWN);
    assert_eq!(seen.reply.unwrap().text, "touched 0", "what was read stays");
    shared.live.broken.store(false, Ordering::Release);
    let seen = says(&mut *follower, "touched 1").await;
    assert_eq!(seen.problem, None);
    shared.live.broken.store(true, Ordering::Release);
    shared.live.touch();
    let why = ended(&mut *follower).await;
    assert_eq!(why.code, codes::MCP_RESOURCE_UNKNOWN);
    assert!(why.message.contains("10 times running"), "{why}");
    // What has ended is in nobody's way.
    shared.live.broken.store(false, Ordering::Release);
    let mut anew = follow(&host, DEFAULT_POLL);
    says(&mut *anew, "touched 2").await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_cannot_be_started_is_given_up_in_words() {
    let gone = crate::ChildProcess::new(Path::new("/no/such/program"), [""; 0]);
    let (_service, host, _) = host(vec![ServerSpec::new("peer", Transport::Stdio(gone))]);
    let mut follower = follow(&host, DEFAULT_POLL);
    let why = ended(&mut *follower).await;
    assert_eq!(follower.seen().version, 0);
    assert!(why.message.contains("10 times running"), "{why}");
    assert!(why.message.contains("open it again"), "{why}");
}

#[tokio::test]
async fn it_ends_in_words_with_its_server_and_with_the_trust_in_it() {
    let shared: Arc<Shared> = Arc::default();
    let (_service, host, _) = host(Vec::new());
    let barred = Fault::new(FaultClass::Waits, codes::MCP_SERVER_UNTRUSTED, "no trust");
    let place = |barred: Option<Fault>| {
        let mut spec = peer_spec(&shared);
        spec.barred = barred;
        host.place(tenant(), spec, Terms::default());
    };
    let terms = Terms {
        pins: Pins::Unseen,
        ..Terms::default()
    };
    let version = Terms {
        version: Some("2.0.0".to_owned()),
        ..Terms::default()
    };
    type End<'a> = Box<dyn Fn() + 'a>;
    let ends: [(&str, End<'_>); 6] = [
        (
            codes::MCP_TOOL_QUARANTINED,
            Box::new(|| host.set_terms(tenant(), "peer", terms.clone())),
        ),
        (
            codes::MCP_VERSION_REFUSED,
            Box::new(|| host.set_terms(tenant(), "peer", version.clone())),
        ),
        (
            codes::MCP_SERVER_UNTRUSTED,
            Box::new(|| place(Some(barred.clone()))),
        ),
        (codes::MCP_CONNECTION_LOST, Box::new(|| place(None))),
        (
            codes::MCP_SERVER_UNKNOWN,
            Box::new(|| host.displace(tenant(), "peer")),
        ),
        (codes::MCP_SHUT_DOWN, Box::new(|| host.0.slots()[0].shut())),
    ];
    for (code, end) in ends {
        place(None);
        let mut follower = follow(&host, DEFAULT_POLL);
        says(&mut *follower, "touched 0").await;
        end();
        let why = ended(&mut *follower).await;
        assert_eq!(why.code, code, "{why}");
        let seen = follower.changed().await;
        assert_eq!((text(&seen), seen.is_told), ("touched 0", false), "{code}");
    }
    place(Some(barred.clone()));
    let refused = host.follow(tenant(), "peer", LIVE, DEFAULT_POLL).map(drop);
    assert_eq!(refused.unwrap_err().fault, barred);
}

#[tokio::test]
async fn so_many_are_followed_and_no_more_and_one_workspace_is_not_in_the_way_of_another() {
    let (host, _) = in_process();
    let of = |tenant, number: usize| {
        host.follow(tenant, "peer", &format!("peer://{number}"), DEFAULT_POLL)
    };
    let held: Vec<_> = (0..MAX_FOLLOWED_PER_SERVER)
        .map(|number| of(tenant(), number).unwrap())
        .collect();
    let refused = of(tenant(), MAX_FOLLOWED_PER_SERVER).map(drop).unwrap_err();
    assert_eq!(
        refused.fault.code,
        codes::MCP_TOO_MANY_FOLLOWED,
        "{refused}"
    );
    // One that is followed already takes no place more.
    drop(of(tenant(), 0).unwrap());
    let other = TenantId::from_uuid(Uuid::from_u128(8));
    drop(of(other, MAX_FOLLOWED_PER_SERVER).unwrap());
    drop(held);
    drop(of(tenant(), MAX_FOLLOWED_PER_SERVER).unwrap());
    const { assert!(MAX_FOLLOWED > MAX_FOLLOWED_PER_SERVER) };
}

#[tokio::test]
async fn nobody_is_asked_anything_for_what_is_read_again_by_itself() {
    for old in [false, true] {
        let asker = Asker::new(old);
        let (_service, host, _) = host(vec![asker.spec()]);
        let follower = host.follow(tenant(), "peer", "ask://whose", DEFAULT_POLL);
        let mut follower = follower.unwrap();
        let seen = until(&mut *follower, |seen| {
            seen.problem.is_some() || seen.version > 0
        });
        let seen = seen.await;
        let problem = seen.problem.as_ref().unwrap();
        assert!(
            problem.code == codes::MCP_INPUT_REQUIRED
                && problem
                    .message
                    .contains("nobody waits for what is read again"),
            "{old}: {seen:?}"
        );
        // What it said without an answer is not taken for what it holds.
        assert_eq!((seen.version, &seen.reply), (0, &None));
        assert_eq!(
            (host.waiting(tenant()), host.ended(tenant())),
            (vec![], vec![])
        );
    }
}

#[tokio::test]
async fn when_it_was_read_is_told_by_the_clock() {
    let shared = Arc::default();
    let (_service, host, clock) = host(vec![peer_spec(&shared)]);
    clock.advance(7);
    let mut follower = follow(&host, DEFAULT_POLL);
    let seen = says(&mut *follower, "touched 0").await;
    assert_eq!(seen.read_at, Some(Timestamp::from_seconds(7)));
    clock.advance(3);
    shared.live.touch();
    let seen = says(&mut *follower, "touched 1").await;
    assert_eq!(seen.changed_at, Some(Timestamp::from_seconds(10)));
}
