//! Personas: what SOUL.md says, its versions, what is wrong with a draft.
//!
//! Never here: reading the file.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    scalar::{Digest, Id, Time, Version},
    swarm::Control,
};

/// What SOUL.md says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonaFields {
    /// Name as readers see it.
    pub name: String,
    /// The persona's own id in the file.
    pub id: String,
    /// What it does in the world.
    pub role: Option<String>,
    /// How it speaks.
    pub voice_traits: Vec<String>,
    /// Hard rules.
    pub directives: Vec<String>,
    /// What it believes in.
    pub values: Vec<String>,
    /// Words it likes.
    pub lexicon: Vec<String>,
    /// Words that may never appear.
    pub forbidden: Vec<String>,
    /// Topics it does not touch.
    pub forbidden_topics: Vec<String>,
    /// Skills it may use; empty means all that policy allows.
    pub skills: Vec<String>,
    /// The Markdown body.
    pub backstory: String,
}

/// A persona in the gallery.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PersonaRow {
    /// Whose.
    pub agent: Id,
    /// Name as readers see it.
    pub name: String,
    /// One or two letters for the avatar.
    pub initials: String,
    /// What it does in the world.
    pub role: Option<String>,
    /// How it speaks.
    pub voice_traits: Vec<String>,
    /// Number of the version in force.
    pub number: u32,
    /// Whether the agent may work.
    pub control: Control,
    /// When the version in force was stored.
    pub updated_at: Time,
}

/// A persona, whole.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Persona {
    /// Whose.
    pub agent: Id,
    /// One or two letters for the avatar.
    pub initials: String,
    /// The file as read.
    pub fields: PersonaFields,
    /// The file as written.
    pub source: String,
    /// 1, 2, 3 … per agent.
    pub number: u32,
    /// Number of the version in force.
    pub current: u32,
    /// Digest of the file.
    pub digest: Digest,
    /// Who stored it.
    pub author: String,
    /// When it was stored.
    pub created_at: Time,
    /// Where the file is kept, relative to the persona folder.
    pub soul_link: String,
    /// Version of the agent's row; the `If-Match` of saving.
    pub version: Version,
}

/// A stored version, in the list.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PersonaVersionRow {
    /// Its number.
    pub number: u32,
    /// Whether it is in force.
    pub current: bool,
    /// Who stored it.
    pub author: String,
    /// When.
    pub created_at: Time,
    /// Digest of the file.
    pub digest: Digest,
}

/// All versions of a persona.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PersonaVersions {
    /// Newest first.
    pub items: Vec<PersonaVersionRow>,
}

/// A SOUL.md as text.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoulText {
    /// The whole file.
    pub soul: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is taken; this may not be what was meant.
    Warning,
    /// The file is not taken.
    Error,
}

/// Something about a SOUL.md, with its place.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SoulDiagnostic {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How bad it is.
    pub severity: Severity,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

/// A field of a SOUL.md.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SoulField {
    /// Name as readers see it: one text.
    Name,
    /// The persona's own id: one text.
    Id,
    /// What it does in the world: one text.
    Role,
    /// How it speaks.
    VoiceTraits,
    /// Hard rules.
    Directives,
    /// What it believes in.
    Values,
    /// Words it likes.
    Lexicon,
    /// Words that may never appear.
    Forbidden,
    /// Topics it does not touch.
    ForbiddenTopics,
    /// Skills it may use.
    Skills,
    /// The Markdown body: one text.
    Backstory,
}

/// Another value for one field of a SOUL.md.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldEdit {
    /// The whole file.
    pub soul: String,
    /// The field.
    pub field: SoulField,
    /// What it says from now on: at most one where the field is one text; none takes the field out.
    pub value: Vec<String>,
}

/// A SOUL.md in which one field says something else and every other byte is as it was.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct EditedSoul {
    /// The whole file.
    pub soul: String,
}

/// What the linter says of a draft.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct LintReport {
    /// True when it could be stored as it is.
    pub valid: bool,
    /// What the draft says, where it can be read.
    pub fields: Option<PersonaFields>,
    /// Findings in the order of the file.
    pub diagnostics: Vec<SoulDiagnostic>,
}

/// Which versions are compared.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// Number of the older version.
    pub from: u32,
    /// Number of the newer version.
    pub to: u32,
}

/// What a line of a comparison is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// In both.
    Same,
    /// Only in the newer one.
    Added,
    /// Only in the older one.
    Removed,
}

/// One line of a comparison.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct DiffLine {
    /// What it is.
    pub kind: LineKind,
    /// Its text.
    pub text: String,
}

/// How the meaning of one field changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FieldChange {
    /// The field by its key in the file, for example `voice_traits`; the body is `backstory`.
    pub field: String,
    /// For a text: what it said. Null where it was not there, and for lists.
    pub before: Option<String>,
    /// For a text: what it says. Null where it is gone, and for lists.
    pub after: Option<String>,
    /// For a list: items that came.
    pub added: Vec<String>,
    /// For a list: items that went.
    pub removed: Vec<String>,
    /// For a list: whether what both have stands in another order.
    pub reordered: bool,
}

/// Two versions of a persona compared.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PersonaDiff {
    /// Number of the older version.
    pub from: u32,
    /// Number of the newer version.
    pub to: u32,
    /// By meaning.
    pub fields: Vec<FieldChange>,
    /// By line.
    pub lines: Vec<DiffLine>,
}
