//! The networks that a post can go to (C40) and what each allows in text.
//!
//! Never here: how a network is reached (an MCP server does that).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Span;

/// A social network, or the local sandbox.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// X.
    #[serde(alias = "x")]
    Twitter,
    /// Instagram.
    Instagram,
    /// Threads.
    Threads,
    /// TikTok.
    Tiktok,
    /// YouTube.
    Youtube,
    /// Bluesky.
    Bluesky,
    /// Mastodon.
    Mastodon,
    /// MoltBook, the network of agents.
    Moltbook,
    /// The OpenClaw feed.
    Openclaw,
    /// The local network that ships with Chimera.
    Sandbox,
}

impl Platform {
    /// Every platform.
    pub const ALL: [Self; 10] = [
        Self::Twitter,
        Self::Instagram,
        Self::Threads,
        Self::Tiktok,
        Self::Youtube,
        Self::Bluesky,
        Self::Mastodon,
        Self::Moltbook,
        Self::Openclaw,
        Self::Sandbox,
    ];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Twitter => "twitter",
            Self::Instagram => "instagram",
            Self::Threads => "threads",
            Self::Tiktok => "tiktok",
            Self::Youtube => "youtube",
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
            Self::Moltbook => "moltbook",
            Self::Openclaw => "openclaw",
            Self::Sandbox => "sandbox",
        }
    }

    /// Most characters of a post's text. Sources: the networks' own documentation, 2026.
    #[must_use]
    pub const fn max_text_chars(self) -> usize {
        match self {
            Self::Twitter | Self::Sandbox => 280,
            Self::Bluesky => 300,
            Self::Threads | Self::Mastodon => 500,
            Self::Instagram | Self::Tiktok => 2_200,
            Self::Youtube => 5_000,
            Self::Moltbook | Self::Openclaw => 4_000,
        }
    }

    /// Shortest time between two posts of one account (ACT-05, architecture §3 "Cooldowns").
    #[must_use]
    pub const fn cooldown(self) -> Span {
        match self {
            Self::Twitter => Span::seconds(15 * 60),
            Self::Moltbook => Span::seconds(30 * 60),
            Self::Sandbox => Span::seconds(10),
            _ => Span::seconds(60),
        }
    }
}

/// A word that names no platform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not a platform that Chimera knows; use one of twitter, instagram, threads, tiktok, youtube, bluesky, mastodon, moltbook, openclaw, sandbox"
)]
pub struct UnknownPlatform(pub String);

impl std::str::FromStr for Platform {
    type Err = UnknownPlatform;
    fn from_str(text: &str) -> Result<Self, UnknownPlatform> {
        serde_json::from_value(serde_json::Value::String(text.to_lowercase()))
            .map_err(|_| UnknownPlatform(text.chars().take(40).collect()))
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_platforms_agree() {
        for platform in Platform::ALL {
            assert_eq!(platform.as_str().parse(), Ok(platform));
            assert_eq!(serde_json::to_value(platform).unwrap(), platform.as_str());
        }
        assert_eq!("X".parse(), Ok(Platform::Twitter));
        assert!("myspace".parse::<Platform>().is_err());
    }
}
