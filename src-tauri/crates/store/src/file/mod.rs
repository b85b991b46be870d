//! The file of a database: whose it is, whether it is encrypted, and copies of it.
//!
//! Never here: what is in its tables (`sqlite`).

mod backup;
mod closing;
mod leftovers;
mod lock;
mod opened;
mod reading;
mod sealed;

pub use backup::back_up;
pub(crate) use closing::wait_at_exit;
pub(crate) use lock::{InstanceLock, beside, refused};
pub(crate) use opened::OpenedFile;
pub(crate) use reading::to_read;
pub(crate) use sealed::{Form, form, key_for, seal, with_key};
