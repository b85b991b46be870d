//! The disk is full, or may only be read, or the file is damaged: said clearly, nothing that was acknowledged is lost, a copy is at hand,
//! and with room again everything goes on without a restart.
//!
//! Never here: starting where something else is in the way (`startup`).

use std::{collections::BTreeMap, ffi::OsString, fs, path::Path};

use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::support::{Daemon, Home, SOON, World, finished, mounted, until};

/// Largest size of the database: what a campaign needs, and not much more.
const MOST_BYTES: u64 = 4_000_000;

/// What brings a copy to another disk.
const OFFERED: &str = "`chimerad backup --to`";

/// Another program's connection to the same file.
async fn outside(home: &Home) -> SqliteConnection {
    let file = SqliteConnectOptions::new().filename(home.data().join("chimera.db"));
    file.connect().await.unwrap()
}

/// Takes all the room that the database may have.
async fn fill(home: &Home) {
    let mut conn = outside(home).await;
    sqlx::raw_sql("CREATE TABLE filler (b BLOB); INSERT INTO filler VALUES (zeroblob(8000000))")
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}

async fn make_room(home: &Home) {
    let mut conn = outside(home).await;
    sqlx::raw_sql("DROP TABLE filler")
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
}

/// A soul of another name that needs new pages: the last page of each table has room left.
fn long_soul(name: &str) -> Value {
    let id = name.to_lowercase();
    let soul = chimera_boot::starter_soul()
        .replace("name: Mara Voss", &format!("name: {name}"))
        .replace("id: mara-voss", &format!("id: {id}"));
    json!({ "soul": format!("{soul}\n{}", "She grinds slowly. ".repeat(4_000)) })
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room() {
    let home = Home::new()
        .with_loopback()
        .with("CHIMERA_MAX_DATABASE_BYTES", MOST_BYTES);
    let world = World::at(home).await;
    world
        .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
        .await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    fill(world.home()).await;

    // What needs room is refused with its code, and says that nothing took effect.
    let refused = until("a write is refused", SOON, || async {
        let answer = world
            .api()
            .post("/api/v1/personas", long_soul("Ines"))
            .await;
        (answer.status == 503).then_some(answer)
    })
    .await;
    let error = refused.refused(503, "STORE_FULL");
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("othing of this was written"), "{words}");
    assert!(words.contains(OFFERED), "no copy is offered: {words}");
    world.api().look("/readyz").await.refused(503, "STORE_FULL");
    let status = world.api().get("/api/v1/status").await;
    let first = &status["troubles"][0];
    assert_eq!(status["degraded"], true, "{status:#}");
    assert_eq!(
        (&first["part"], &first["code"]),
        (&json!("disk"), &json!("STORE_FULL"))
    );
    for (part, words) in [
        ("waits", "decisions and publishing wait"),
        ("goes_on", "can be read"),
        ("detail", "Make room"),
        ("detail", OFFERED),
    ] {
        let said = first[part].as_str().unwrap();
        assert!(said.contains(words), "{part}: {said}");
    }
    // Everything that was acknowledged is there to be read.
    let open = world.open_reviews(&campaign).await;
    assert_eq!(open[0]["id"], review["id"]);
    assert_eq!(world.home().posts().len(), 0);
    let agents = world.api().all("/api/v1/swarm/agents").await.len();

    make_room(world.home()).await;
    until("it is ready again by itself", SOON, || async {
        (world.api().look("/readyz").await.status == 200).then_some(())
    })
    .await;
    assert_eq!(
        world.api().get("/api/v1/status").await["troubles"],
        json!([]),
        "it clears by itself"
    );
    world
        .api()
        .post("/api/v1/personas", long_soul("Ines"))
        .await
        .ok();
    assert_eq!(
        world.api().all("/api/v1/swarm/agents").await.len(),
        agents + 1
    );
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(world.home().posts().len(), 1);
}

#[tokio::test]
async fn a_copy_is_made_while_it_runs_and_a_damaged_database_names_it() {
    let world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let mut command = world.home().chimerad();
    command.arg("backup");
    let (code, said, noted) = finished(command, SOON).await;
    assert_eq!(code, Some(0), "{noted}");
    let copy = said.trim().to_owned();
    assert!(fs::metadata(&copy).unwrap().len() > 0);
    // What is named is not written over.
    let before = fs::read(&copy).unwrap();
    let mut again = world.home().chimerad();
    again.args(["backup", "--to", &copy]);
    let (code, _, noted) = finished(again, SOON).await;
    assert_eq!(code, Some(1));
    assert!(noted.contains("not written over"), "{noted}");
    assert_eq!(fs::read(&copy).unwrap(), before);

    let home = world.closed().await;
    let path = home.data().join("chimera.db");
    let mut noise = fs::read(&path).unwrap();
    noise[100..4_000].iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(&path, &noise).unwrap();
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    for part in ["damaged", "othing was changed", copy.as_str()] {
        assert!(
            refused.said.contains(part),
            "{part} is missing in: {}",
            refused.said
        );
    }
    assert!(
        fs::read(&path).unwrap() == noise,
        "the damaged file was touched"
    );
    // Where no copy lies beside it, it says what makes one.
    let away = home.at("away.db");
    fs::rename(&copy, &away).unwrap();
    let refused = Daemon::try_start(&home, 0).await.err().unwrap();
    assert!(
        refused.said.contains("`chimerad backup` makes one"),
        "{refused:?}"
    );
    fs::copy(&away, &path).unwrap();
    let daemon = Daemon::start(&home).await;
    let open = daemon.api().all("/api/v1/reviews?state=open").await;
    assert_eq!(open[0]["id"], review["id"]);
}

#[tokio::test]
async fn there_is_nothing_to_copy_where_there_is_no_database() {
    let home = Home::new();
    let mut command = home.chimerad();
    command.arg("backup");
    let (code, _, noted) = finished(command, SOON).await;
    assert_eq!(code, Some(1));
    assert!(noted.contains("no database to copy"), "{noted}");
    assert!(!home.data().exists(), "something was begun");
}

/// Every file of a folder, with what is in it.
fn files(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// How a command ends where the data folder is mounted read-only: its code, and what it said.
async fn on_a_read_only_disk(home: &Home, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = home.chimerad();
    command.args(arguments);
    let command = mounted::read_only(&home.data(), command.as_std());
    let (code, said, noted) = finished(command.into(), SOON).await;
    (code, said + &noted)
}

/// It is said, changed in nothing, and what was acknowledged can be checked and carried away to `copy`.
async fn is_read_and_left_alone(home: &Home, copy: &Path) {
    let before = files(&home.data());
    let (code, said) = on_a_read_only_disk(home, &["serve", "--port", "0"]).await;
    assert_eq!(code, Some(1), "{said}");
    for part in [
        "Read-only file system",
        "othing was changed",
        "mounted read-only",
        OFFERED,
    ] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }
    let to = copy.to_str().unwrap();
    let (code, said) = on_a_read_only_disk(home, &["backup", "--to", to]).await;
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = on_a_read_only_disk(home, &["audit", "verify"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(files(&home.data()) == before, "something was changed");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_mounted_read_only_is_said_and_left_alone_and_can_be_copied() {
    let mut world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    let copies = ["in order", "cut off"].map(|name| world.home().at(name));
    world
        .while_closed(async |home| is_read_and_left_alone(home, &copies[0]).await)
        .await;
    // Its log is left behind, and holds what is not in the file yet.
    world
        .while_dead(async |home| is_read_and_left_alone(home, &copies[1]).await)
        .await;
    let open = world.open_reviews(&campaign).await;
    assert_eq!(open[0]["id"], review["id"]);
    for copy in copies {
        let elsewhere = Home::new();
        fs::create_dir(elsewhere.data()).unwrap();
        fs::copy(&copy, elsewhere.data().join("chimera.db")).unwrap();
        let daemon = Daemon::start(&elsewhere).await;
        let open = daemon.api().all("/api/v1/reviews?state=open").await;
        assert_eq!(open[0]["id"], review["id"]);
    }
}
