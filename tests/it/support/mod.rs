//! What every test needs: a home of its own, the real binary in it, a client, feeds, waits with names.
//!
//! Never here: an expectation about the product.

pub(crate) mod audited;
mod binary;
mod client;
mod daemon;
mod embedder;
mod feed;
mod feed_server;
mod following;
mod home;
mod keyring;
pub(crate) mod mounted;
mod relay;
mod run;
mod scripted;
mod wait;
mod world;

pub(crate) use binary::{chimerad, node};
pub(crate) use client::{Answer, Api};
pub(crate) use daemon::{Daemon, finished};
pub(crate) use embedder::small_embedder;
pub(crate) use feed::{Item, atom, brew, json_feed, rss};
pub(crate) use feed_server::{FeedServer, Page};
pub(crate) use following::Following;
pub(crate) use home::Home;
pub(crate) use keyring::Keyring;
pub(crate) use relay::{Accident, Relay};
pub(crate) use run::{Run, campaign_run};
pub(crate) use scripted::{
    PROVIDER_KEY, draft_saying, fresh_on, home_on, judgement, script, script_of, words,
};
pub(crate) use wait::{SOON, WHILE, until};
pub(crate) use world::{ONE_POST, World};
