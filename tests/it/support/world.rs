//! A home with a running server, an agent in it, and the few moves that nearly every test makes.
//!
//! Never here: an expectation.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    client::Api,
    daemon::Daemon,
    feed::{self, Item},
    home::Home,
    wait::{SOON, until},
};

/// One post, so that no cooldown is in the way.
pub(crate) const ONE_POST: &str = "One post about cold brew on tap, no health claims";

/// A server at work.
pub(crate) struct World {
    home: Home,
    daemon: Option<Daemon>,
    api: Api,
    agent: String,
}

impl World {
    /// A server in a fresh home with the starter persona; the undo time is one second.
    pub(crate) async fn new() -> Self {
        Self::at(Home::new().with_loopback()).await
    }

    /// The same in this home.
    pub(crate) async fn at(home: Home) -> Self {
        let daemon = Daemon::start(&home).await;
        let api = daemon.api().clone();
        Self::around(home, Some(daemon), api).await
    }

    /// The same over a server that the test runs itself.
    pub(crate) async fn over(home: Home, address: &str, token: &str) -> Self {
        Self::around(home, None, Api::new(address, token)).await
    }

    async fn around(home: Home, daemon: Option<Daemon>, api: Api) -> Self {
        let mut world = Self {
            home,
            daemon,
            api,
            agent: String::new(),
        };
        world.agent = world.new_agent(chimera_boot::starter_soul()).await;
        world
            .policy(|policy| policy["hold_seconds"] = json!(1))
            .await;
        world
    }

    /// The same where a person sees everything before it leaves.
    pub(crate) async fn careful() -> Self {
        let world = Self::new().await;
        world
            .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
            .await;
        world
    }

    pub(crate) const fn home(&self) -> &Home {
        &self.home
    }

    pub(crate) const fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn agent(&self) -> &str {
        &self.agent
    }

    /// Stops the server in good order and starts it again.
    pub(crate) async fn restart(&mut self) {
        self.daemon.take().unwrap().stop().await;
        self.begin().await;
    }

    /// Stops the server, does something with its home, and starts it again.
    pub(crate) async fn while_closed(&mut self, act: impl AsyncFnOnce(&Home)) {
        self.daemon.take().unwrap().stop().await;
        act(&self.home).await;
        self.begin().await;
    }

    /// Kills the server, does something with what it left behind, and starts it again.
    pub(crate) async fn while_dead(&mut self, act: impl AsyncFnOnce(&Home)) {
        self.daemon.take().unwrap().kill().await;
        act(&self.home).await;
        self.begin().await;
    }

    /// Kills the server and starts it again.
    pub(crate) async fn crash(&mut self) {
        self.daemon.take().unwrap().kill().await;
        self.begin().await;
    }

    /// Kills the server, lets another one live for so long, and starts again.
    pub(crate) async fn crash_twice(&mut self, life: Duration) {
        self.daemon.take().unwrap().kill().await;
        Daemon::stillborn(&self.home, life).await;
        self.begin().await;
    }

    async fn begin(&mut self) {
        let daemon = Daemon::start(&self.home).await;
        self.api = daemon.api().clone();
        self.daemon = Some(daemon);
    }

    /// Stops the server for good; the home stays.
    pub(crate) async fn closed(mut self) -> Home {
        self.daemon.take().unwrap().stop().await;
        self.home
    }

    pub(crate) async fn new_agent(&self, soul: &str) -> String {
        let made = self
            .api()
            .post("/api/v1/personas", json!({ "soul": soul }))
            .await
            .ok();
        made["agent"].as_str().unwrap().to_owned()
    }

    /// Stores a changed policy.
    pub(crate) async fn policy(&self, change: impl FnOnce(&mut Value)) {
        let now = self.api().look("/api/v1/policy").await;
        let etag = now.etag.clone().unwrap();
        let mut document = now.ok()["document"].take();
        change(&mut document);
        self.api()
            .put_if("/api/v1/policy", &etag, document)
            .await
            .ok();
    }

    /// A feed file that campaigns may read.
    pub(crate) fn feed_file(&self, items: &[Item]) -> String {
        self.home
            .write("feeds/brew.xml", feed::rss(items))
            .display()
            .to_string()
    }

    /// A campaign with a plan, not started.
    pub(crate) async fn planned(&self, agent: &str, goal: &str, feed: &str) -> String {
        let new = json!({
            "agent": agent, "goal": goal, "feeds": [feed], "platforms": ["sandbox"], "daily_budget": "5.00",
            "max_posts_per_day": 10,
        });
        let made = self.api().post("/api/v1/campaigns", new).await.ok();
        let id = made["id"].as_str().unwrap().to_owned();
        self.api()
            .post(&format!("/api/v1/campaigns/{id}/plan"), json!({}))
            .await
            .ok();
        id
    }

    /// A running campaign.
    pub(crate) async fn started(&self, agent: &str, goal: &str, feed: &str) -> String {
        let id = self.planned(agent, goal, feed).await;
        self.api()
            .post(&format!("/api/v1/campaigns/{id}/start"), json!({}))
            .await
            .ok();
        id
    }

    /// A running campaign for one post about the usual feed.
    pub(crate) async fn one_post(&self) -> String {
        let feed = self.feed_file(&feed::brew());
        self.started(&self.agent, ONE_POST, &feed).await
    }

    pub(crate) async fn tasks(&self, campaign: &str) -> Vec<Value> {
        self.api()
            .all(&format!("/api/v1/campaigns/{campaign}/tasks"))
            .await
    }

    /// Open reviews of a campaign.
    pub(crate) async fn open_reviews(&self, campaign: &str) -> Vec<Value> {
        self.api()
            .all(&format!("/api/v1/reviews?campaign={campaign}&state=open"))
            .await
    }

    /// Waits until something of the campaign waits for a person.
    pub(crate) async fn review(&self, campaign: &str) -> Value {
        until("an open review", SOON, || async {
            self.open_reviews(campaign).await.into_iter().next()
        })
        .await
    }

    /// Waits until the campaign's status is this.
    pub(crate) async fn campaign_is(
        &self,
        campaign: &str,
        status: &str,
        within: Duration,
    ) -> Value {
        until(&format!("the campaign is {status}"), within, || async {
            let found = self
                .api()
                .get(&format!("/api/v1/campaigns/{campaign}"))
                .await;
            (found["status"] == status).then_some(found)
        })
        .await
    }

    /// Waits until the action is in this state.
    pub(crate) async fn effect_is(&self, effect: &str, state: &str) -> Value {
        until(&format!("the action is {state}"), SOON, || async {
            let found = self.api().get(&format!("/api/v1/effects/{effect}")).await;
            (found["state"] == state).then_some(found)
        })
        .await
    }

    /// Approves by the bare route of the SRS; the held action comes back.
    pub(crate) async fn approve(&self, review: &Value) -> Value {
        let task = review["task"].as_str().unwrap();
        let mut outcome = self
            .api()
            .post(&format!("/api/approve/{task}"), json!({}))
            .await
            .ok();
        outcome["effect"].take()
    }

    /// Actions of audit records of a campaign, oldest first.
    pub(crate) async fn audited(&self, campaign: &str) -> Vec<Value> {
        let mut records = self
            .api()
            .all(&format!("/api/v1/audit?campaign={campaign}"))
            .await;
        records.reverse();
        records
    }
}
