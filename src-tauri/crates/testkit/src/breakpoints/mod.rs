//! Breakpoints: a store and a tool host that tell before and after each step that is persisted or that acts, so that a
//! test can end the process, hold it or let it fail exactly there.
//!
//! The steps are enumerated from the code: every writing method of the store's traits and of memory's, every command of
//! the engine, and the one call that acts. What is new there does not compile here until it is a step, or until it is said
//! why it is none. Never here: what happens at one.

mod steps;
mod store;
mod tools;

use std::{fmt, sync::Arc};

pub use self::steps::{Step, Transition, Write};

/// On which side of a step.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Point {
    /// Nothing of it has happened.
    Before,
    /// It has happened, and nobody heard of it yet.
    After,
}

impl Point {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Before, Self::After];
}

/// A step and a side of it: `Before Dispatch`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Breakpoint {
    /// The step.
    pub step: Step,
    /// The side.
    pub point: Point,
}

impl fmt::Display for Breakpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} {}", self.point, self.step)
    }
}

impl Breakpoint {
    /// Every breakpoint there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let sides = |step| Point::ALL.map(|point| Self { step, point });
        Step::all().flat_map(sides)
    }

    /// The breakpoint of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|breakpoint| breakpoint.to_string() == name)
    }
}

/// What is done at a breakpoint: it may end the process, wait, or panic.
pub type AtBreakpoint = Arc<dyn Fn(Breakpoint) + Send + Sync>;

/// A part with breakpoints around its steps.
#[derive(Clone)]
pub struct Breaking<P> {
    inner: P,
    at: AtBreakpoint,
}

impl<P> Breaking<P> {
    /// Puts breakpoints around `inner`.
    #[must_use]
    pub const fn around(inner: P, at: AtBreakpoint) -> Self {
        Self { inner, at }
    }

    fn tell(&self, point: Point, step: Step) {
        (self.at)(Breakpoint { step, point });
    }
}
