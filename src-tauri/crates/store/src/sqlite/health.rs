//! Whether the file can be written, as the last write has shown.

use async_trait::async_trait;
use chimera_ports::{
    error::{PortError, Trouble},
    store::Health,
};

use super::store::SqliteStore;

#[async_trait]
impl Health for SqliteStore {
    fn trouble(&self) -> Option<Trouble> {
        self.writer().trouble()
    }

    async fn try_out(&self) -> Result<(), PortError> {
        self.writer()
            .run(|conn| {
                Box::pin(async move {
                    sqlx::query("UPDATE schema_info SET clean = 0")
                        .execute(conn)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}
