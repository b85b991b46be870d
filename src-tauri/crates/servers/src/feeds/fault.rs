//! What the feeds server says when it cannot read.
//!
//! Never here: reading.

use chimera_domain::fault::{Fault, FaultClass};
use chimera_net::NetError;

/// The call names no feed, or two.
pub(super) const SOURCE_INVALID: &str = "FEED_SOURCE_INVALID";
/// The feed is none of those that the operator listed.
pub(super) const NOT_LISTED: &str = "FEED_NOT_LISTED";
/// The host is at a private address that the operator did not list.
pub(super) const ADDRESS_REFUSED: &str = "FEED_ADDRESS_REFUSED";
/// The URL cannot be fetched.
pub(super) const URL_INVALID: &str = "FEED_URL_INVALID";
/// The feed is larger than is read.
pub(super) const TOO_LARGE: &str = "FEED_TOO_LARGE";
/// The redirects lead nowhere.
pub(super) const REDIRECTS: &str = "FEED_REDIRECTS";
/// The host cannot be reached, or does not answer.
pub(super) const UNREACHABLE: &str = "FEED_UNREACHABLE";
/// The host cannot prove who it is.
pub(super) const IDENTITY: &str = "FEED_IDENTITY";
/// The host answered with an error.
pub(super) const STATUS: &str = "FEED_STATUS";
/// What came is no feed.
pub(super) const MALFORMED: &str = "FEED_MALFORMED";
/// The file is outside what the operator opened, or no plain file.
pub(super) const FILE_REFUSED: &str = "FEED_FILE_REFUSED";
/// The file cannot be read.
pub(super) const FILE_UNREADABLE: &str = "FEED_FILE_UNREADABLE";

/// Every code of the feeds server, for the page and the row that each must have.
pub const CODES: [&str; 12] = [
    SOURCE_INVALID,
    NOT_LISTED,
    ADDRESS_REFUSED,
    URL_INVALID,
    TOO_LARGE,
    REDIRECTS,
    UNREACHABLE,
    IDENTITY,
    STATUS,
    MALFORMED,
    FILE_REFUSED,
    FILE_UNREADABLE,
];

/// A refusal that asking again does not change.
pub(super) fn refused(code: &str, why: impl std::fmt::Display) -> Fault {
    Fault::of(code, format!("{why}; nothing was read"))
}

/// What came is no feed; `why` says where it breaks, when that is known.
pub(super) fn malformed(why: impl std::fmt::Display) -> Fault {
    Fault::new(
        FaultClass::Validation,
        MALFORMED,
        format!(
            "this is no readable feed: {why}; nothing of it was used; tell its owner, or correct the address"
        ),
    )
}

/// The network's trouble in the words of feeds.
pub(super) fn from_net(error: &NetError) -> Fault {
    let code = match error {
        NetError::InvalidUrl { .. } | NetError::InvalidRequest { .. } => URL_INVALID,
        NetError::PrivateAddress { .. } => ADDRESS_REFUSED,
        NetError::TooLarge { .. } => TOO_LARGE,
        NetError::RedirectLoop { .. }
        | NetError::TooManyRedirects { .. }
        | NetError::RedirectRefused { .. } => REDIRECTS,
        NetError::Status { .. } => STATUS,
        NetError::Undecodable { .. } => MALFORMED,
        NetError::Tls { .. } => IDENTITY,
        NetError::Timeout { .. }
        | NetError::Dns { .. }
        | NetError::Connect { .. }
        | NetError::Interrupted { .. } => UNREACHABLE,
    };
    // The class of a status depends on the status; all else has the class of its code.
    let of_status = if error.is_transient() {
        FaultClass::Transient
    } else {
        FaultClass::Permanent
    };
    let message = match error {
        NetError::PrivateAddress { host, ip, kind } => format!(
            "{host} is at {ip}, a {kind} address, which is read only where the operator allows it; nothing was read. If this host is yours, start Chimera with CHIMERA_ALLOW_HOSTS={host}, or write it into allow_hosts in its settings file; otherwise leave this feed out"
        ),
        error => error.to_string(),
    };
    let mut fault = match code {
        STATUS => Fault::new(of_status, code, message),
        code => Fault::of(code, message),
    };
    if let NetError::Status {
        retry_after: Some(wait),
        ..
    } = error
    {
        fault.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    }
    fault
}
