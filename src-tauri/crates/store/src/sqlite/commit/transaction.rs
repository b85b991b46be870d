//! One transaction over everything that waits: first without savepoints, and with them when an item does not fit, so
//! that its neighbours are written all the same.
//!
//! Never here: what the statements are (`group`, the ledger), who waits (`writer`).

use chimera_domain::change::Committed;
use chimera_ports::{error::PortError, store::Reserved};
use futures::future::BoxFuture;
use sqlx::SqliteConnection;

use super::{
    super::ledger::{Asked, Ended},
    direct::Direct,
    draft::Draft,
    group,
};
use crate::failure::Failure;

/// What came of each of several items, in their order.
pub(crate) type Outcomes<T> = Vec<Result<T, PortError>>;

/// What is written with a few statements for many at once.
pub(crate) trait Grouped: Sync + Sized {
    /// What its caller hears.
    type Answer: Send;

    /// Writes those of `group` that fit, and says for each what came of it, in the same order.
    ///
    /// # Errors
    /// When a statement fails: then nothing of the group may be kept.
    fn write<'a>(
        conn: &'a mut SqliteConnection,
        group: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Outcomes<Self::Answer>, Failure>>;
}

impl Grouped for Draft {
    type Answer = Committed;

    fn write<'a>(
        conn: &'a mut SqliteConnection,
        group: &'a [&'a Self],
    ) -> BoxFuture<'a, Result<Outcomes<Committed>, Failure>> {
        Box::pin(group::write(conn, group))
    }
}

/// What a transaction writes for many at once. Calls that ended come first: what they release may be set aside again.
pub(super) struct Items<'a> {
    pub(super) ended: Vec<&'a Ended>,
    pub(super) asked: Vec<&'a Asked>,
    pub(super) drafts: Vec<&'a Draft>,
}

/// What came of them.
pub(super) struct Written {
    pub(super) directs: Outcomes<()>,
    pub(super) ended: Outcomes<bool>,
    pub(super) asked: Outcomes<Reserved>,
    pub(super) drafts: Outcomes<Committed>,
}

/// Writes everything in one transaction.
///
/// # Errors
/// When nothing could be written, of any of them.
pub(super) async fn transact(
    conn: &mut SqliteConnection,
    directs: &mut [Box<dyn Direct>],
    items: &Items<'_>,
) -> Result<Written, Failure> {
    // Mostly everything fits: then no savepoint is needed, and SQLite keeps no copies for one.
    if directs.is_empty() {
        begin(conn).await?;
        match together(conn, items).await {
            Ok(written) => {
                commit(conn).await?;
                return Ok(written);
            }
            Err(failure) if failure.blames_an_item() => {
                sqlx::query("ROLLBACK").execute(&mut *conn).await?;
            }
            Err(failure) => return Err(failure),
        }
    }
    begin(conn).await?;
    let written = Written {
        directs: one_by_one(conn, directs).await?,
        ended: write_bisecting(conn, &items.ended).await?,
        asked: write_bisecting(conn, &items.asked).await?,
        drafts: write_bisecting(conn, &items.drafts).await?,
    };
    commit(conn).await?;
    Ok(written)
}

async fn together(conn: &mut SqliteConnection, items: &Items<'_>) -> Result<Written, Failure> {
    Ok(Written {
        directs: Vec::new(),
        ended: whole(conn, &items.ended).await?,
        asked: whole(conn, &items.asked).await?,
        drafts: whole(conn, &items.drafts).await?,
    })
}

async fn whole<T: Grouped>(
    conn: &mut SqliteConnection,
    items: &[&T],
) -> Result<Outcomes<T::Answer>, Failure> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    T::write(conn, items).await
}

/// One savepoint after the other; each statement is a way to the thread of the connection and back, so the end of one
/// and the beginning of the next go together.
async fn one_by_one(
    conn: &mut SqliteConnection,
    directs: &mut [Box<dyn Direct>],
) -> Result<Outcomes<()>, Failure> {
    let mut outcomes = Vec::with_capacity(directs.len());
    let mut next = "SAVEPOINT item";
    for direct in directs {
        sqlx::query(next).execute(&mut *conn).await?;
        let outcome = direct.run(conn).await;
        outcomes.push(undone(conn, outcome).await?);
        next = "RELEASE item; SAVEPOINT item";
    }
    if !outcomes.is_empty() {
        sqlx::query("RELEASE item").execute(&mut *conn).await?;
    }
    Ok(outcomes)
}

/// Writes the items as one group; when one of them cannot be written, halves the group until it stands alone.
async fn write_bisecting<T: Grouped>(
    conn: &mut SqliteConnection,
    items: &[&T],
) -> Result<Outcomes<T::Answer>, Failure> {
    let mut outcomes = Vec::with_capacity(items.len());
    let mut groups = vec![items];
    while let Some(group) = groups.pop() {
        if group.is_empty() {
            continue;
        }
        sqlx::query("SAVEPOINT item").execute(&mut *conn).await?;
        let written = T::write(conn, group).await;
        let kept = undone(conn, written).await?;
        sqlx::query("RELEASE item").execute(&mut *conn).await?;
        match kept {
            Ok(of_group) => outcomes.extend(of_group),
            Err(error) if group.len() == 1 => outcomes.push(Err(error)),
            Err(_) => {
                let (first, second) = group.split_at(group.len() / 2);
                groups.push(second);
                groups.push(first);
            }
        }
    }
    Ok(outcomes)
}

async fn begin(conn: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("BEGIN IMMEDIATE").execute(conn).await?;
    Ok(())
}

async fn commit(conn: &mut SqliteConnection) -> Result<(), Failure> {
    sqlx::query("COMMIT").execute(conn).await?;
    Ok(())
}

/// Undoes what was written since the savepoint when the item is to blame; the savepoint stays open either way.
///
/// # Errors
/// When the whole transaction has to go.
async fn undone<T>(
    conn: &mut SqliteConnection,
    outcome: Result<T, Failure>,
) -> Result<Result<T, PortError>, Failure> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(failure) if failure.blames_an_item() => {
            sqlx::query("ROLLBACK TO item").execute(conn).await?;
            Ok(Err(failure.into()))
        }
        Err(failure) => Err(failure),
    }
}
