//! The door to every model: a call is reserved against what its task and its campaign's day may cost before it is
//! made, and gets its line in the ledger after, whatever came of it. And what a planned step likely costs.
//!
//! Never here: what is asked, or what becomes of the answer; SQL. Nobody else
//! calls `ChatModel::chat`.

mod account;
mod answer;
mod call;
mod estimate;
mod house;
mod patience;
mod probe;
mod told;

pub use account::Account;
pub use answer::{mending, read_answer};
pub use call::OpenCall;
pub use estimate::{priced, unpriced};
pub use house::House;
pub use patience::Patience;
pub use probe::probe;
pub use told::too_slow;
