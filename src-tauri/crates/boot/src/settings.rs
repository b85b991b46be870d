//! Settings: flag over environment over `.env` over file over default; read once, here.
//!
//! Never here: secrets in a file. Provider keys come from the environment or the vault.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use chimera_domain::time::Span;
use chimera_runtime::Bounds;
use config::{Config, Environment, File, FileFormat};
use etcetera::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{at_rest, memory, sealing, secrets::key_variables};

/// Port of the API when none is asked for.
pub const DEFAULT_PORT: u16 = 7787;
/// Hours between two checks of the audit log by the clock, unless settings say otherwise.
const AUDIT_CHECK_HOURS: u32 = 24;
/// Most tasks that may be worked on at once.
const MAX_WORKERS: usize = 1_024;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where all state lives.
    pub data_dir: PathBuf,
    /// Address to listen on; loopback unless the operator says otherwise.
    pub host: std::net::IpAddr,
    /// Port to listen on; 0 takes a free one.
    pub port: u16,
    /// Private and loopback hosts that feeds and providers may be read from, as `host` or `host:port`.
    pub allow_hosts: Vec<String>,
    /// Folders that feed files may be read from.
    pub feed_roots: Vec<PathBuf>,
    /// Folders with the operator's own skills.
    pub skill_folders: Vec<PathBuf>,
    /// Where keys are kept that people type in.
    pub keychain: KeychainSetting,
    /// Whether the data on the disk is encrypted.
    pub encryption: EncryptionSetting,
    /// The key that the data's key is sealed with where there is no keychain; only ever from the environment.
    #[serde(skip)]
    pub data_key: Option<SecretString>,
    /// File to which checkpoints of the audit log are added, on a disk that whoever can write the log cannot write.
    pub audit_anchor: Option<PathBuf>,
    /// Hours after which the whole audit log is checked without being asked; 0 leaves it to people.
    pub audit_check_hours: u32,
    /// Keys, as `ed25519:…`, that signed the audit log before the one that signs now.
    pub audit_trusted_keys: Vec<String>,
    /// The key that signs the audit log where there is no keychain; only ever from the environment.
    #[serde(skip)]
    pub audit_signing_key: Option<SecretString>,
    /// The environment that Chimera was started in, for the MCP servers of the registry.
    #[serde(skip)]
    pub environment: HostEnvironment,
    /// The language model.
    pub model: ModelSettings,
    /// What agents remember, and how it is found.
    pub memory: MemorySettings,
    /// Where the built web UI lies, when it is not the one inside.
    pub ui_dir: Option<PathBuf>,
    /// Largest size of the database in bytes; what the disk holds when absent.
    pub max_database_bytes: Option<u64>,
    /// Tasks worked on at once.
    pub workers: usize,
    /// A new file that everything is recorded in from the start on, or a folder that is there, where each start gets a
    /// file of its own; nothing is recorded when absent.
    pub record: Option<PathBuf>,
    /// Whether a run's trace keeps, redacted and cut, what models and tools were given and answered. It never leaves
    /// this installation.
    pub trace_messages: bool,
}

/// Variables by name. Their values are never shown.
#[derive(Clone, Default)]
pub struct HostEnvironment(pub BTreeMap<String, String>);

impl fmt::Debug for HostEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where keys are kept that people type in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeychainSetting {
    /// In the system's keychain.
    #[default]
    System,
    /// Nowhere: keys come from the environment alone.
    None,
}

/// Whether the data on the disk is encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncryptionSetting {
    /// A new installation is, wherever its key can be kept; what was made in plain stays so, and says so.
    #[default]
    Auto,
    /// It is, or Chimera does not start; what is plain is encrypted at the next start.
    Required,
    /// A new installation is not. What is encrypted already stays so.
    Off,
}

/// Which language model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSettings {
    /// `rehearsal`, `openai` (and any compatible address), `anthropic`, `gemini` or `ollama`.
    pub provider: String,
    /// Address of the provider, for example `https://api.openai.com/v1`; empty for the usual one.
    pub base_url: String,
    /// Model that plans and judges.
    pub strong: String,
    /// Model that does single tasks.
    pub fast: String,
    /// What plans instead, of another provider.
    pub planner: Option<OtherSettings>,
    /// What works instead.
    pub worker: Option<OtherSettings>,
    /// What judges instead.
    pub judge: Option<OtherSettings>,
    /// What answers while the others cannot.
    pub fallback: Option<OtherSettings>,
    /// Keys of providers by variable; only ever from the environment.
    #[serde(skip)]
    pub keys: BTreeMap<String, SecretString>,
}

/// One model of another provider; its key is read from its family's variable.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OtherSettings {
    /// `openai`, `anthropic`, `gemini` or `ollama`.
    pub provider: String,
    /// Its address; empty for the usual one.
    pub base_url: String,
    /// The model's name.
    pub model: String,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            provider: "rehearsal".to_owned(),
            base_url: String::new(),
            strong: String::new(),
            fast: String::new(),
            planner: None,
            worker: None,
            judge: None,
            fallback: None,
            keys: BTreeMap::new(),
        }
    }
}

/// How memories are found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MemorySettings {
    /// Folder with a Model2Vec model, which embeds on this machine; it comes before an address.
    pub embedder_folder: Option<PathBuf>,
    /// OpenAI-compatible address that embeds, up to and including its version. Memories are sent there.
    pub embedder_url: Option<String>,
    /// Model that embeds at that address.
    pub embedder_model: String,
    /// Tokens that a workspace's embedder may read at that address on a UTC day.
    pub embedder_tokens_a_day: u64,
    /// What it may cost on a UTC day, in cents of a US dollar, where the model's price is known.
    pub embedder_cents_a_day: u32,
    /// The embedder's key; only ever from the environment.
    #[serde(skip)]
    pub embedder_key: Option<SecretString>,
    /// Address of a Weaviate that memories are copied to and searched in; the database alone when absent.
    pub weaviate_url: Option<String>,
    /// Its address for gRPC, over which it is then searched and written to; REST alone when absent.
    pub weaviate_grpc_url: Option<String>,
    /// Its key; only ever from the environment.
    #[serde(skip)]
    pub weaviate_key: Option<SecretString>,
}

impl Default for MemorySettings {
    fn default() -> Self {
        Self {
            embedder_folder: None,
            embedder_url: None,
            embedder_model: "text-embedding-3-small".to_owned(),
            embedder_tokens_a_day: 10_000_000,
            embedder_cents_a_day: 500,
            embedder_key: None,
            weaviate_url: None,
            weaviate_grpc_url: None,
            weaviate_key: None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            host: std::net::IpAddr::from([127, 0, 0, 1]),
            port: DEFAULT_PORT,
            allow_hosts: Vec::new(),
            feed_roots: Vec::new(),
            skill_folders: Vec::new(),
            keychain: KeychainSetting::default(),
            encryption: EncryptionSetting::default(),
            data_key: None,
            audit_anchor: None,
            audit_check_hours: AUDIT_CHECK_HOURS,
            audit_trusted_keys: Vec::new(),
            audit_signing_key: None,
            environment: HostEnvironment::default(),
            model: ModelSettings::default(),
            memory: MemorySettings::default(),
            ui_dir: None,
            max_database_bytes: None,
            workers: Bounds::default().workers,
            record: None,
            trace_messages: true,
        }
    }
}

impl Settings {
    /// Reads settings: `file` (or the one in the configuration folder, if it is there), then `.env`, then the
    /// environment (`CHIMERA_…`, two underscores for nesting).
    ///
    /// # Errors
    /// When a file cannot be read, or a value makes no sense: named with where it came from.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        // A missing .env is the usual case; a broken one is not silently skipped.
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(error) => bail!("the file .env cannot be read: {error}"),
        }
        let dirs = choose_app_strategy(AppStrategyArgs {
            top_level_domain: "dev".to_owned(),
            author: "chimera".to_owned(),
            app_name: "chimera".to_owned(),
        })
        .context("no home folder is known; set CHIMERA_DATA_DIR")?;
        let default_file = dirs.config_dir().join("config.toml");
        file.map_or(Ok(()), is_file)?;
        let mut builder = Config::builder();
        builder = match file {
            Some(path) => builder.add_source(File::from(path).format(FileFormat::Toml)),
            None => builder.add_source(
                File::from(default_file)
                    .format(FileFormat::Toml)
                    .required(false),
            ),
        };
        let environment = Environment::with_prefix("CHIMERA")
            .prefix_separator("_")
            .separator("__")
            .list_separator(",")
            .with_list_parse_key("allow_hosts")
            .with_list_parse_key("feed_roots")
            .with_list_parse_key("skill_folders")
            .with_list_parse_key("audit_trusted_keys")
            .try_parsing(true)
            .ignore_empty(true);
        let mut settings: Self = builder
            .add_source(environment)
            .build()
            .context("the settings cannot be read; nothing was started")?
            .try_deserialize()
            .context("the settings cannot be read; nothing was started")?;
        ensure!(
            (1..=MAX_WORKERS).contains(&settings.workers),
            "the settings want {} tasks worked on at once; from 1 to {MAX_WORKERS} are possible, nothing was started",
            settings.workers
        );
        if settings.data_dir.as_os_str().is_empty() {
            settings.data_dir = dirs.data_dir();
        }
        settings.model.keys = key_variables()
            .filter_map(|name| Some((name.to_owned(), environment_secret(name)?)))
            .collect();
        settings.memory.embedder_key = environment_secret(memory::EMBEDDER_KEY_VARIABLE);
        settings.memory.weaviate_key = environment_secret(memory::WEAVIATE_KEY_VARIABLE);
        if settings.memory.weaviate_url.is_none() {
            settings.memory.weaviate_url = environment_text("WEAVIATE_URL");
        }
        if settings.memory.weaviate_grpc_url.is_none() {
            settings.memory.weaviate_grpc_url = environment_text("WEAVIATE_GRPC_URL");
        }
        settings.audit_signing_key = environment_secret(sealing::KEY_VARIABLE);
        settings.data_key = environment_secret(at_rest::KEY_VARIABLE);
        settings.environment = host_environment();
        if settings.model.provider == "openai"
            && let Some(url) = environment_text("OPENAI_BASE_URL")
        {
            settings.model.base_url = url;
        }
        Ok(settings)
    }

    /// Longest time between two checks of the audit log; nothing where only people ask for one.
    #[must_use]
    pub fn audit_checked_every(&self) -> Option<Span> {
        let seconds = self.audit_check_hours.saturating_mul(3_600);
        (seconds > 0).then(|| Span::seconds(seconds))
    }

    /// The runtime's bounds under these settings.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let usual = Bounds::default();
        Bounds {
            workers: self.workers,
            recorded_chars: if self.trace_messages {
                usual.recorded_chars
            } else {
                0
            },
            ..usual
        }
    }
}

/// The whole environment, as far as it is text.
fn host_environment() -> HostEnvironment {
    let variables = std::env::vars_os();
    let text = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    HostEnvironment(text.collect())
}

fn environment_text(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "settings are read here and nowhere else"
    )]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty())
}

fn environment_secret(name: &str) -> Option<SecretString> {
    environment_text(name).map(SecretString::from)
}

/// Refuses what a person named as the settings' file and is none, or cannot be read; a pipe is one, and is read once.
fn is_file(path: &Path) -> Result<()> {
    ensure!(
        path.exists() && !path.is_dir(),
        "the settings cannot be read; nothing was started: {} is no file. Look whether its name is right, or leave --config out",
        path.display()
    );
    if path.is_file() {
        std::fs::File::open(path).with_context(|| {
            format!(
                "the settings {} cannot be read; nothing was started",
                path.display()
            )
        })?;
    }
    Ok(())
}
