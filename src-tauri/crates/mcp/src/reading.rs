//! A resource read, wherever that is asked for.
//!
//! Never here: when to read one again (`following`).

use std::sync::Arc;

use chimera_domain::id::TenantId;
use chimera_ports::tools::{ResourceReply, ToolError};

use crate::{
    admission::{Admission, Wanted},
    call::meta,
    connection::Connection,
    reply::resource_reply,
    slot::Slot,
    tries::with_leave,
};

/// Reads a resource. `asks` says whether somebody waits for it whom its server may ask something first.
///
/// # Errors
/// An unknown URI is an error (PER-14).
pub(crate) async fn read(
    slot: &Slot,
    tenant: TenantId,
    uri: &str,
    asks: bool,
) -> Result<ResourceReply, ToolError> {
    let (retries, limit) = (slot.spec.read_retries, slot.spec.request_timeout);
    let attempt = |connection: Arc<Connection>, limit| async move {
        let of = match asks {
            true => Wanted::Text,
            false => Wanted::TextAgain,
        };
        let admission = Admission { slot, tenant, of };
        admission.check(&connection).await?;
        let meta = meta(&slot.spec, tenant, None, None);
        connection.read_resource(admission, uri, meta, limit).await
    };
    let result = with_leave(slot, false, retries, limit, attempt).await?;
    resource_reply(&slot.spec, uri, result)
}
