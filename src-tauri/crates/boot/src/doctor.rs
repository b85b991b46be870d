//! Looks at everything that Chimera needs and says, part by part, what is wrong and what to do.

use chimera_ports::model::ModelRole;
use chimera_vault::{Survival, VaultStatus};

use crate::{app::Chimera, settings::Settings};

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
/// environment. What follows from it is said in the words.
fn keychain(status: &VaultStatus) -> Examined {
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
        well: true,
        words,
    }
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
            part: if server.name == "feeds" {
                "feeds"
            } else {
                "sandbox"
            },
            well: server.connected && server.problem.is_none(),
            words,
        });
    }
    found.push(keychain(&chimera.keychain().await));
    let info = chimera.runtime().model().info(ModelRole::Worker);
    let words = if info.rehearsal {
        "rehearsal model: built in, not an AI; set CHIMERA_MODEL__PROVIDER=openai for a real one"
            .to_owned()
    } else {
        format!("{} {}; its key was not tried", info.provider, info.model)
    };
    found.push(Examined {
        part: "model",
        well: true,
        words,
    });
    chimera.shut_down().await;
    found
}
