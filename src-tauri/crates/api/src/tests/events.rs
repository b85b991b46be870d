//! The stream: numbered, resumable, one tenant's own.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use chimera_domain::{
    change::Change,
    event::{Event, Fact},
    id::{AlertId, ReviewId},
    role::Role,
};
use chimera_door::serving::serve;
use chimera_ports::store::Log;
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::bench::{ALL_ROLES, Bench, Call};

/// Long enough for any machine; a stream that says nothing in this time has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Stream {
    data: BodyDataStream,
    read: String,
}

impl Stream {
    async fn open(bench: &Bench, call: Call) -> Self {
        let response = bench.router.clone().oneshot(call.request()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut stream = Self {
            data: Body::into_data_stream(response.into_body()),
            read: String::new(),
        };
        // Only after the greeting is the stream in its place in the log.
        let hello = stream.chunk().await;
        assert!(hello.contains("retry: 1000"), "{hello}");
        stream
    }

    /// Everything up to the next empty line.
    async fn chunk(&mut self) -> String {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let chunk = self.read[..end].to_owned();
                self.read.drain(..end + 2);
                return chunk;
            }
            let more = tokio::time::timeout(PATIENCE, self.data.next())
                .await
                .expect("the stream is silent");
            let more = more.expect("the stream ended").unwrap();
            self.read.push_str(std::str::from_utf8(&more).unwrap());
        }
    }

    /// The next fact: its number and its data.
    async fn fact(&mut self) -> (u64, Value) {
        loop {
            let chunk = self.chunk().await;
            let field = |name: &str| {
                chunk
                    .lines()
                    .find_map(|line| line.strip_prefix(name))
                    .map(str::trim)
            };
            if field("event:") == Some("fact") {
                let number = field("id:").unwrap().parse().unwrap();
                return (
                    number,
                    serde_json::from_str(field("data:").unwrap()).unwrap(),
                );
            }
        }
    }
}

#[tokio::test]
async fn facts_are_pushed_with_number_and_author_and_resumed_from_a_number() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let mut stream = Stream::open(&bench, Call::get("/api/v1/events").token(&token)).await;
    let pause = format!("/api/v1/campaigns/{}/pause", bed.campaign.id);
    bench.call(Call::post(pause).token(&token)).await.ok();
    let (first, fact) = stream.fact().await;
    assert_eq!(
        fact["fact"],
        json!({ "type": "campaign_changed", "campaign": bed.campaign.id, "status": "PAUSED" })
    );
    assert_eq!(
        (&fact["seq"], &fact["actor"]["id"]),
        (&json!(first), &json!(user.id))
    );
    let save = Call::put("/api/v1/preferences")
        .token(&token)
        .json(&json!({ "values": { "a": 1 } }));
    bench.call(save).await.ok();
    let (second, fact) = stream.fact().await;
    assert_eq!(
        fact["fact"],
        json!({ "type": "settings_changed", "area": "preferences" })
    );
    assert!(second > first);
    drop(stream);
    let again = Call::get("/api/v1/events?after=0")
        .token(&token)
        .with("last-event-id", &first.to_string());
    let mut stream = Stream::open(&bench, again).await;
    assert_eq!(
        stream.fact().await.0,
        second,
        "the header of a browser that comes back wins over the query"
    );
    let all = Call::get("/api/v1/events?after=0").token(&token);
    let mut stream = Stream::open(&bench, all).await;
    assert!(stream.fact().await.0 <= first);
}

#[tokio::test]
async fn another_tenants_facts_stay_with_it_and_a_lost_number_begins_anew() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let other = bench.bed(bench.world.other_tenant()).await;
    let future = Call::get("/api/v1/events?after=999999").token(&token);
    let mut stream = Stream::open(&bench, future).await;
    let theirs = other.world.task(&other.campaign);
    let note = |world: &chimera_testkit::World, task| Change::Event(world.event(task));
    bench
        .store
        .append(other.world.tenant, vec![note(&other.world, &theirs)])
        .await
        .unwrap();
    let ours = bed.world.task(&bed.campaign);
    bench
        .store
        .append(bed.world.tenant, vec![note(&bed.world, &ours)])
        .await
        .unwrap();
    let (_, fact) = stream.fact().await;
    assert_eq!(fact["fact"]["task"], json!(ours.id));
}

#[tokio::test]
async fn each_role_hears_of_what_it_may_read_only() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let task = bed.world.task(&bed.campaign);
    let fact = |fact| {
        Change::Event(Event {
            fact,
            ..bed.world.event(&task)
        })
    };
    let area = "stop".to_owned();
    let notes = vec![
        fact(Fact::AlertRaised {
            alert: AlertId::from_uuid(bed.world.uuid()),
            code: "MODEL_DOWN".to_owned(),
            title: "The secret plan failed".to_owned(),
        }),
        fact(Fact::PersonaChanged {
            agent: bed.agent.id,
            number: 2,
        }),
        Change::Event(bed.world.event(&task)),
        fact(Fact::ReviewChanged {
            review: ReviewId::from_uuid(bed.world.uuid()),
            campaign: bed.campaign.id,
            state: "open".to_owned(),
        }),
        fact(Fact::SettingsChanged { area }),
    ];
    bench.store.append(bed.world.tenant, notes).await.unwrap();
    let all = [
        "alert_raised",
        "persona_changed",
        "task_changed",
        "review_changed",
        "settings_changed",
    ];
    let cases: [(&str, &[Role], &[&str]); 4] = [
        ("ada", &[Role::Admin], &all),
        ("mo", &[Role::Moderator], &all[3..]),
        ("fin", &[Role::Finance], &all[1..]),
        ("both", &[Role::Moderator, Role::BrandOwner], &all),
    ];
    for (name, roles, expected) in cases {
        let (_, token) = bench.person(&bed.world, name, roles).await;
        let all = Call::get("/api/v1/events?after=0").token(&token);
        let mut stream = Stream::open(&bench, all).await;
        for kind in expected {
            assert_eq!(stream.fact().await.1["fact"]["type"], *kind, "{name}");
        }
    }
}

/// Who is demoted hears nothing more of what they may not read from the change on, and who is promoted hears it.
#[tokio::test]
async fn an_open_stream_takes_changed_roles_from_the_change_on() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, admin) = bench.person(&bed.world, "ada", ALL_ROLES).await;
    let (mo, token) = bench.person(&bed.world, "mo", &[Role::Operator]).await;
    let alert = || {
        Change::Event(Event {
            fact: Fact::AlertRaised {
                alert: AlertId::from_uuid(bed.world.uuid()),
                code: "MODEL_DOWN".to_owned(),
                title: "No answer".to_owned(),
            },
            ..bed.world.event(&bed.world.task(&bed.campaign))
        })
    };
    let mut stream = Stream::open(&bench, Call::get("/api/v1/events").token(&token)).await;
    for (role, hears_alerts) in [
        ("moderator", false),
        ("operator", true),
        ("moderator", false),
    ] {
        let change = Call::put(format!("/api/v1/users/{}", mo.id))
            .token(&admin)
            .json(&json!({ "name": "Mo", "roles": [role], "disabled": false }));
        bench.call(change).await.ok();
        bench
            .store
            .append(bed.world.tenant, vec![alert()])
            .await
            .unwrap();
        let save = Call::put("/api/v1/preferences")
            .token(&admin)
            .json(&json!({ "values": { "role": role } }));
        bench.call(save).await.ok();
        let mut heard = Vec::new();
        loop {
            let (_, fact) = stream.fact().await;
            if fact["fact"]["area"] == "preferences" {
                break;
            }
            heard.push(fact["fact"]["type"].clone());
        }
        let expected: &[&str] = if hears_alerts {
            &["settings_changed", "alert_raised"]
        } else {
            &["settings_changed"]
        };
        assert_eq!(heard, expected, "{role}");
    }
    let end = Call::put(format!("/api/v1/users/{}", mo.id))
        .token(&admin)
        .json(&json!({ "name": "Mo", "roles": ["moderator"], "disabled": true }));
    bench.call(end).await.ok();
    let end = tokio::time::timeout(PATIENCE, async {
        while stream.data.next().await.is_some() {}
    })
    .await;
    assert!(end.is_ok(), "the stream goes on without an account");
}

#[tokio::test]
async fn a_stream_ends_when_its_session_does() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let mut stream = Stream::open(&bench, Call::get("/api/v1/events").token(&token)).await;
    bench.world.pass(3_601);
    let end = tokio::time::timeout(PATIENCE, async {
        while stream.data.next().await.is_some() {}
    })
    .await;
    assert!(end.is_ok(), "the stream goes on without a session");
}

#[tokio::test]
async fn a_server_that_leaves_ends_its_streams_and_is_gone_at_once() {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
        sync::oneshot,
    };
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (leave, told) = oneshot::channel::<()>();
    let until = async { told.await.unwrap() };
    let server = tokio::spawn(serve(listener, bench.router.clone(), until));
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut seen = String::new();
    let mut buffer = [0_u8; 1_024];
    while !seen.contains("retry: 1000") {
        let read = tokio::time::timeout(PATIENCE, socket.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        assert!(read > 0, "{seen}");
        seen.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    leave.send(()).unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, socket.read_to_end(&mut rest))
        .await
        .expect("the stream goes on")
        .unwrap();
    // The last chunk of an answer that was finished, not cut off.
    assert!(
        rest.ends_with(b"0\r\n\r\n"),
        "{}",
        String::from_utf8_lossy(&rest)
    );
    tokio::time::timeout(PATIENCE, server)
        .await
        .expect("the server stays")
        .unwrap();
}
