//! The handlers, one file per group of resources. A handler reads the request, asks runtime or store,
//! and converts the answer; it decides nothing.

pub(crate) mod agents;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod campaigns;
pub(crate) mod chain;
pub(crate) mod content;
pub(crate) mod dead_letters;
pub(crate) mod effects;
pub(crate) mod events;
pub(crate) mod feeds;
pub(crate) mod home;
pub(crate) mod keychain;
pub(crate) mod memories;
pub(crate) mod model;
pub(crate) mod personas;
pub(crate) mod places;
pub(crate) mod plans;
pub(crate) mod policy;
pub(crate) mod preferences;
pub(crate) mod prices;
pub(crate) mod registry;
pub(crate) mod reviews;
pub(crate) mod sandbox;
pub(crate) mod servers;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod spending;
pub(crate) mod status;
pub(crate) mod swarm;
pub(crate) mod tasks;
pub(crate) mod tenant_form;
pub(crate) mod tenants;
pub(crate) mod traces;
pub(crate) mod users;
