//! The real router over the real store: what callers see.

mod access;
mod bench;
mod campaigns;
mod chain;
mod codes;
mod crossing;
mod effects;
mod events;
mod failures;
mod fleet;
mod home;
mod keys;
mod keys_of_programs;
mod memories;
mod naming;
mod people;
mod personas;
mod questions;
mod replay;
mod reviews;
mod serving;
mod spending;
mod sweep;
mod traces;
mod versions;
mod work;
