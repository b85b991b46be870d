//! Units of work under way: at most so many at once, never two for one row, and none that ends unnoticed.
//!
//! Never here: what the work is, or what a crash means for its row.

use std::{collections::HashMap, future::Future, hash::Hash};

use chimera_ports::store::Due;
use tokio::task::{Id, JoinError, JoinSet};

/// A bounded number of places, each with the row that is worked on.
pub struct Crew<Row> {
    places: usize,
    running: JoinSet<()>,
    rows: HashMap<Id, Due<Row>>,
}

/// A unit of work that panicked.
pub struct Crashed<Row> {
    /// Its row.
    pub due: Due<Row>,
    /// What it said.
    pub error: JoinError,
}

impl<Row: Copy + Eq + Hash> Crew<Row> {
    /// A crew of so many places.
    #[must_use]
    pub fn of(places: usize) -> Self {
        Self {
            places,
            running: JoinSet::new(),
            rows: HashMap::new(),
        }
    }

    /// Places where nobody works.
    #[must_use]
    pub fn free(&self) -> usize {
        self.places.saturating_sub(self.rows.len())
    }

    /// Rows that are worked on.
    #[must_use]
    pub fn busy(&self) -> usize {
        self.rows.len()
    }

    /// How many of the rows that are worked on are so.
    pub fn count(&self, is_so: impl Fn(Row) -> bool) -> usize {
        self.rows.values().filter(|due| is_so(due.id)).count()
    }

    /// Whether this row is worked on.
    pub fn has(&self, row: Row) -> bool {
        self.rows.values().any(|due| due.id == row)
    }

    /// Begins the work on a row.
    pub fn begin(&mut self, due: Due<Row>, work: impl Future<Output = ()> + Send + 'static) {
        let id = self.running.spawn(work).id();
        self.rows.insert(id, due);
    }

    /// Forgets what has ended; answers what crashed.
    pub fn ended(&mut self) -> Vec<Crashed<Row>> {
        let mut crashed = Vec::new();
        while let Some(ended) = self.running.try_join_next_with_id() {
            crashed.extend(self.forget(ended));
        }
        crashed
    }

    /// Waits until one more unit has ended; answers it when it crashed. Never ends while nothing runs.
    pub async fn next_ended(&mut self) -> Option<Crashed<Row>> {
        match self.running.join_next_with_id().await {
            Some(ended) => self.forget(ended),
            None => std::future::pending().await,
        }
    }

    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) -> Option<Crashed<Row>> {
        match ended {
            Ok((id, ())) => {
                self.rows.remove(&id);
                None
            }
            Err(error) => {
                let due = self.rows.remove(&error.id())?;
                Some(Crashed { due, error })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::id::{TaskId, TenantId};
    use uuid::Uuid;

    use super::*;

    fn due(id: u32) -> Due<u32> {
        Due {
            tenant: TenantId::from_uuid(Uuid::nil()),
            id,
            task: TaskId::from_uuid(Uuid::nil()),
        }
    }

    #[tokio::test]
    async fn a_crew_has_so_many_places_and_no_more() {
        let mut crew = Crew::of(2);
        let (done, ended) = tokio::sync::oneshot::channel::<()>();
        crew.begin(due(1), async { drop(ended.await) });
        assert_eq!((crew.free(), crew.has(1), crew.has(2)), (1, true, false));
        crew.begin(due(2), std::future::pending());
        assert_eq!((crew.free(), crew.busy()), (0, 2));
        drop(done);
        assert!(crew.next_ended().await.is_none(), "it did not crash");
        assert_eq!((crew.free(), crew.has(1), crew.has(2)), (1, false, true));
        crew.begin(due(3), async { panic!("this code has a defect") });
        let crashed = crew.next_ended().await.map(|crashed| crashed.due.id);
        assert_eq!((crashed, crew.free()), (Some(3), 1));
    }
}
