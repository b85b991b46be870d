//! The registry of MCP servers: what is run, what its tools are, what is held back.

use std::collections::BTreeMap;

use chimera_contract::{
    registry as wire,
    scalar::{Digest, Time},
};
use chimera_domain::{
    action::EffectClass,
    server::{Difference, Launch, Listing, Reach, ServerEntry, ToolChange, ToolForm},
    server_edition::{Edition, EditionChangeKind, Told},
};
use chimera_ports::{
    registry::{Imported, ShownServer, Standing},
    resources::FollowedResource,
    tools::{OfferedPrompt, OfferedResource, ServerOffer},
};
use serde_json::Value;

use crate::{ToDomain, ToWire, mirror};

mirror!(Standing => wire::ServerStanding { Off, Broken, Untrusted, Altered, Trusted });

/// A resource as it is followed, with as much of its text as `text` makes of it.
pub fn followed(
    known: &FollowedResource,
    uri: String,
    text: impl FnOnce(&FollowedResource) -> Option<String>,
) -> wire::FollowedResource {
    let reply = known.reply.as_deref();
    let characters = reply.map_or(0, |reply| reply.text.chars().count());
    wire::FollowedResource {
        uri,
        version: known.version,
        mime_type: reply.and_then(|reply| reply.mime_type.clone()),
        text: text(known),
        characters: u64::try_from(characters).unwrap_or(u64::MAX),
        read_at: known.read_at.map(Time::of),
        changed_at: known.changed_at.map(Time::of),
        is_told: known.is_told,
        every_seconds: known.every.as_secs(),
        problem: known.problem.wire(),
        ended: known.ended.wire(),
    }
}

impl ToWire for Reach {
    type Wire = wire::ServerReach;
    fn wire(&self) -> wire::ServerReach {
        match self {
            Self::Stdio {
                command,
                args,
                cwd,
                env,
            } => wire::ServerReach::Program(wire::ServerProgram {
                command: command.clone(),
                args: args.clone(),
                cwd: cwd.clone(),
                env: env.clone(),
            }),
            Self::Http { url, headers } => wire::ServerReach::Address(wire::ServerAddress {
                url: url.clone(),
                headers: headers.clone(),
            }),
        }
    }
}

impl ToDomain for wire::ServerReach {
    type Domain = Reach;
    fn domain(&self) -> Reach {
        match self {
            Self::Program(program) => Reach::Stdio {
                command: program.command.clone(),
                args: program.args.clone(),
                cwd: program.cwd.clone(),
                env: program.env.clone(),
            },
            Self::Address(address) => Reach::Http {
                url: address.url.clone(),
                headers: address.headers.clone(),
            },
        }
    }
}

/// What would be run, with its digest.
fn launch((launch, digest): &(Launch, chimera_domain::digest::Digest)) -> wire::ServerLaunch {
    wire::ServerLaunch {
        digest: Digest::of(digest),
        address: launch.address.clone(),
        command: launch.command.clone(),
        args: launch.args.clone(),
        cwd: launch.cwd.clone(),
        variables: launch.variables.clone(),
        secrets: launch.secrets.clone(),
    }
}

/// What is different about a connected server that was pinned.
fn difference(shown: &ShownServer) -> Option<Difference> {
    let (listing, pins) = (shown.listing.as_ref()?, shown.server.entry.pins.as_ref()?);
    Some(listing.beside(pins))
}

/// How many tools a difference holds back.
fn held(shown: &ShownServer, difference: &Difference) -> usize {
    match (&difference.instructions, &shown.listing) {
        (Some(_), Some(listing)) => listing.tools.len(),
        _ => difference
            .tools
            .iter()
            .filter(|change| !matches!(change, ToolChange::Gone(_)))
            .count(),
    }
}

impl ToWire for ShownServer {
    type Wire = wire::RegisteredServer;
    fn wire(&self) -> wire::RegisteredServer {
        let entry = &self.server.entry;
        let held = difference(self).map_or(0, |difference| held(self, &difference));
        wire::RegisteredServer {
            name: self.server.name.clone(),
            version: self.server.version,
            enabled: entry.enabled,
            standing: self.standing.wire(),
            program: entry.reach.wire(),
            launch: self.launch.as_ref().ok().map(launch),
            problem: self.launch.as_ref().err().map(ToWire::wire),
            trust: entry.trust.as_ref().map(|trust| wire::ServerTrust {
                by: trust.by_name.clone(),
                at: Time::of(trust.at),
            }),
            documentation_url: entry.documentation_url.clone(),
            group: entry.group.clone(),
            told: entry.editions.newest().map(|edition| told(&edition.told)),
            required_version: entry.editions.required.clone(),
            held: u32::try_from(held).unwrap_or(u32::MAX),
            authorization: self.authorization.as_ref().map(ToWire::wire),
            changed_at: Time::of(self.server.changed_at),
        }
    }
}

/// A server with its tools, what is held back, and its last words.
#[must_use]
pub fn look(shown: &ShownServer) -> wire::RegisteredServerLook {
    let difference = difference(shown);
    let entry = &shown.server.entry;
    let listing = shown.listing.as_ref().or(entry.pins.as_ref());
    wire::RegisteredServerLook {
        server: shown.wire(),
        tools: listing.map_or_else(Vec::new, |listing| {
            tools(entry, listing, difference.as_ref())
        }),
        quarantine: difference
            .filter(Difference::holds)
            .and_then(|difference| quarantine(shown, &difference)),
        editions: entry.editions.seen.iter().rev().map(edition).collect(),
        former: entry
            .editions
            .former
            .as_ref()
            .map(|former| wire::FormerServer {
                program: former.reach.wire(),
                trusted: former.trust.is_some(),
                until: Time::of(former.until),
            }),
        last_words: shown.last_words.clone(),
    }
}

impl ToWire for ServerOffer {
    type Wire = wire::ServerOffer;
    fn wire(&self) -> wire::ServerOffer {
        wire::ServerOffer {
            connected: true,
            resources: self.resources.iter().map(offered).collect(),
            templates: self.templates.iter().map(offered).collect(),
            prompts: self.prompts.iter().map(prompt).collect(),
            left_out: self.left_out.clone(),
        }
    }
}

fn offered(resource: &OfferedResource) -> wire::OfferedResource {
    wire::OfferedResource {
        uri: resource.uri.clone(),
        name: resource.name.clone(),
        title: resource.title.clone(),
        description: resource.description.clone(),
        mime_type: resource.mime_type.clone(),
        bytes: resource.bytes,
    }
}

fn prompt(prompt: &OfferedPrompt) -> wire::OfferedPrompt {
    let arguments = prompt
        .arguments
        .iter()
        .map(|argument| wire::OfferedArgument {
            name: argument.name.clone(),
            description: argument.description.clone(),
            required: argument.required,
        });
    wire::OfferedPrompt {
        name: prompt.name.clone(),
        title: prompt.title.clone(),
        description: prompt.description.clone(),
        arguments: arguments.collect(),
    }
}

fn told(told: &Told) -> wire::ServerTold {
    wire::ServerTold {
        name: told.name.clone(),
        version: told.version.clone(),
    }
}

fn edition(edition: &Edition) -> wire::ServerEdition {
    let changes = edition.changes.iter().map(|change| wire::EditionChange {
        tool: change.tool.clone(),
        state: match change.kind {
            EditionChangeKind::New => wire::ToolState::New,
            EditionChangeKind::Changed => wire::ToolState::Changed,
            EditionChangeKind::Gone => wire::ToolState::Gone,
        },
    });
    wire::ServerEdition {
        told: told(&edition.told),
        first_seen: Time::of(edition.first_seen),
        last_seen: Time::of(edition.last_seen),
        changes: changes.collect(),
    }
}

fn tools(
    entry: &ServerEntry,
    listing: &Listing,
    difference: Option<&Difference>,
) -> Vec<wire::RegisteredTool> {
    let mut states = BTreeMap::new();
    for change in difference.map(|found| &found.tools).into_iter().flatten() {
        match change {
            ToolChange::New(form) => states.insert(form.name.as_str(), wire::ToolState::New),
            ToolChange::Changed { is, .. } => {
                states.insert(is.name.as_str(), wire::ToolState::Changed)
            }
            ToolChange::Gone(name) => states.insert(name.as_str(), wire::ToolState::Gone),
        };
    }
    listing
        .tools
        .values()
        .map(|form| wire::RegisteredTool {
            tool: form.name.clone(),
            title: form.title.clone(),
            description: form.description.clone(),
            effect: entry
                .classes
                .get(&form.name)
                .copied()
                .unwrap_or(EffectClass::Outward)
                .wire(),
            classed: entry.classes.contains_key(&form.name),
            hints: hints(form.annotations.as_ref()),
            state: states
                .get(form.name.as_str())
                .copied()
                .unwrap_or(wire::ToolState::Pinned),
        })
        .collect()
}

fn hints(annotations: Option<&Value>) -> wire::ToolHints {
    let hint = |name: &str| annotations.and_then(|all| all.get(name)?.as_bool());
    wire::ToolHints {
        read_only: hint("readOnlyHint"),
        destructive: hint("destructiveHint"),
        idempotent: hint("idempotentHint"),
        open_world: hint("openWorldHint"),
    }
}

fn quarantine(shown: &ShownServer, difference: &Difference) -> Option<wire::Quarantine> {
    let listing = shown.listing.as_ref()?.digest().ok()?;
    let tools = difference.tools.iter().map(|change| match change {
        ToolChange::New(form) => wire::HeldTool {
            tool: form.name.clone(),
            state: wire::ToolState::New,
            parts: parts(None, form),
        },
        ToolChange::Changed { was, is } => wire::HeldTool {
            tool: is.name.clone(),
            state: wire::ToolState::Changed,
            parts: parts(Some(was), is),
        },
        ToolChange::Gone(name) => wire::HeldTool {
            tool: name.clone(),
            state: wire::ToolState::Gone,
            parts: Vec::new(),
        },
    });
    Some(wire::Quarantine {
        listing: Digest::of(listing),
        instructions: difference
            .instructions
            .as_ref()
            .map(|(was, is)| wire::TextChange {
                was: was.clone(),
                is: is.clone(),
            }),
        tools: tools.collect(),
    })
}

/// The parts of a tool that are not what they were.
fn parts(was: Option<&ToolForm>, is: &ToolForm) -> Vec<wire::PartChange> {
    let text = |form: &ToolForm, part: wire::ToolPart| match part {
        wire::ToolPart::Title => form.title.clone().unwrap_or_default(),
        wire::ToolPart::Description => form.description.clone(),
        wire::ToolPart::InputSchema => indented(&form.input_schema),
        wire::ToolPart::OutputSchema => form
            .output_schema
            .as_ref()
            .map(indented)
            .unwrap_or_default(),
        wire::ToolPart::Annotations => form.annotations.as_ref().map(indented).unwrap_or_default(),
    };
    [
        wire::ToolPart::Title,
        wire::ToolPart::Description,
        wire::ToolPart::InputSchema,
        wire::ToolPart::OutputSchema,
        wire::ToolPart::Annotations,
    ]
    .into_iter()
    .map(|part| wire::PartChange {
        part,
        was: was.map(|form| text(form, part)).unwrap_or_default(),
        is: text(is, part),
    })
    .filter(|change| change.was != change.is)
    .collect()
}

fn indented(value: &Value) -> String {
    format!("{value:#}")
}

impl ToWire for Imported {
    type Wire = wire::ImportedServer;
    fn wire(&self) -> wire::ImportedServer {
        wire::ImportedServer {
            name: self.name.clone(),
            refused: self.refused.wire(),
            left_out: self.left_out.clone(),
        }
    }
}
