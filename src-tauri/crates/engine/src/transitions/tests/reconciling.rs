//! What becomes of an action that is on its way when something else happens: an unknown outcome that a person
//! settles, a campaign that is called off, a stop.

use chimera_domain::{
    action::{EffectState, Receipt},
    audit::AuditStatus,
    change::Change,
    fault::{Fault, FaultClass},
    task::TaskState,
};
use serde_json::json;

use super::{flow::approve, *};

/// An approved post that is on its way.
fn leaving() -> Desk {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    desk.dispatch().unwrap();
    desk
}

fn lose(desk: &mut Desk, certainly_not_performed: bool, asks_by_key: bool) {
    let effect = desk.effect().id;
    desk.ask(Command::FailEffect {
        effect,
        fault: Fault::new(FaultClass::Transient, "CUT", "The line was cut."),
        certainly_not_performed,
        asks_by_key,
        jitter: 0,
    })
    .unwrap();
}

fn found(desk: &Desk) -> Receipt {
    Receipt {
        post_id: Some("p-7".into()),
        url: Some("https://network.example/p-7".into()),
        raw: json!({ "said_by": "a person" }),
        received_at: desk.now,
    }
}

fn reconcile(desk: &mut Desk, found: Option<Receipt>) -> Result<Decided, Refusal> {
    let effect = desk.effect().id;
    let note = "Looked at the profile.".to_owned();
    desk.ask(Command::Reconcile {
        effect,
        found,
        note,
    })
}

fn call_off(desk: &mut Desk) {
    let note = String::new();
    desk.ask_campaign(CampaignCommand::Cancel { note }).unwrap();
}

fn alerts(desk: &Desk) -> usize {
    let is_alert = |change: &&Change| matches!(change, Change::Alert(_));
    desk.log.iter().filter(is_alert).count()
}

#[test]
fn a_person_who_found_the_post_settles_it_as_sent() {
    let mut desk = leaving();
    lose(&mut desk, false, false);
    let receipt = found(&desk);
    reconcile(&mut desk, Some(receipt.clone())).unwrap();
    let effect = desk.effect();
    assert_eq!(
        (&effect.state, &effect.receipt, &effect.fault),
        (&EffectState::Sent, &Some(receipt), &None)
    );
    assert_eq!(
        (&desk.board.task.state, &desk.board.task.fault),
        (&TaskState::Completed, &None)
    );
    assert!(
        desk.log
            .contains(&Change::ReleaseDependents(desk.board.task.id))
    );
    let record = desk.log.iter().rev().find_map(|change| match change {
        Change::Audit(record) => Some(record.clone()),
        _ => None,
    });
    let record = record.unwrap();
    assert_eq!(
        (record.action.as_str(), record.status, record.actor),
        (
            "effect.reconcile",
            AuditStatus::Success,
            Actor::Person(UserId::from_uuid(Uuid::from_u128(9)))
        )
    );
    assert_eq!(
        record.output,
        json!({ "effect": effect.id, "sent": true, "note": "Looked at the profile.", "kind": "by_person",
            "post_id": "p-7", "url": "https://network.example/p-7" })
    );
}

#[test]
fn a_person_who_did_not_find_it_ends_the_task_with_nothing_sent() {
    let mut desk = leaving();
    lose(&mut desk, false, false);
    reconcile(&mut desk, None).unwrap();
    let fault = Some(Fault::new(
        FaultClass::Permanent,
        "NOT_SENT",
        "A person looked at the account: it did not go out. Looked at the profile.",
    ));
    let effect = desk.effect();
    assert_eq!(
        (effect.state, effect.receipt, effect.fault),
        (EffectState::Failed, None, fault.clone())
    );
    assert_eq!(
        (&desk.board.task.state, &desk.board.task.fault),
        (&TaskState::Failed, &fault)
    );
}

#[test]
fn only_an_unknown_outcome_is_reconciled_and_only_once() {
    let wrong = |found| {
        Err(Refusal::WrongState {
            command: "saying whether it went out",
            needed: "of an unknown outcome",
            found,
        })
    };
    let mut desk = leaving();
    assert_eq!(reconcile(&mut desk, None), wrong("dispatching"));
    lose(&mut desk, false, false);
    reconcile(&mut desk, None).unwrap();
    let receipt = found(&desk);
    assert_eq!(reconcile(&mut desk, Some(receipt)), wrong("failed"));
}

#[test]
fn what_is_on_its_way_when_its_campaign_is_called_off_is_stored_as_it_came_out() {
    let mut desk = leaving();
    call_off(&mut desk);
    assert!(matches!(desk.board.task.state, TaskState::Releasing { .. }));
    let (effect, receipt) = (desk.effect().id, found(&desk));
    desk.ask(Command::Settle { effect, receipt }).unwrap();
    assert_eq!(
        (&desk.board.task.state, &desk.effect().state),
        (&TaskState::Completed, &EffectState::Sent)
    );
}

#[test]
fn what_did_not_leave_before_its_campaign_was_called_off_never_does() {
    for (certainly, by_key, task, effect, told) in [
        (true, false, "cancelled", EffectState::Failed, 0),
        (
            false,
            true,
            "releasing",
            EffectState::PendingReconciliation,
            1,
        ),
    ] {
        let mut desk = leaving();
        call_off(&mut desk);
        lose(&mut desk, certainly, by_key);
        assert_eq!(
            (
                desk.board.task.state.as_str(),
                desk.effect().state,
                alerts(&desk)
            ),
            (task, effect, told)
        );
    }
    let mut desk = leaving();
    call_off(&mut desk);
    lose(&mut desk, false, false);
    reconcile(&mut desk, None).unwrap();
    assert_eq!(desk.board.task.state, TaskState::Cancelled);
}

#[test]
fn an_outcome_does_not_move_a_task_that_has_ended() {
    for sent in [true, false] {
        let mut desk = leaving();
        desk.board.task.state = TaskState::Cancelled;
        if sent {
            let (effect, receipt) = (desk.effect().id, found(&desk));
            desk.ask(Command::Settle { effect, receipt }).unwrap();
        } else {
            desk.board.campaign.status = CampaignStatus::Cancelled;
            lose(&mut desk, true, false);
        }
        let expected = if sent {
            EffectState::Sent
        } else {
            EffectState::Failed
        };
        assert_eq!(
            (&desk.board.task.state, desk.effect().state),
            (&TaskState::Cancelled, expected)
        );
    }
}

#[test]
fn a_stop_keeps_everything_in_however_decided_it_is() {
    let mut desk = Desk::new();
    desk.reach_review();
    approve(&mut desk).unwrap();
    desk.wait(8);
    let before = desk.board.clone();
    let effect = desk.effect().id;
    let dispatch = |stopped| Command::Dispatch {
        effect,
        stopped,
        schema_hash: schema(),
        cooldown_until: None,
        quota_until: None,
        barred: Vec::new(),
    };
    assert_eq!(desk.ask(dispatch(true)), Err(Refusal::Stopped));
    assert_eq!(desk.board, before);
    assert!(desk.ask(dispatch(false)).unwrap().grant.is_some());
}
