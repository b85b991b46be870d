//! Attacks on sessions and on the loopback server, byte by byte over a real socket: stolen tokens, guessed passwords,
//! pages of others that make a browser ask, names of others that point at this machine.
//!
//! Never here: what a role may do, or another tenant's ids (the API's own tests).

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::World;

const EMAIL: &str = "ada@halden.example";
const PASSWORD: &str = "Ada likes 17 quiet teapots";

/// What came back over the socket.
#[derive(Debug)]
struct Raw {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Value,
}

impl Raw {
    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    fn cookie(&self) -> &str {
        self.headers.get("set-cookie").map_or("", String::as_str)
    }
}

/// Sends exactly these lines and this body, and reads what comes until the far side closes.
async fn send(world: &World, first: &str, headers: &[(&str, &str)], body: &str) -> Raw {
    let mut socket = TcpStream::connect(world.api().authority()).await.unwrap();
    let mut text = format!("{first} HTTP/1.1\r\nconnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if !body.is_empty() {
        let _ = write!(text, "content-length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    text.push_str(body);
    socket.write_all(text.as_bytes()).await.unwrap();
    let mut read = Vec::new();
    socket.read_to_end(&mut read).await.unwrap();
    let read = String::from_utf8_lossy(&read).into_owned();
    let (head, body) = read.split_once("\r\n\r\n").unwrap_or((&read, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    // Without a length it comes in pieces; the piece between the braces is the JSON.
    let json = body
        .find('{')
        .zip(body.rfind('}'))
        .and_then(|(from, to)| serde_json::from_str(&body[from..=to]).ok());
    Raw {
        status: status.parse().unwrap(),
        headers,
        body: json.unwrap_or(Value::Null),
    }
}

/// A request as a browser on the console's own page sends it.
async fn ask(world: &World, first: &str, cookie: &str, body: &str) -> Raw {
    let host = world.api().authority().to_owned();
    let origin = format!("http://{host}");
    let mut headers = vec![("host", host.as_str()), ("origin", &origin)];
    if !cookie.is_empty() {
        headers.push(("cookie", cookie));
    }
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    send(world, first, &headers, body).await
}

/// A world with an account, and that account's words for signing in.
async fn with_ada() -> (World, String) {
    let world = World::new().await;
    let account =
        json!({ "name": "Ada", "email": EMAIL, "password": PASSWORD, "roles": ["moderator"] });
    world.api().post("/api/v1/users", account).await.ok();
    let words = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    (world, words)
}

/// The cookie of a fresh session, as the browser sends it back.
async fn signed_in(world: &World, words: &str) -> String {
    let opened = ask(world, "POST /api/v1/session", "", words).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    opened.cookie().split(';').next().unwrap().to_owned()
}

async fn is_in(world: &World, cookie: &str) -> bool {
    let me = ask(world, "GET /api/v1/session", cookie, "").await;
    assert!([200, 401].contains(&me.status), "{me:?}");
    me.status == 200
}

#[tokio::test]
async fn a_session_is_new_each_time_and_its_cookie_is_out_of_reach() {
    let (world, words) = with_ada().await;
    // A cookie that somebody put there beforehand is not taken up.
    let planted = format!("chimera_session=chs_{}", "0".repeat(64));
    let opened = ask(&world, "POST /api/v1/session", &planted, &words).await;
    let line = opened.cookie().to_owned();
    assert!(!line.starts_with(&planted), "{line}");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(line.contains(part), "{part} is missing in {line}");
    }
    assert!(!line.to_lowercase().contains("domain="), "{line}");
    let (one, two) = (
        signed_in(&world, &words).await,
        signed_in(&world, &words).await,
    );
    assert_ne!(one, two);
    assert!(is_in(&world, &one).await && !is_in(&world, &planted).await);
    // A token in the address is no token: addresses end up in logs and in other sites' hands.
    let token = one.trim_start_matches("chimera_session=");
    for first in [
        format!("GET /api/v1/session?token={token}"),
        format!("GET /api/v1/session?access_token={token}"),
    ] {
        let refused = ask(&world, &first, "", "").await;
        assert_eq!(refused.code(), "UNAUTHENTICATED", "{refused:?}");
    }
}

#[tokio::test]
async fn a_stolen_token_is_worth_nothing_once_its_owner_acts() {
    let (world, words) = with_ada().await;
    // Signing out ends that one.
    let (own, stolen) = (
        signed_in(&world, &words).await,
        signed_in(&world, &words).await,
    );
    let out = ask(&world, "DELETE /api/v1/session", &own, "").await;
    assert_eq!(out.status, 204);
    assert!(out.cookie().contains("Max-Age=0"), "{}", out.cookie());
    assert!(!is_in(&world, &own).await && is_in(&world, &stolen).await);
    // Another password ends all but the one who set it.
    let own = signed_in(&world, &words).await;
    let change = json!({ "current": PASSWORD, "new": "nineteen loud kettles" }).to_string();
    let changed = ask(&world, "PUT /api/v1/session/password", &own, &change).await;
    assert_eq!(changed.status, 204, "{changed:?}");
    assert!(is_in(&world, &own).await && !is_in(&world, &stolen).await);
    // Signing out everywhere ends this one too.
    let words = json!({ "email": EMAIL, "password": "nineteen loud kettles" }).to_string();
    let stolen = signed_in(&world, &words).await;
    let out = ask(&world, "DELETE /api/v1/sessions", &own, "").await;
    assert_eq!(out.status, 204, "{out:?}");
    assert!(!is_in(&world, &own).await && !is_in(&world, &stolen).await);
    // And all of it is on record, with nobody's token.
    let audit = world.api().all("/api/v1/audit?action=session.").await;
    let acts: Vec<&str> = audit
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    assert!(
        acts.contains(&"session.end") && acts.contains(&"session.end_all"),
        "{acts:?}"
    );
    assert!(!json!(audit).to_string().contains("chs_"));
}

#[tokio::test]
async fn guessing_is_held_up_and_tells_nobody_who_has_an_account() {
    let (world, words) = with_ada().await;
    let guess =
        |email: &str| json!({ "email": email, "password": "not this one, surely" }).to_string();
    let bare = |raw: &Raw| {
        let mut body = raw.body.clone();
        body["error"]["timestamp"] = json!("");
        (raw.status, body)
    };
    // Somebody who is there and somebody who is not are answered alike, to the last word, as often as it is tried.
    let mut held = 0;
    for _ in 0..12 {
        let there = ask(&world, "POST /api/v1/session", "", &guess(EMAIL)).await;
        let not_there = ask(
            &world,
            "POST /api/v1/session",
            "",
            &guess("nobody@halden.example"),
        )
        .await;
        if there.status == 429 {
            held += 1;
            assert_eq!(there.code(), "SIGN_IN_THROTTLED");
            let wait: u64 = there.headers["retry-after"].parse().unwrap();
            assert!((1..=15 * 60).contains(&wait), "{wait}");
            assert_eq!(not_there.status, 429, "only one of both is held up");
        } else {
            assert_eq!(bare(&there), bare(&not_there));
            assert_eq!(there.code(), "SIGN_IN_FAILED");
        }
    }
    assert!(held >= 4, "guessing was never held up");
    // Now the right password is held up as well, and says so in words, not as a wrong one.
    let right = ask(&world, "POST /api/v1/session", "", &words).await;
    assert_eq!((right.status, right.code()), (429, "SIGN_IN_THROTTLED"));
    let said = right.body["error"]["message"].as_str().unwrap();
    assert!(said.contains("Too many failed attempts"), "{said}");
    // Capitals and spaces are no other account.
    let spelt = ask(
        &world,
        "POST /api/v1/session",
        "",
        &guess(" ADA@Halden.example "),
    )
    .await;
    assert_eq!(spelt.status, 429);
    // Whoever is in stays in: an account cannot be taken from its owner by guessing at it.
    assert_eq!(
        world.api().get("/api/v1/session").await["user"]["kind"],
        "service"
    );
    // A header that claims another address changes nothing.
    let host = world.api().authority().to_owned();
    let forged = [
        ("host", host.as_str()),
        ("x-forwarded-for", "203.0.113.7"),
        ("content-type", "application/json"),
    ];
    let forged = send(&world, "POST /api/v1/session", &forged, &guess(EMAIL)).await;
    assert_eq!(forged.status, 429, "{forged:?}");
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts() {
    let (world, _) = with_ada().await;
    let mut held = false;
    for number in 0..70 {
        // Too long to be anybody's: it is counted like any other, and nothing is reckoned.
        let words =
            json!({ "email": format!("user{number}@halden.example"), "password": "x".repeat(300) });
        let raw = ask(&world, "POST /api/v1/session", "", &words.to_string()).await;
        held |= raw.status == 429;
        if held {
            break;
        }
    }
    assert!(held, "an address may try as many accounts as it likes");
}

#[tokio::test]
async fn a_page_of_somebody_else_cannot_make_a_browser_act() {
    let (world, words) = with_ada().await;
    let cookie = signed_in(&world, &words).await;
    let host = world.api().authority().to_owned();
    let port = host.rsplit(':').next().unwrap();
    let stop = json!({ "reason": "a foreign page" }).to_string();
    let near = format!("http://127.0.0.1:{}", port.parse::<u16>().unwrap() ^ 1);
    let longer = format!("http://{host}.evil.example");
    let secure = format!("https://{host}.evil.example");
    for origin in [
        "http://evil.example",
        "null",
        &near,
        &longer,
        &secure,
        "file://",
        "",
    ] {
        let headers = [
            ("host", host.as_str()),
            ("origin", origin),
            ("cookie", &cookie),
            ("content-type", "application/json"),
        ];
        let raw = send(&world, "POST /api/v1/swarm/stop", &headers, &stop).await;
        assert_eq!(raw.code(), "ORIGIN_REFUSED", "{origin}: {raw:?}");
        assert!(!raw.headers.contains_key("access-control-allow-origin"));
    }
    // A write by cookie that names no origin at all is none of a browser's.
    let headers = [
        ("host", host.as_str()),
        ("cookie", &cookie),
        ("content-type", "application/json"),
    ];
    let raw = send(&world, "POST /api/v1/swarm/stop", &headers, &stop).await;
    assert_eq!(raw.code(), "ORIGIN_REFUSED");
    // Forms of one's own origin, as a page could be made to send them, are no JSON.
    let origin = format!("http://{host}");
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "",
    ] {
        let headers = [
            ("host", host.as_str()),
            ("origin", &origin),
            ("cookie", &cookie),
            ("content-type", kind),
        ];
        let raw = send(&world, "POST /api/v1/swarm/stop", &headers, &stop).await;
        assert_eq!(raw.code(), "UNSUPPORTED_MEDIA_TYPE", "{kind}: {raw:?}");
    }
    // Asking beforehand whether one may is answered with no.
    let headers = [
        ("host", host.as_str()),
        ("origin", "http://evil.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let raw = send(&world, "OPTIONS /api/v1/swarm/stop", &headers, "").await;
    assert!(raw.status >= 400, "{raw:?}");
    assert!(
        !raw.headers
            .keys()
            .any(|name| name.starts_with("access-control-"))
    );
    // Nothing of all that did anything; from the own page it does.
    let gauge = world.api().get("/api/v1/swarm/gauge").await;
    assert_eq!(gauge["stopped"], false, "{gauge}");
    let raw = ask(&world, "POST /api/v1/swarm/stop", &cookie, &stop).await;
    assert_eq!(raw.status, 200, "{raw:?}");
}

#[tokio::test]
async fn a_name_that_somebody_else_points_at_this_machine_is_not_answered() {
    let (world, words) = with_ada().await;
    let cookie = signed_in(&world, &words).await;
    let host = world.api().authority().to_owned();
    let port = host.rsplit(':').next().unwrap().to_owned();
    let foreign = [
        format!("evil.example:{port}"),
        "evil.example".to_owned(),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("0.0.0.0:{port}"),
        "2130706433".to_owned(),
    ];
    for name in &foreign {
        for first in [
            "GET /",
            "GET /api/v1/setup",
            "GET /api/v1/session",
            "GET /api/v1/events",
            "GET /healthz",
            "GET /metrics",
            "GET /api/openapi.json",
            "POST /mcp",
        ] {
            // The page of that name is, for the browser, of the same origin as what it asks.
            let origin = format!("http://{name}");
            let headers = [
                ("host", name.as_str()),
                ("origin", &origin),
                ("cookie", &cookie),
                ("x-forwarded-host", "localhost"),
            ];
            let raw = send(&world, first, &headers, "").await;
            assert_eq!(raw.code(), "HOST_REFUSED", "{first} as {name}: {raw:?}");
            assert_eq!(raw.headers.get("set-cookie"), None);
        }
    }
    // Without any name, and with two of them, nobody is answered either.
    let none = send(&world, "GET /api/v1/setup", &[], "").await;
    assert!(none.status >= 400, "{none:?}");
    let two = [("host", host.as_str()), ("host", "evil.example")];
    let two = send(&world, "GET /api/v1/setup", &two, "").await;
    assert!(two.status >= 400, "{two:?}");
    let absolute = format!("GET http://evil.example:{port}/api/v1/setup");
    let absolute = send(&world, &absolute, &[("host", "evil.example")], "").await;
    assert_eq!(absolute.code(), "HOST_REFUSED", "{absolute:?}");
    for name in [
        host.clone(),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let raw = send(&world, "GET /api/v1/setup", &[("host", &name)], "").await;
        assert_eq!(raw.status, 200, "{name}");
    }
}
