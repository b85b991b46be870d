//! What holds work within its bounds: how many units of it run at once, the figures that none passes, and the stops that
//! hold all of it.
//!
//! Never here: what the work is.

mod bounds;
mod crew;
mod stops;

pub use bounds::Bounds;
pub use crew::{Crashed, Crew};
pub use stops::Stops;
