//! One command a file.

pub(crate) mod access;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod campaign_run;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod key;
pub(crate) mod mcp;
mod mcp_authorize;
mod mcp_offer;
pub(crate) mod person;
pub(crate) mod replay;
pub(crate) mod retention;
pub(crate) mod serve;
pub(crate) mod skill;
mod speaker;
mod standing;
