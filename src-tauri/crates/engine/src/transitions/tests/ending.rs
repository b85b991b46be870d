//! How a campaign ends, by what came of its tasks.

use chimera_domain::{
    audit::AuditStatus,
    campaign::{CampaignStatus, Ending, Progress},
    change::Change,
    fault::{Fault, FaultClass},
};

use super::*;

fn ending(acts: u32, performed: u32, progress: [u32; 4], fault: Option<Fault>) -> Ending {
    let [open, completed, failed, cancelled] = progress;
    Ending {
        progress: Progress {
            open,
            completed,
            failed,
            cancelled,
        },
        replanned: 0,
        acts,
        planned: acts,
        performed,
        fault,
    }
}

fn because(class: FaultClass, code: &str) -> Option<Fault> {
    Some(Fault::new(class, code, "It was so."))
}

/// Status, words of the fault, codes of alerts, and what the record says.
fn ended(ending: Ending) -> (CampaignStatus, Option<String>, Vec<String>, AuditStatus) {
    let mut desk = Desk::new();
    desk.ask_campaign(CampaignCommand::Finish { ending })
        .unwrap();
    let alerts = desk.log.iter().filter_map(|change| match change {
        Change::Alert(alert) => Some(alert.code.clone()),
        _ => None,
    });
    let record = desk.log.iter().find_map(|change| match change {
        Change::Audit(record) => Some(record.status),
        _ => None,
    });
    let campaign = &desk.board.campaign;
    let fault = campaign.fault.as_ref().map(|fault| fault.message.clone());
    (campaign.status, fault, alerts.collect(), record.unwrap())
}

#[test]
fn a_campaign_is_completed_when_something_came_of_it() {
    let cause = because(FaultClass::Validation, "X");
    for (what, given) in [
        ("all went out", ending(2, 2, [0, 5, 0, 0], None)),
        ("one of two went out", ending(2, 1, [0, 4, 1, 0], cause)),
        ("nothing was to go out", ending(0, 0, [0, 1, 0, 0], None)),
    ] {
        let expected = (
            CampaignStatus::Completed,
            None,
            vec![],
            AuditStatus::Success,
        );
        assert_eq!(ended(given), expected, "{what}");
    }
    let called_off = ended(ending(1, 0, [0, 1, 0, 2], None));
    let expected = (
        CampaignStatus::Cancelled,
        None,
        vec![],
        AuditStatus::Success,
    );
    assert_eq!(called_off, expected, "people called every step off");
}

#[test]
fn a_campaign_that_came_to_nothing_fails_and_tells_whom_nobody_told() {
    use FaultClass::{Permanent, Unknown, Validation};
    let research = ending(2, 0, [0, 0, 1, 4], because(Validation, "NOTHING_RELEVANT"));
    let refused = ending(1, 0, [0, 2, 1, 0], because(Permanent, "TOOL_REFUSED"));
    let rejected = ending(
        1,
        0,
        [0, 2, 1, 0],
        because(Validation, "REJECTED_BY_REVIEW"),
    );
    let alone = ending(0, 0, [0, 0, 1, 0], because(Unknown, "X"));
    // Planning again put other posts in the place of those that were to go out first.
    let replaced = |planned| Ending {
        planned,
        ..ending(4, 0, [0, 2, 1, 3], because(Permanent, "TOOL_REFUSED"))
    };
    for (given, what, alerts) in [
        (research, "None of its 2 posts went out.", 1),
        (refused, "Its one post did not go out.", 0),
        (rejected, "Its one post did not go out.", 0),
        (replaced(2), "None of its 2 posts went out.", 0),
        (replaced(1), "Its one post did not go out.", 0),
        (replaced(0), "No post was left in its plan.", 0),
        (alone, "None of its steps was done.", 0),
    ] {
        let alerts = vec!["CAMPAIGN_FAILED".to_owned(); alerts];
        let why = Some(format!("{what} It was so."));
        let expected = (CampaignStatus::Failed, why, alerts, AuditStatus::Failure);
        assert_eq!(ended(given.clone()), expected, "{given:?}");
    }
}

#[test]
fn nothing_ends_while_a_task_is_open() {
    let mut desk = Desk::new();
    let finish = CampaignCommand::Finish {
        ending: ending(1, 1, [1, 1, 0, 0], None),
    };
    assert_eq!(
        desk.ask_campaign(finish),
        Err(Refusal::Missing("end of the open tasks"))
    );
    assert_eq!(desk.board.campaign.status, CampaignStatus::Active);
}
