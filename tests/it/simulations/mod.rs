//! Simulations of TST-01: whole runs of the real program with a scripted model, one difference from the usual story each,
//! recorded from the start on, and decided again from the recording alone when they are over (`Home` does that). What must
//! come of the difference is compared beside.
//!
//! Never here: a story that needs more than one difference, or servers and people beside the one (the other files).

mod bands;
mod deaths;
mod drafts;
mod families;
mod refusals;
mod rejections;
mod slips;

use chimera_scripted::{ModelServer, Script};
use serde_json::{Value, json};

use crate::support::{Home, ONE_POST, SOON, World, brew, fresh_on, until, words};

/// A run on its way: the model that is followed, the program, and the campaign in it.
struct Run {
    server: ModelServer,
    world: World,
    campaign: String,
}

impl Run {
    /// A campaign of one post, planned and started, over this script.
    async fn of(script: Script) -> Self {
        let (server, world) = ground(script).await;
        Self::on(server, world).await
    }

    /// The same over a program that runs.
    async fn on(server: ModelServer, world: World) -> Self {
        let campaign = world.one_post().await;
        Self {
            server,
            world,
            campaign,
        }
    }

    /// How often this was asked.
    fn asked(&self, word: &str) -> usize {
        let requests = self.server.requests();
        let asked = requests
            .iter()
            .filter(|request| request.ask().as_deref() == Some(word));
        asked.count()
    }

    /// Comes to its end with one post, which is the usual one.
    async fn publishes_once(&self) {
        self.world
            .campaign_is(&self.campaign, "COMPLETED", SOON)
            .await;
        let posts = self.world.home().posts();
        assert_eq!(posts.len(), 1, "{posts:#?}");
        let text = posts[0]["text"].as_str().unwrap();
        assert!(text.starts_with(words()), "{text}");
    }

    /// Comes to its end with nothing sent.
    async fn fails(&self) {
        self.world.campaign_is(&self.campaign, "FAILED", SOON).await;
        assert_eq!(self.world.home().posts(), [] as [Value; 0]);
    }

    /// What waits for a person, as its card shows it; nothing was sent.
    async fn waits(&self) -> Value {
        let review = self.world.review(&self.campaign).await;
        assert_eq!(self.world.home().posts(), [] as [Value; 0]);
        let path = format!("/api/v1/reviews/{}", review["id"].as_str().unwrap());
        self.world.api().get(&path).await
    }

    /// The step of this kind, with its attempts.
    async fn step(&self, key: &str) -> Value {
        let step = until(&format!("{key} is there"), SOON, || async {
            let tasks = self.world.tasks(&self.campaign).await;
            tasks.into_iter().find(|task| task["step"] == key)
        })
        .await;
        let path = format!("/api/v1/tasks/{}", step["id"].as_str().unwrap());
        self.world.api().get(&path).await
    }
}

/// The program over this script; what is decided leaves at once.
async fn ground(script: Script) -> (ModelServer, World) {
    let server = ModelServer::start(script).await;
    let world = at_once(fresh_on(&server)).await;
    (server, world)
}

/// The program in this home; what is decided leaves at once.
async fn at_once(home: Home) -> World {
    let world = World::at(home).await;
    world
        .policy(|policy| policy["hold_seconds"] = json!(0))
        .await;
    world
}

/// A campaign with neither plan nor anything else in it.
async fn unplanned(world: &World) -> String {
    let feed = world.feed_file(&brew());
    let new = json!({
        "agent": world.agent(), "goal": ONE_POST, "feeds": [feed], "platforms": ["sandbox"], "daily_budget": "5.00",
        "max_posts_per_day": 10,
    });
    let made = world.api().post("/api/v1/campaigns", new).await.ok();
    made["id"].as_str().unwrap().to_owned()
}
