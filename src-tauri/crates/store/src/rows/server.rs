//! Rows of `mcp_servers`.

use chimera_domain::{server::RegisteredServer, time::Timestamp};

use super::{BadRow, Cells, json};
use crate::{failure::Failure, table::table};

table! {
    /// One server of a tenant's registry.
    "mcp_servers" as ServerRow, key "tenant_id" + "name";
    fixed { tenant_id: String, name: String }
    live { version: i64, entry: String, changed_at: i64 }
}

impl ServerRow {
    pub(crate) fn of(server: &RegisteredServer) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: server.tenant.to_string(),
            name: server.name.clone(),
            version: i64::from(server.version),
            entry: json(&server.entry)?,
            changed_at: server.changed_at.micros(),
        })
    }
}

impl TryFrom<ServerRow> for RegisteredServer {
    type Error = BadRow;

    fn try_from(row: ServerRow) -> Result<Self, BadRow> {
        let cells = Cells("mcp_servers");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            version: cells.number("version", row.version)?,
            entry: cells.json("entry", &row.entry)?,
            name: row.name,
            changed_at: Timestamp::from_micros(row.changed_at),
        })
    }
}
