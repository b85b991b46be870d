//! Every skill of this installation by name, with its compiled contract.
//!
//! Never here: what a skill does, or who may use it.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use chimera_domain::{
    action::ToolRef,
    fault::{Fault, FaultClass},
    skill::{SideEffects, SkillManifest, SkillOutput, SkillRun},
    task::TaskKind,
};
use chimera_frontmatter::Diagnostic;
use serde::Serialize;
use serde_json::Value;

use crate::{
    builtin,
    bundle::{Notes, SKILL_FILE, Unpacked},
    context::SkillContext,
    fault::{codes, invalid},
    folder::{self, SkillFolder},
    mcp_skill::McpSkill,
    native::NativeSkill,
    run,
};
use chimera_schema::Schema;

/// What is wrong with a skill's files, or what its author may want to know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SkillDiagnostic {
    /// The skill, by its folder's name; empty for the folder of skills itself.
    pub skill: String,
    /// The file, relative to the skill's folder.
    pub file: String,
    /// What, where, and what to do.
    pub diagnostic: Diagnostic,
}

impl std::fmt::Display for SkillDiagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}:{}", self.skill, self.file, self.diagnostic)
    }
}

/// Where a skill comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Provenance {
    /// It ships with Chimera.
    BuiltIn,
    /// It lies in a folder of the operator's.
    Folder(PathBuf),
    /// It is a tool of a connected server.
    Tool(ToolRef),
}

/// What runs when the skill runs.
#[derive(Clone)]
pub enum SkillBody {
    /// Code.
    Native(Arc<dyn NativeSkill>),
    /// Instructions for a Think–Act–Observe loop, as Markdown.
    Loop(String),
}

/// A skill that was found sound.
pub struct Skill {
    manifest: SkillManifest,
    serves: Option<TaskKind>,
    body: SkillBody,
    provenance: Provenance,
    input: Schema,
    output: Schema,
}

impl std::fmt::Debug for Skill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Skill")
            .field("manifest", &self.manifest)
            .field("provenance", &self.provenance)
            .finish_non_exhaustive()
    }
}

impl Skill {
    /// What it says of itself.
    #[must_use]
    pub fn manifest(&self) -> &SkillManifest {
        &self.manifest
    }
    /// The task that it fulfils by itself; none for a part of others' work, such as `echo`.
    #[must_use]
    pub const fn serves(&self) -> Option<TaskKind> {
        self.serves
    }
    /// What runs.
    #[must_use]
    pub const fn body(&self) -> &SkillBody {
        &self.body
    }
    /// Where it comes from.
    #[must_use]
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }
    /// Checks an input against the contract.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with every place; nothing was done.
    pub fn validate_input(&self, input: &Value) -> Result<(), Fault> {
        self.input.check(input).map_err(|reason| {
            invalid(format!(
                "the input does not fit the skill '{}': {reason}; nothing was done",
                self.manifest.name
            ))
        })
    }
    /// Checks an output against the contract.
    ///
    /// # Errors
    /// `SKILL_OUTPUT_INVALID` with every place.
    pub fn validate_output(&self, output: &Value) -> Result<(), Fault> {
        self.output.check(output).map_err(|reason| {
            Fault::new(
                FaultClass::Unknown,
                codes::SKILL_OUTPUT_INVALID,
                format!(
                    "the result of the skill '{}' does not fit its own contract: {reason}; it was thrown away",
                    self.manifest.name
                ),
            )
        })
    }
}

/// All skills.
#[derive(Debug, Default)]
pub struct SkillRegistry {
    skills: BTreeMap<String, Arc<Skill>>,
}

impl SkillRegistry {
    /// The built-in skills and those of `folders`, in this order; of two with one name the first is
    /// kept, unless its folder lets it replace a built-in one. A broken skill is reported and left out.
    #[must_use]
    pub fn load(folders: &[SkillFolder]) -> (Self, Vec<SkillDiagnostic>) {
        let (mut registry, mut list) = Self::built_in();
        for folder in folders {
            for found in folder::read(folder, &mut list) {
                registry.take(folder, found, &mut list);
            }
        }
        (registry, list)
    }

    /// The built-in skills alone. The list is empty unless this build itself is broken.
    #[must_use]
    pub fn built_in() -> (Self, Vec<SkillDiagnostic>) {
        let mut registry = Self::default();
        let mut list = Vec::new();
        for source in &builtin::ALL {
            let mut notes = Notes {
                skill: source.bundle.folder,
                list: &mut list,
            };
            let Some(unpacked) = source.bundle.unpack(&mut notes) else {
                continue;
            };
            let body = match source.native {
                Some(make) => SkillBody::Native(make(unpacked.manifest.clone())),
                None => SkillBody::Loop(unpacked.instructions.clone()),
            };
            registry.put(Skill::new(unpacked, body, Provenance::BuiltIn));
        }
        (registry, list)
    }

    /// The same with a tool as a skill; a skill of that name that is there already stays.
    #[must_use]
    pub fn with_tool(mut self, tool: McpSkill) -> Self {
        if self.get(&tool.manifest().name).is_none() {
            let (schemas, tool_ref) = (tool.schemas(), tool.tool().clone());
            if let Some((input, output)) = schemas {
                self.put(Skill {
                    manifest: tool.manifest().clone(),
                    serves: None,
                    body: SkillBody::Native(Arc::new(tool)),
                    provenance: Provenance::Tool(tool_ref),
                    input,
                    output,
                });
            }
        }
        self
    }

    /// Leaves out skills of folders whose words `refuse` refuses: they would stand among a model's instructions. Answers
    /// their names with the reasons.
    #[must_use]
    pub fn leaving_out(
        mut self,
        refuse: &dyn Fn(&str) -> Option<String>,
    ) -> (Self, Vec<(String, String)>) {
        let mut refused = Vec::new();
        self.skills.retain(|name, skill| {
            let (Provenance::Folder(_), SkillBody::Loop(words)) = (&skill.provenance, &skill.body)
            else {
                return true;
            };
            let why = refuse(&format!("{}\n{words}", skill.manifest.description));
            if let Some(why) = &why {
                refused.push((name.clone(), why.clone()));
            }
            why.is_none()
        });
        (self, refused)
    }

    /// The skill named `name`. S4 writes `skill_` before every name; both forms are understood.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Skill>> {
        let bare = || self.skills.get(name.strip_prefix("skill_")?);
        self.skills.get(name).or_else(bare)
    }

    /// Every skill's manifest, by name.
    pub fn list(&self) -> impl Iterator<Item = &SkillManifest> {
        self.skills.values().map(|skill| skill.manifest())
    }

    /// Skills that fulfil a task by themselves: what a planner may name, by name.
    pub fn offered(&self) -> impl Iterator<Item = (TaskKind, &Arc<Skill>)> {
        self.skills
            .values()
            .filter_map(|skill| Some((skill.serves?, skill)))
    }

    /// Checks an input against the contract of the skill named `name`.
    ///
    /// # Errors
    /// `SKILL_UNKNOWN`, or `VALIDATION_ERROR` with every place; nothing was done.
    pub fn validate_input(&self, name: &str, input: &Value) -> Result<(), Fault> {
        self.known(name)?.validate_input(input)
    }

    /// Checks an output against the contract of the skill named `name`.
    ///
    /// # Errors
    /// `SKILL_UNKNOWN`, or `SKILL_OUTPUT_INVALID` with every place.
    pub fn validate_output(&self, name: &str, output: &Value) -> Result<(), Fault> {
        self.known(name)?.validate_output(output)
    }

    /// Runs a native skill: input checked first, output checked after, both logged without secrets.
    /// Never raises, not even when the skill panics.
    pub async fn run_native(&self, name: &str, ctx: &SkillContext, input: Value) -> SkillOutput {
        match self.known(name) {
            Ok(skill) => run::native(skill, ctx, input).await,
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        }
    }

    fn known(&self, name: &str) -> Result<&Arc<Skill>, Fault> {
        self.get(name).ok_or_else(|| {
            let shown: String = name.chars().take(64).collect();
            let names: Vec<&str> = self.skills.keys().map(String::as_str).collect();
            Fault::new(
                FaultClass::Validation,
                codes::SKILL_UNKNOWN,
                format!(
                    "there is no skill '{shown}'; nothing was done; there are: {}",
                    names.join(", ")
                ),
            )
        })
    }

    fn put(&mut self, skill: Skill) {
        self.skills
            .insert(skill.manifest.name.clone(), Arc::new(skill));
    }

    /// Takes a skill of a folder, if it may run and its name is free or may be taken.
    fn take(
        &mut self,
        folder: &SkillFolder,
        found: folder::FromDisk,
        list: &mut Vec<SkillDiagnostic>,
    ) {
        let name = found.unpacked.manifest.name.clone();
        let mut notes = Notes { skill: &name, list };
        let mut refuse = |code, message: &str, fix| {
            notes.error(SKILL_FILE, (1, 1), code, message, fix);
        };
        if found.unpacked.manifest.run == SkillRun::Native {
            return refuse(
                "NATIVE_NOT_OURS",
                "only skills that ship with Chimera are native code",
                "write: run: loop, and the instructions below the front matter",
            );
        }
        if found.unpacked.manifest.side_effects == SideEffects::Intent {
            return refuse(
                "INTENT_NOT_OURS",
                "only skills that ship with Chimera prepare outward actions",
                "write: side_effects: none, and let publish_content prepare the post",
            );
        }
        match self.get(&name).map(|taken| &taken.provenance) {
            Some(Provenance::BuiltIn) if !folder.may_replace => {
                return refuse(
                    "NAME_TAKEN",
                    "a built-in skill has this name and stays",
                    "rename the skill and its folder, or allow this folder to replace built-in skills",
                );
            }
            Some(Provenance::Folder(_) | Provenance::Tool(_)) => {
                return refuse(
                    "NAME_TAKEN",
                    "an earlier folder has a skill of this name, which stays",
                    "rename one of them",
                );
            }
            _ => {}
        }
        let body = SkillBody::Loop(found.unpacked.instructions.clone());
        let provenance = Provenance::Folder(found.path);
        self.put(Skill::new(found.unpacked, body, provenance));
    }
}

impl Skill {
    fn new(unpacked: Unpacked, body: SkillBody, provenance: Provenance) -> Self {
        Self {
            manifest: unpacked.manifest,
            serves: unpacked.serves,
            body,
            provenance,
            input: unpacked.input,
            output: unpacked.output,
        }
    }
}

#[cfg(test)]
mod tests;
