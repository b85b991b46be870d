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
        acts,
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
fn a_campaign_is_completed_only_when_something_came_of_it() {
    use AuditStatus::{Failure, Success};
    use CampaignStatus::{Cancelled, Completed, Failed};
    let validation = FaultClass::Validation;
    let told = || vec!["CAMPAIGN_FAILED".to_owned()];
    for (what, given, expected) in [
        (
            "all went out",
            ending(2, 2, [0, 5, 0, 0], None),
            (Completed, None, vec![], Success),
        ),
        (
            "one of two went out",
            ending(2, 1, [0, 4, 1, 0], because(validation, "X")),
            (Completed, None, vec![], Success),
        ),
        (
            "nothing was to go out",
            ending(0, 0, [0, 1, 0, 0], None),
            (Completed, None, vec![], Success),
        ),
        (
            "research found nothing",
            ending(2, 0, [0, 0, 1, 4], because(validation, "NOTHING_RELEVANT")),
            (
                Failed,
                Some("None of its 2 posts went out. It was so.".to_owned()),
                told(),
                Failure,
            ),
        ),
        (
            "every post failed, and each failure raised its alert",
            ending(
                1,
                0,
                [0, 2, 1, 0],
                because(FaultClass::Permanent, "TOOL_REFUSED"),
            ),
            (
                Failed,
                Some("Its one post did not go out. It was so.".to_owned()),
                vec![],
                Failure,
            ),
        ),
        (
            "a person rejected it",
            ending(
                1,
                0,
                [0, 2, 1, 0],
                because(validation, "REJECTED_BY_REVIEW"),
            ),
            (
                Failed,
                Some("Its one post did not go out. It was so.".to_owned()),
                vec![],
                Failure,
            ),
        ),
        (
            "research alone, and it failed",
            ending(0, 0, [0, 0, 1, 0], because(FaultClass::Unknown, "X")),
            (
                Failed,
                Some("None of its steps was done. It was so.".to_owned()),
                vec![],
                Failure,
            ),
        ),
        (
            "people called every step off",
            ending(1, 0, [0, 1, 0, 2], None),
            (Cancelled, None, vec![], Success),
        ),
    ] {
        assert_eq!(ended(given), expected, "{what}");
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
