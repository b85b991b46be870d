//! Chimera's desktop window.
//!
//! Here: the window itself, its one door to the API, and the pump that carries events to it; the very
//! same router serves browsers over HTTP. Never here: anything that a browser console could not do too,
//! or a second way to the data.

mod app;
mod boot;
mod commands;
mod door;
mod events;
mod notices;
mod outside;
mod platform;
mod problems;

#[cfg(test)]
mod tests;

pub use app::main;
