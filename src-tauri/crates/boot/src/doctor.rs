//! Looks at everything that Chimera needs and says, part by part, what is wrong and what to do.

use chimera_contract::connection::{KeyPlace, ModelSettings};
use chimera_domain::fault::Fault;
use chimera_door::options::MODEL_SETTING;
use chimera_ports::{memory::MemoryStanding, model::ModelRole};
use chimera_vault::{Place, Survival, VaultStatus};

use crate::{app::Chimera, at_rest::AtRest, settings::Settings};

/// What was found about one part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Examined {
    /// The part.
    pub part: &'static str,
    /// Whether it works.
    pub well: bool,
    /// What was found, and what to do.
    pub words: String,
}

/// A keychain that does not work is no illness of its own: a server has none, and its keys come from the
/// environment. It is one where the chosen provider's key lies in it.
fn keychain(status: &VaultStatus, is_needed: bool) -> Examined {
    let words = match (&status.problem, status.survives_reboot) {
        (Some(problem), _) => format!(
            "no key can be kept here, keys come from OPENAI_API_KEY only: {}",
            problem.message
        ),
        (None, Survival::Yes) => format!(
            "{}: written, read back and deleted; what is kept survives a reboot",
            status.backend
        ),
        (None, Survival::No) => format!(
            "{}: written, read back and deleted; what is kept is gone after a reboot",
            status.backend
        ),
        (None, Survival::Unknown) => format!(
            "{}: written, read back and deleted; it does not tell whether what is kept survives a reboot",
            status.backend
        ),
    };
    Examined {
        part: "keychain",
        well: status.works || !is_needed,
        words,
    }
}

/// Plain data is no illness where nobody asked for encryption, and never passed over in silence.
fn at_rest(standing: &AtRest) -> Examined {
    let words = match standing {
        AtRest::Encrypted(Place::Keychain) => {
            "encrypted; its key lies in the system's keychain (`chimerad key export` shows it, for a safe place)".to_owned()
        }
        AtRest::Encrypted(Place::Environment { variable }) => {
            format!("encrypted; its key comes from {variable}")
        }
        AtRest::Plain { why } => format!("not encrypted: {why}"),
    };
    Examined {
        part: "data on disk",
        well: true,
        words,
    }
}

/// Whether the provider that a person chose has its key in the keychain.
async fn needs_keychain(chimera: &Chimera) -> bool {
    let store = chimera.runtime().store();
    let chosen = store.setting(chimera.tenant(), MODEL_SETTING).await;
    chosen.ok().flatten().is_some_and(|settings| {
        serde_json::from_value::<ModelSettings>(settings).is_ok_and(|settings| {
            let mut keys = settings.keys();
            keys.any(|key| matches!(key, KeyPlace::Keychain { .. }))
        })
    })
}

/// A real model is asked for one word: an address, a key and a name are right when an answer has come.
async fn model(chimera: &Chimera) -> Examined {
    let info = chimera.runtime().model().info(ModelRole::Worker);
    let (well, words) = if info.rehearsal {
        let words = "rehearsal model: built in, not an AI; set CHIMERA_MODEL__PROVIDER to openai, anthropic, gemini or ollama for a real one";
        (true, words.to_owned())
    } else {
        match chimera.ask_model().await {
            Ok(said) => (true, format!("{}: {said}", info.provider)),
            Err(fault) => (
                false,
                format!(
                    "{} {} does not answer: {} ({})",
                    info.provider, info.model, fault.message, fault.code
                ),
            ),
        }
    };
    Examined {
        part: "model",
        well,
        words,
    }
}

/// Without an embedder memory is lexical, which is no illness; one that is set up and does not answer now is.
fn memory(standing: &MemoryStanding, tried: &Result<String, Fault>) -> Examined {
    let held = standing
        .memories
        .map_or_else(String::new, |memories| format!("; {memories} memories"));
    let problem = tried.as_ref().err().or(standing.problem.as_ref());
    let backend = backend(standing);
    let words = match (&standing.embedder, problem) {
        (_, Some(problem)) => format!("{backend}: {problem}"),
        (None, None) => format!(
            "{backend}, lexical: memories are found by their words; set CHIMERA_MEMORY__EMBEDDER_FOLDER or CHIMERA_MEMORY__EMBEDDER_URL to find them by meaning too{held}"
        ),
        (Some(embedder), None) => format!(
            "{backend}, words and vectors by {embedder}{held}, {} of them with a vector",
            standing.embedded.unwrap_or_default()
        ),
    };
    Examined {
        part: "memory",
        well: problem.is_none(),
        words,
    }
}

/// Which backend it is, how it is asked, and whether it was ever run against a live server.
fn backend(standing: &MemoryStanding) -> String {
    let mut words = standing.backend.to_owned();
    if standing.address.is_some() {
        words += match standing.grpc_address {
            Some(_) => " over gRPC",
            None => " over REST",
        };
    }
    if standing.never_run_live {
        words += " (never run against a live server)";
    }
    words
}

/// Examines every part. Opens the state as `serve` would, so that what works here works there.
pub async fn examine(settings: Settings) -> Vec<Examined> {
    let folder = settings.data_dir.display().to_string();
    let mut found = vec![Examined {
        part: "settings",
        well: true,
        words: format!("state in {folder}"),
    }];
    let chimera = match Chimera::open(settings).await {
        Ok(chimera) => chimera,
        Err(error) => {
            found.push(Examined {
                part: "state",
                well: false,
                words: format!("{error:#}"),
            });
            return found;
        }
    };
    found.push(Examined {
        part: "state",
        well: true,
        words: "opened; written and read".to_owned(),
    });
    found.push(at_rest(chimera.at_rest()));
    let tenant = chimera.tenant();
    let tools = chimera.runtime().tools().clone();
    drop(tools.tools(tenant).await);
    for server in tools.servers(tenant).await {
        let words = match (&server.problem, server.connected) {
            (Some(problem), _) => problem.to_string(),
            (None, true) => format!(
                "{}, {} tools, MCP {}",
                server.transport,
                server.tools,
                server.protocol.as_deref().unwrap_or("of unknown revision")
            ),
            (None, false) => "does not answer".to_owned(),
        };
        found.push(Examined {
            part: match server.name.as_str() {
                "feeds" => "feeds",
                "memory" => "memory server",
                _ => "sandbox",
            },
            well: server.connected && server.problem.is_none(),
            words,
        });
    }
    found.push(keychain(
        &chimera.keychain().await,
        needs_keychain(&chimera).await,
    ));
    found.push(model(&chimera).await);
    let tried = chimera.try_memory().await;
    found.push(memory(&chimera.memory().await, &tried));
    chimera.shut_down().await;
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeychainSetting, ModelSettings};

    #[test]
    fn memory_without_an_embedder_says_that_it_is_lexical_and_is_well() {
        let mut standing = MemoryStanding {
            backend: "embedded",
            embedder: None,
            memories: Some(3),
            embedded: None,
            problem: None,
            address: None,
            grpc_address: None,
            never_run_live: false,
            last_problem: None,
        };
        let well = Ok(String::new());
        let lexical = memory(&standing, &well);
        assert!(
            lexical.well && lexical.words.contains("lexical"),
            "{lexical:?}"
        );
        standing.embedder = Some("small at 127.0.0.1".to_owned());
        standing.embedded = Some(2);
        let words = memory(&standing, &well).words;
        assert!(
            words.contains("vectors by small at 127.0.0.1; 3 memories, 2 of them"),
            "{words}"
        );
        let broken = Fault::of("EMBEDDER_REFUSED", "broken");
        assert!(
            !memory(&standing, &Err(broken.clone())).well,
            "it was asked just now"
        );
        standing.problem = Some(broken);
        assert!(!memory(&standing, &well).well);
    }

    #[test]
    fn a_weaviate_is_called_never_run_live_with_the_way_it_is_asked() {
        let mut standing = MemoryStanding {
            backend: "weaviate",
            embedder: None,
            memories: None,
            embedded: None,
            problem: None,
            address: Some("https://w.example".to_owned()),
            grpc_address: None,
            never_run_live: true,
            last_problem: None,
        };
        let well = Ok(String::new());
        let words = memory(&standing, &well).words;
        let rest = "weaviate over REST (never run against a live server), lexical";
        assert!(words.starts_with(rest), "{words}");
        standing.grpc_address = Some("https://w.example:50051".to_owned());
        let words = memory(&standing, &well).words;
        let grpc = "weaviate over gRPC (never run against a live server), lexical";
        assert!(words.starts_with(grpc), "{words}");
    }

    #[test]
    fn a_keychain_that_does_not_work_is_an_illness_only_where_a_key_lies_in_it() {
        let status = |works| VaultStatus {
            backend: "Secret Service".to_owned(),
            works,
            survives_reboot: Survival::Yes,
            problem: None,
        };
        for (works, is_needed, well) in [
            (true, true, true),
            (true, false, true),
            (false, false, true),
            (false, true, false),
        ] {
            assert_eq!(keychain(&status(works), is_needed).well, well);
        }
    }

    #[tokio::test]
    async fn a_model_that_does_not_answer_is_found() {
        for (provider, well) in [("rehearsal", true), ("openai", false)] {
            let folder = tempfile::tempdir().unwrap();
            let settings = Settings {
                data_dir: folder.path().to_owned(),
                keychain: KeychainSetting::None,
                allow_hosts: vec!["127.0.0.1".to_owned()],
                model: ModelSettings {
                    provider: provider.to_owned(),
                    // Nobody listens on the port of discarding.
                    base_url: "http://127.0.0.1:9/v1".to_owned(),
                    ..ModelSettings::default()
                },
                ..Settings::default()
            };
            let found = examine(settings).await;
            let model = found.iter().find(|part| part.part == "model").unwrap();
            assert_eq!(model.well, well, "{model:?}");
            assert_eq!(model.words.contains("does not answer"), !well, "{model:?}");
        }
    }
}
