//! How SQLite goes about questions that must not walk a whole table, by its own word.

use sqlx::AssertSqlSafe;

use super::fresh;
use crate::sqlite::{dead::DEAD, memories::KEPT};

/// The steps in which a statement of four arguments is answered.
async fn steps(statement: &str) -> Vec<String> {
    let (store, _folder) = fresh().await;
    let asked = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(asked)
        .bind("tenant")
        .bind(0_i64)
        .bind("id")
        .bind(50_i64)
        .fetch_all(store.reads())
        .await
        .unwrap();
    rows.into_iter().map(|(_, _, _, step)| step).collect()
}

#[tokio::test]
async fn dead_letters_are_read_from_an_index_of_their_own_in_its_order() {
    let steps = steps(DEAD).await;
    assert!(
        steps[0].starts_with("SEARCH t USING INDEX tasks_dead (tenant_id=?"),
        "{steps:#?}"
    );
    let walks = |step: &&String| step.contains("SCAN") || step.contains("TEMP B-TREE");
    assert_eq!(steps.iter().find(walks), None, "{steps:#?}");
}

#[tokio::test]
async fn memories_that_were_found_are_read_by_their_numbers_and_not_by_walking_through_all() {
    let steps = steps(KEPT).await;
    let of_memories: Vec<&String> = steps.iter().filter(|step| step.contains(" m ")).collect();
    assert_eq!(
        of_memories,
        ["SEARCH m USING INTEGER PRIMARY KEY (rowid=?)"],
        "{steps:#?}"
    );
}
