//! The operator's word on a server's tools: what calling each does, and what each must look like to be called at all.
//! It changes while the server runs; every look and every call asks it anew.
//!
//! Never here: who gave the word (boot), or what the server says of itself (`catalogue`).

use std::collections::BTreeMap;

use chimera_domain::{
    action::{EffectClass, ToolRef},
    digest::{CanonError, Digest},
    server::Listing,
};
use chimera_ports::tools::ToolError;

use crate::{
    catalogue::Catalogue,
    codes::{other_version, quarantined, unseen},
};

/// What the operator says of a server's tools.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terms {
    /// What calling a tool does. One that is not named counts as acting on the outside.
    pub classes: BTreeMap<String, EffectClass>,
    /// What the tools must look like.
    pub pins: Pins,
    /// The only version of the server whose tools are called, when there is one.
    pub version: Option<String>,
}

/// What a server's tools must look like to be offered and called.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Pins {
    /// Anything: the server is part of Chimera.
    #[default]
    None,
    /// Nobody has seen its tools yet: none is offered.
    Unseen,
    /// Exactly this.
    Seen {
        /// Digest of its instructions.
        instructions: Digest,
        /// Digests of its tools by name.
        tools: BTreeMap<String, Digest>,
        /// What is the same about tools of several servers, by name.
        shapes: BTreeMap<String, Digest>,
    },
}

impl Pins {
    /// That everything must be as in `listing`.
    ///
    /// # Errors
    /// When a tool of it has no canonical form.
    pub fn to(listing: &Listing) -> Result<Self, CanonError> {
        Ok(Self::Seen {
            instructions: Digest::plain(listing.instructions.as_bytes()),
            tools: listing
                .tools
                .iter()
                .map(|(name, form)| Ok((name.clone(), form.digest()?)))
                .collect::<Result<_, CanonError>>()?,
            shapes: listing
                .tools
                .iter()
                .map(|(name, form)| Ok((name.clone(), form.shape()?)))
                .collect::<Result<_, CanonError>>()?,
        })
    }

    /// What a pinned tool takes and gives, whatever it says of itself.
    pub(crate) fn shape(&self, tool: &str) -> Option<Digest> {
        match self {
            Self::None | Self::Unseen => None,
            Self::Seen { shapes, .. } => shapes.get(tool).copied(),
        }
    }
}

impl Terms {
    /// Whether anything may be asked of the server at all.
    pub(crate) fn trusts(&self, catalogue: &Catalogue) -> bool {
        if self.refuses_version(catalogue).is_some() {
            return false;
        }
        match &self.pins {
            Pins::None => true,
            Pins::Unseen => false,
            Pins::Seen { instructions, .. } => {
                *instructions == Digest::plain(catalogue.instructions.as_bytes())
            }
        }
    }

    /// The version that is wanted, where the server is of another one or does not say.
    pub(crate) fn refuses_version(&self, catalogue: &Catalogue) -> Option<&str> {
        let told = catalogue.told.as_ref().map(|told| told.version.as_str());
        let wanted = self.version.as_deref()?;
        (told != Some(wanted)).then_some(wanted)
    }

    /// Whether a tool is what it was when it was trusted.
    pub(crate) fn admits(&self, catalogue: &Catalogue, tool: &str) -> bool {
        let Some(entry) = catalogue.get(tool) else {
            return false;
        };
        self.trusts(catalogue)
            && match &self.pins {
                Pins::None => true,
                Pins::Unseen => false,
                Pins::Seen { tools, .. } => tools.get(tool) == Some(&entry.pin),
            }
    }

    /// Refuses a server that is not what it was.
    pub(crate) fn check_server(
        &self,
        catalogue: &Catalogue,
        server: &str,
    ) -> Result<(), ToolError> {
        if let Some(wanted) = self.refuses_version(catalogue) {
            Err(other_version(server, wanted, catalogue.told.as_ref()))
        } else if self.trusts(catalogue) {
            Ok(())
        } else {
            Err(self.held(&format!("the MCP server '{server}'")))
        }
    }

    /// Refuses a tool that is not what it was.
    pub(crate) fn check(&self, catalogue: &Catalogue, tool: &ToolRef) -> Result<(), ToolError> {
        if let Some(wanted) = self.refuses_version(catalogue) {
            Err(other_version(&tool.server, wanted, catalogue.told.as_ref()))
        } else if self.admits(catalogue, &tool.tool) {
            Ok(())
        } else {
            Err(self.held(&format!("the tool {tool}")))
        }
    }

    fn held(&self, what: &str) -> ToolError {
        match self.pins {
            Pins::Unseen => unseen(what),
            Pins::None | Pins::Seen { .. } => quarantined(what),
        }
    }
}
