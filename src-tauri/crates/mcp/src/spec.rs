//! What the registry says about a server: how to reach it, what its tools do, how long it may
//! take. Plain data; nothing here is believed because a server said so.
//!
//! Never here: starting or calling anything.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use chimera_domain::{action::EffectClass, fault::Fault, id::TenantId, time::Span};
use chimera_net::HttpClient;
use chimera_oauth::Session;
use tokio::io::DuplexStream;

use crate::questions::QUESTION_WAIT;

/// Time for a server to start, agree on a revision and list its tools (requirements §11.8). A
/// server of unknown age may take it twice: once for each handshake.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest time for one request (requirements §11.8); a caller may ask for less.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Further tries of a call that only reads, after the connection broke (requirements §11.8).
pub const READ_RETRIES: u32 = 1;
/// Names that boot may copy from its own environment into [`HostOptions::base_env`]: what a
/// program needs to run at all, and nothing that is secret.
///
/// [`HostOptions::base_env`]: crate::HostOptions::base_env
pub const CHILD_ENV_ALLOW: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "USERPROFILE",
    "APPDATA",
];

/// A server in the registry.
#[derive(Clone, Debug)]
pub struct ServerSpec {
    /// Name in the registry; the first half of a tool's name.
    pub name: String,
    /// How it is reached.
    pub transport: Transport,
    /// What is known of its tools. A tool that is not listed counts as acting on the outside.
    pub tools: BTreeMap<String, ToolRule>,
    /// Whether what it returns was written by somebody outside.
    pub content: ContentTrust,
    /// Servers of one group offer the same, by the operator's word: a tool of one that only reads may be called at
    /// another that has it too.
    pub group: Option<String>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Why it is not started at all, when it is not.
    pub barred: Option<Fault>,
    /// True for our own servers that keep tenants apart: the tenant goes along as
    /// `_meta["chimera/tenant"]`, with the agent and whose words the arguments carry. Strangers never learn them.
    pub takes_tenant: bool,
    /// Time to start, agree on a revision and list tools.
    pub connect_timeout: Duration,
    /// Longest time for one request.
    pub request_timeout: Duration,
    /// Further tries of a call that only reads.
    pub read_retries: u32,
    /// How long a question of it waits for a person; the time of the call stands still meanwhile.
    pub question_wait: Duration,
}

impl ServerSpec {
    /// A server with the usual limits, visible to everybody, none of whose tools is classed yet.
    #[must_use]
    pub fn new(name: impl Into<String>, transport: Transport) -> Self {
        Self {
            name: name.into(),
            transport,
            tools: BTreeMap::new(),
            content: ContentTrust::OwnWords,
            group: None,
            visibility: Visibility::Everybody,
            barred: None,
            takes_tenant: false,
            connect_timeout: CONNECT_TIMEOUT,
            request_timeout: REQUEST_TIMEOUT,
            read_retries: READ_RETRIES,
            question_wait: QUESTION_WAIT,
        }
    }

    /// Classes a tool.
    #[must_use]
    pub fn tool(mut self, name: &str, effect: EffectClass) -> Self {
        self.tools.entry(name.to_owned()).or_default().effect = effect;
        self
    }

    /// Classes a tool as outward, with a cooldown.
    #[must_use]
    pub fn outward_with_cooldown(mut self, name: &str, cooldown: CooldownRule) -> Self {
        let rule = self.tools.entry(name.to_owned()).or_default();
        rule.effect = EffectClass::Outward;
        rule.cooldown = Some(cooldown);
        self
    }

    /// Says that its server recognises a repeated intent key at this tool and answers with the
    /// first receipt instead of acting again. An unknown outcome can then be asked about.
    #[must_use]
    pub fn recognising_intents(mut self, name: &str) -> Self {
        let rule = self.tools.entry(name.to_owned()).or_default();
        rule.recognises_intents = true;
        self
    }

    /// Marks everything it returns as written by somebody outside.
    #[must_use]
    pub fn untrusted_content(mut self) -> Self {
        self.content = ContentTrust::Untrusted;
        self
    }

    /// Sends the tenant along.
    #[must_use]
    pub fn with_tenant(mut self) -> Self {
        self.takes_tenant = true;
        self
    }

    /// The class of a tool, and whether the operator set it.
    pub(crate) fn effect(&self, tool: &str) -> (EffectClass, bool) {
        match self.tools.get(tool) {
            Some(rule) => (rule.effect, true),
            None => (EffectClass::Outward, false),
        }
    }
}

/// What the registry says about one tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ToolRule {
    /// What calling it does.
    pub effect: EffectClass,
    /// Shortest time between two calls, for tools that act.
    pub cooldown: Option<CooldownRule>,
    /// Whether the server answers a repeated intent key with the first receipt. False unless whoever
    /// registers it knows better: asking again where that is not so would act twice.
    pub recognises_intents: bool,
}

impl Default for ToolRule {
    fn default() -> Self {
        Self {
            effect: EffectClass::Outward,
            cooldown: None,
            recognises_intents: false,
        }
    }
}

/// Shortest time between two acts of one account on one server (ACT-05). All tools of a server
/// that carry a cooldown share it: a reply after a post waits too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CooldownRule {
    /// How long.
    pub span: Span,
    /// JSON pointer into the arguments to the account, for example `/agent_id`.
    pub account: String,
}

/// Whether what a server returns was written by somebody outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContentTrust {
    /// Its own words, as a tool's.
    OwnWords,
    /// Anybody's words, as a feed's: tainted.
    Untrusted,
}

/// Which tenants may see a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Visibility {
    /// All of them.
    Everybody,
    /// These alone; for others it does not exist.
    Only(BTreeSet<TenantId>),
}

impl Visibility {
    pub(crate) fn admits(&self, tenant: TenantId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Only(tenants) => tenants.contains(&tenant),
        }
    }
}

/// How a server is reached.
#[derive(Clone, Debug)]
pub enum Transport {
    /// In this process, over a pipe in memory.
    InProcess(InProcess),
    /// As a child process, over its standard streams.
    Stdio(ChildProcess),
    /// At an address, over streamable HTTP.
    Http(RemoteServer),
}

impl Transport {
    /// An in-process server: `serve` is called with one end of a pipe for every connection and
    /// runs until the pipe closes.
    #[must_use]
    pub fn in_process<F, Served>(serve: F) -> Self
    where
        F: Fn(DuplexStream) -> Served + Send + Sync + 'static,
        Served: Future<Output = ()> + Send + 'static,
    {
        Self::InProcess(InProcess(Arc::new(move |pipe| Box::pin(serve(pipe)))))
    }

    /// The word on the connections screen.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::InProcess(_) => "in-process",
            Self::Stdio(_) => "stdio",
            Self::Http(_) => "http",
        }
    }
}

type Serve = dyn Fn(DuplexStream) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// A factory of in-process servers; the host never learns their type.
#[derive(Clone)]
pub struct InProcess(Arc<Serve>);

impl InProcess {
    pub(crate) fn serve(&self, pipe: DuplexStream) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        (self.0)(pipe)
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

/// A server that is a program.
#[derive(Clone)]
pub struct ChildProcess {
    /// The program.
    pub command: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables for it alone, on top of the base environment. Their values count as secrets:
    /// they are blotted out of its captured words and never shown.
    pub env: BTreeMap<String, String>,
    /// Where it runs; the host's own place when absent.
    pub cwd: Option<PathBuf>,
    /// Further variables that are looked up at each start, such as secrets.
    pub supply: Option<Supply>,
}

/// A server at an address.
#[derive(Clone, Debug)]
pub struct RemoteServer {
    /// The client that reaches it; its permissions are what may be reached.
    pub net: HttpClient,
    /// The address.
    pub url: String,
    /// Headers that go along with every request, looked up at each start. Their values count as secrets and are never
    /// shown; the protocol's own cannot be set.
    pub headers: Option<Supply>,
    /// A person's authorization of it, which goes along where the headers hold no key.
    pub authorization: Option<Arc<Session>>,
}

type Found = Pin<Box<dyn Future<Output = Result<Supplied, Fault>> + Send>>;

/// What a server is handed at its start.
#[derive(Clone, Default)]
pub struct Supplied {
    /// Variables, or headers, by name.
    pub values: BTreeMap<String, String>,
    /// Secrets among them, or in them: they are taken out of whatever the server says.
    pub secrets: Vec<String>,
}

impl From<BTreeMap<String, String>> for Supplied {
    fn from(values: BTreeMap<String, String>) -> Self {
        Self {
            values,
            secrets: Vec::new(),
        }
    }
}

/// Looks variables, or headers, up when a server is started.
#[derive(Clone)]
pub struct Supply(Arc<dyn Fn() -> Found + Send + Sync>);

impl Supply {
    /// From a function that is called at each start.
    #[must_use]
    pub fn new<F, Looked, Given>(look: F) -> Self
    where
        F: Fn() -> Looked + Send + Sync + 'static,
        Looked: Future<Output = Result<Given, Fault>> + Send + 'static,
        Given: Into<Supplied>,
    {
        Self(Arc::new(move || {
            let looked = look();
            Box::pin(async move { Ok(looked.await?.into()) })
        }))
    }

    /// What there is now.
    pub(crate) async fn look(&self) -> Result<Supplied, Fault> {
        (self.0)().await
    }
}

impl fmt::Debug for Supply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Supply")
    }
}

impl ChildProcess {
    /// A program with its arguments and nothing else.
    #[must_use]
    pub fn new(
        command: impl Into<PathBuf>,
        args: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            command: command.into(),
            args: args.into_iter().map(Into::into).collect(),
            env: BTreeMap::new(),
            cwd: None,
            supply: None,
        }
    }
}

impl fmt::Debug for ChildProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildProcess")
            .field("command", &self.command)
            .field("args", &self.args)
            .field("env", &self.env.keys().collect::<Vec<_>>())
            .field("cwd", &self.cwd)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_nobody_classed_acts_on_the_outside() {
        let spec = ServerSpec::new("x", Transport::Stdio(ChildProcess::new("x", [""; 0])))
            .tool("look", EffectClass::Read);
        assert_eq!(spec.effect("look"), (EffectClass::Read, true));
        assert_eq!(spec.effect("other"), (EffectClass::Outward, false));
    }

    #[test]
    fn values_of_variables_are_not_shown() {
        let mut child = ChildProcess::new("server", ["--quiet"]);
        child.env.insert("TOKEN".into(), "hush".into());
        let shown = format!("{child:?}");
        assert!(
            shown.contains("TOKEN") && !shown.contains("hush"),
            "{shown}"
        );
    }
}
