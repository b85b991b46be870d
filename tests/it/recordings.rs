//! Runs from their recordings: recorded by the real program, decided again by it with nothing else, and a decision that
//! comes out differently is found. Every story of `tests/it` is a simulation of TST-01 in this way: `Home` records and
//! plays it. The recordings under `tests/recordings` are from former versions, which this one decides the same.
//!
//! Never here: what a recording holds (`replay`), or a recording made for the test that plays it alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chimera_boot::{Played, play_recording};
use chimera_scripted::ModelServer;
use serde_json::Value;

use crate::support::{Home, ONE_POST, SOON, World, brew, campaign_run, home_on, rss, script};

/// The recordings that came with the source.
fn committed() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    files
}

/// Plays a recording after a change of its text.
fn played_with(recording: &Path, change: impl FnOnce(String) -> String) -> Played {
    let home = Home::new();
    let before = fs::read_to_string(recording).unwrap();
    let after = change(before.clone());
    assert_ne!(after, before, "nothing was changed");
    play_recording(&home.write("changed.jsonl", after)).unwrap()
}

#[tokio::test]
async fn a_run_is_recorded_and_comes_out_the_same_from_its_recording_alone() {
    // Its judge is sure, so that the post leaves while it is recorded.
    let server = ModelServer::start(script()).await;
    let home = home_on(&server).await;
    let feed = home.write("brew.xml", rss(&brew()));
    let recording = home.at("run.jsonl");
    let record = ["--record", recording.to_str().unwrap()];
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &record).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    let (posted, asked) = (home.posted_bytes(), server.requests().len());
    let replayed = home
        .chimerad()
        .args(["replay", "--json", recording.to_str().unwrap()])
        .output()
        .await
        .unwrap();
    assert!(replayed.status.success(), "{replayed:?}");
    let told: Value = serde_json::from_slice(&replayed.stdout).unwrap();
    assert_eq!(told["difference"], Value::Null, "{told:#}");
    assert_eq!(told["ended"], true, "{told:#}");
    for counted in ["decisions", "events", "answers", "calls", "leaves"] {
        assert!(told[counted].as_u64().unwrap() > 0, "{counted}: {told:#}");
    }
    assert_eq!(home.posted_bytes(), posted, "playing it posted again");
    assert_eq!(server.requests().len(), asked, "playing it asked a model");
    // A second run never writes over the first one's recording.
    let again = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &record).await;
    assert_ne!(again.code, Some(0));
    assert!(again.noted.contains("nothing was started"), "{again:#?}");
}

#[tokio::test]
async fn each_start_of_a_server_has_a_recording_of_its_own_and_a_kill_leaves_it_playable() {
    let mut world = World::careful().await;
    let campaign = world.one_post().await;
    let review = world.review(&campaign).await;
    world.crash().await;
    world.approve(&review).await;
    world.campaign_is(&campaign, "COMPLETED", SOON).await;
    let home = world.closed().await;
    let recordings = fs::read_dir(home.at("recordings")).unwrap();
    let played: Vec<_> = recordings
        .map(|file| play_recording(&file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(played.len(), 2, "{played:#?}");
    for one in &played {
        assert_eq!(one.difference, None);
        assert!(one.decisions >= 2 && one.events > 0, "{one:?}");
    }
    let ended = played.iter().filter(|one| one.ended).count();
    assert_eq!(ended, 1, "the one that was killed has no end: {played:#?}");
    // What was written before the kill left after it.
    let leaves: usize = played.iter().map(|one| one.leaves).sum();
    assert_eq!(leaves, 1, "{played:#?}");
}

#[test]
fn every_recording_that_came_with_the_source_comes_out_the_same() {
    let recordings = committed();
    assert!(recordings.len() >= 3, "{recordings:?}");
    for recording in recordings {
        let played = play_recording(&recording).unwrap();
        assert_eq!(played.difference, None, "{}", recording.display());
        assert!(played.decisions >= 3 && played.events > 0, "{played:?}");
    }
}

#[test]
fn a_decision_that_comes_out_differently_is_found() {
    let mut found = 0;
    for recording in committed() {
        // Under another undo time, an action leaves at another time than was recorded.
        let played = played_with(&recording, |text| {
            text.replace("\"hold_seconds\":", "\"hold_seconds\":9")
        });
        if let Some(difference) = played.difference {
            assert!(difference.asked.contains("publish"), "{difference:?}");
            assert!(difference.at.starts_with("/decided/set/"), "{difference:?}");
            found += 1;
        }
    }
    // Where nothing was to leave, nothing depends on it.
    assert!(found >= 2, "another policy, and nothing differs");
}

#[tokio::test]
async fn what_was_taken_out_of_a_recording_is_missed_and_an_empty_one_proves_nothing() {
    let server = ModelServer::start(script()).await;
    let home = home_on(&server).await;
    let feed = home.write("brew.xml", rss(&brew()));
    let recording = home.at("run.jsonl");
    let record = ["--record", recording.to_str().unwrap()];
    let run = campaign_run(&home, ONE_POST, &[feed.to_str().unwrap()], &record).await;
    assert_eq!(run.code, Some(0), "{run:#?}");
    let whole = fs::read_to_string(&recording).unwrap();
    let decided: Vec<usize> = whole
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("\"line\":\"decided\""))
        .map(|(at, _)| at)
        .collect();
    let without = |gone: &dyn Fn(usize, &str) -> bool| -> String {
        let kept = whole
            .lines()
            .enumerate()
            .filter(|(at, line)| !gone(*at, line));
        kept.map(|(_, line)| format!("{line}\n")).collect()
    };
    let replayed = async |text: String| {
        let file = home.write("changed.jsonl", text);
        let mut command = home.chimerad();
        command.arg("replay").arg(file);
        crate::support::finished(command, SOON).await
    };
    let (code, _, noted) = replayed(without(&|at, _| at == decided[1])).await;
    assert!(
        code == Some(1) && noted.contains("it was altered"),
        "{code:?} {noted}"
    );
    let ends = |line: &str| line.contains("\"line\":\"ended\"");
    let (code, _, noted) = replayed(without(&|_, line| ends(line))).await;
    assert!(
        code == Some(0) && noted.contains("It has no end"),
        "{code:?} {noted}"
    );
    let (code, said, _) = replayed(without(&|at, line| decided.contains(&at) || ends(line))).await;
    assert!(
        code == Some(5) && said.contains("nothing is proven"),
        "{code:?} {said}"
    );
}
