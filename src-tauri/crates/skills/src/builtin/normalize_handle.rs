//! `normalize_handle`: an account's name in any of its usual spellings as `@name` (SKL-03).
//!
//! Never here: whether such an account exists.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    fault::Fault,
    skill::{SkillManifest, SkillOutput},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::{context::SkillContext, fault::invalid, native::NativeSkill};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    handle: String,
}

struct NormalizeHandle(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(NormalizeHandle(manifest))
}

#[async_trait]
impl NativeSkill for NormalizeHandle {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput {
        let handle = super::read(input).and_then(|input: Input| normalized(&input.handle));
        match handle {
            Ok(handle) => SkillOutput::done(json!({ "handle": handle })),
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }
}

fn normalized(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let name = match Url::parse(text) {
        // An address of a profile: the name is the last part of its path.
        Ok(url) if url.has_host() => url
            .path_segments()
            .and_then(|mut parts| parts.rfind(|part| !part.is_empty()))
            .unwrap_or_default()
            .to_owned(),
        _ => text.trim_end_matches('/').to_owned(),
    };
    let name = name.trim_start_matches('@');
    let sound = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    if name.is_empty() || !name.chars().all(sound) {
        return Err(invalid(
            "this is not a handle: write a name such as @mara, mara@example.social or the address of a profile; nothing was done",
        ));
    }
    Ok(format!("@{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_gives_one_form() {
        for (text, handle) in [
            ("mara", "@mara"),
            (" @mara ", "@mara"),
            ("@@mara", "@mara"),
            ("https://x.com/mara/", "@mara"),
            ("https://mastodon.example/@mara", "@mara"),
            ("@mara@example.social", "@mara@example.social"),
            ("Zoë_9", "@Zoë_9"),
        ] {
            assert_eq!(normalized(text), Ok(handle.to_owned()), "{text}");
        }
        for text in ["", " ", "@", "two words", "https://x.com/", "a\nb", "a;b"] {
            assert_eq!(
                normalized(text).unwrap_err().code,
                "VALIDATION_ERROR",
                "{text}"
            );
        }
    }
}
