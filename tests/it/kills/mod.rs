//! The real process is killed at every step that is persisted or acts, on both sides of it; the next one goes on, and
//! nothing is lost, no commit repeats, and nothing goes out twice.
//!
//! The steps are those of `testkit::breakpoints`, which the code itself enumerates: a new command of the engine or a new
//! write of the store does not compile before it is a step, and does not pass before a scene below comes by it. Never
//! here: kills at random moments (`crash`).

mod aged;
mod books;
mod life;
mod scenes;

use std::time::Duration;

use chimera_testkit::breakpoints::{Breakpoint, Point, Step, Transition, Write};
use futures::{StreamExt, stream};
use tokio::time::Instant;

use self::{life::Life, scenes::Scene};
use crate::support::Home;

/// Homes of one scene that live at the same time: they mostly wait.
const AT_ONCE: usize = 4;
/// Longest time until a scene comes to its step, and from its step to its end.
const SCENE_WITHIN: Duration = Duration::from_secs(120);
/// Pause between two moves of whoever plays a scene.
const MOVE_EVERY: Duration = Duration::from_millis(80);

/// The scene that comes by a step.
const fn scene_of(step: Step) -> Scene {
    match step {
        Step::Perform => Scene::Post,
        Step::Commit(transition) => match transition {
            Transition::StartCampaign
            | Transition::Assign
            | Transition::Record
            | Transition::TakeJudgement
            | Transition::Judge
            | Transition::Resolve
            | Transition::Dispatch
            | Transition::Settle
            | Transition::FinishCampaign => Scene::Post,
            Transition::PauseCampaign
            | Transition::AmendCampaign
            | Transition::ResumeCampaign
            | Transition::CancelCampaign
            | Transition::Undo
            | Transition::Cancel => Scene::Turns,
            Transition::ExpireReview | Transition::TimeOut => Scene::Waits,
            Transition::Fail | Transition::Replan | Transition::Replay => Scene::Fails,
            Transition::FailEffect | Transition::Reconcile => Scene::Unheard,
            Transition::Renew | Transition::HandBack | Transition::LapseLease => Scene::Slow,
        },
        Step::Write(write) => match write {
            Write::CreateTenant
            | Write::CreateUser
            | Write::ReplaceSessions
            | Write::CreateAgent
            | Write::AddPolicy
            | Write::CreateCampaign
            | Write::SavePlan
            | Write::BeginAnswer
            | Write::RememberAnswer
            | Write::Reserve
            | Write::Settle
            | Write::SettleLost
            | Write::SaveTrends
            | Write::SaveTrendClusters
            | Write::ClaimReview
            | Write::Forget
            | Write::Seal
            | Write::Remember
            | Write::KeepVectors
            | Write::ForgetMemory => Scene::Post,
            Write::ReadFiguresNext | Write::AddEngagement => Scene::Figures,
            Write::ControlAgent => Scene::Turns,
            Write::AcknowledgeAlert => Scene::Waits,
            Write::Append
            | Write::DropKey
            | Write::RenameTenant
            | Write::UpdateUser
            | Write::CreateSession
            | Write::RevokeSession
            | Write::UseSession
            | Write::EndSessions
            | Write::AddPersonaVersion
            | Write::PutSetting
            | Write::AddServer
            | Write::ChangeServer
            | Write::RemoveServer
            | Write::ErasePerson => Scene::People,
            Write::Prune | Write::Cut => Scene::Aged,
        },
    }
}

/// Kills at every step of a scene, each in a home of its own.
async fn killed_at_every_step_of(scene: Scene) {
    let steps = Step::all().filter(|step| scene_of(*step) == scene);
    let breakpoints: Vec<_> = steps
        .flat_map(|step| Point::ALL.map(|point| Breakpoint { step, point }))
        .collect();
    assert!(!breakpoints.is_empty(), "{scene:?} comes by nothing");
    stream::iter(breakpoints)
        .for_each_concurrent(AT_ONCE, |breakpoint| killed_at(scene, breakpoint))
        .await;
}

/// A life that ends at `breakpoint`, one that goes on to the end of the scene, and a look at what is stored.
async fn killed_at(scene: Scene, breakpoint: Breakpoint) {
    let home = scene.home();
    let feeds = scenes::feeds(&home).await;
    if breakpoint.step == Step::Commit(Transition::LapseLease) {
        // A lease lapses for good once its holder is gone: the next life takes it up at its start.
        let earlier = Breakpoint {
            step: Step::Commit(Transition::Assign),
            point: Point::After,
        };
        dies_at(scene, earlier, &home, &feeds).await;
    }
    if scene == Scene::Aged {
        // What is taken out has to be there first, and to be old.
        let life = Life::begin(&home, scene, None).await.unwrap();
        played(Scene::Post, &life, &feeds, &home, breakpoint).await;
        life.leave().await;
        aged::age(&home).await;
    }
    dies_at(scene, breakpoint, &home, &feeds).await;
    let life = Life::begin(&home, scene, None).await;
    let life = life.unwrap_or_else(|| panic!("killed at {breakpoint}, it does not start again"));
    played(scene, &life, &feeds, &home, breakpoint).await;
    life.leave().await;
    books::balance(&home, breakpoint).await;
    if scene == Scene::Aged {
        aged::nothing_old(&home, breakpoint).await;
    }
}

/// Plays the scene to its end.
async fn played(
    scene: Scene,
    life: &Life,
    feeds: &scenes::Feeds,
    home: &Home,
    breakpoint: Breakpoint,
) {
    let end = Instant::now() + SCENE_WITHIN;
    while scenes::play(scene, life, feeds).await != Some(true) {
        let said = || std::fs::read_to_string(home.at("log")).unwrap_or_default();
        assert!(
            Instant::now() < end,
            "at {breakpoint}, {scene:?} does not come to its end: {}",
            said()
        );
        tokio::time::sleep(MOVE_EVERY).await;
    }
}

/// Plays the scene until the process dies at `breakpoint`.
async fn dies_at(scene: Scene, breakpoint: Breakpoint, home: &Home, feeds: &scenes::Feeds) {
    let Some(mut life) = Life::begin(home, scene, Some(breakpoint)).await else {
        return;
    };
    let end = Instant::now() + SCENE_WITHIN;
    while life.is_running() {
        assert!(
            Instant::now() < end,
            "{scene:?} never comes by {breakpoint}"
        );
        scenes::play(scene, &life, feeds).await;
        if breakpoint.step == Step::Commit(Transition::HandBack)
            && scenes::somebody_works(&life).await
        {
            life.ask_to_leave();
        }
        tokio::time::sleep(MOVE_EVERY).await;
    }
    life.was_killed(breakpoint).await;
}

#[tokio::test]
async fn at_every_step_of_a_post() {
    killed_at_every_step_of(Scene::Post).await;
}

#[tokio::test]
async fn at_every_step_of_its_figures() {
    killed_at_every_step_of(Scene::Figures).await;
}

#[tokio::test]
async fn at_every_turn_of_a_campaign() {
    killed_at_every_step_of(Scene::Turns).await;
}

#[tokio::test]
async fn at_every_step_of_what_nobody_decides_in_time() {
    killed_at_every_step_of(Scene::Waits).await;
}

#[tokio::test]
async fn at_every_step_of_planning_again() {
    killed_at_every_step_of(Scene::Fails).await;
}

#[tokio::test]
async fn at_every_step_of_an_outcome_that_nobody_heard() {
    killed_at_every_step_of(Scene::Unheard).await;
}

#[tokio::test]
async fn at_every_step_of_a_lease() {
    killed_at_every_step_of(Scene::Slow).await;
}

#[tokio::test]
async fn at_every_write_of_an_account() {
    killed_at_every_step_of(Scene::People).await;
}

#[tokio::test]
async fn in_the_middle_of_taking_out_what_is_old() {
    killed_at_every_step_of(Scene::Aged).await;
}

#[test]
fn every_step_that_the_code_has_is_come_by_in_a_scene_under_its_own_name() {
    let scenes = [
        Scene::Post,
        Scene::Figures,
        Scene::Turns,
        Scene::Waits,
        Scene::Fails,
        Scene::Unheard,
        Scene::Slow,
        Scene::People,
        Scene::Aged,
    ];
    for step in Step::all() {
        assert!(scenes.contains(&scene_of(step)), "{step:?} has no test");
    }
    let names: std::collections::BTreeSet<_> = Breakpoint::all()
        .map(|breakpoint| breakpoint.to_string())
        .collect();
    assert_eq!(names.len(), Breakpoint::all().count(), "two have one name");
}
