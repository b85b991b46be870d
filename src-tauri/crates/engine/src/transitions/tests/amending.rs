//! A campaign whose goal or limits change while it runs.

use chimera_domain::{
    campaign::{Amendment, CampaignStatus},
    change::Change,
    money::Usd,
};

use super::*;

fn amend(desk: &mut Desk, amendment: Amendment) -> Result<(), Refusal> {
    desk.ask_campaign(CampaignCommand::Amend { amendment })
}

fn assigned() -> (Desk, Box<Artifact>) {
    let mut desk = Desk::new();
    desk.ask(Command::Assign {
        worker: "worker-1".into(),
        lease: LEASE,
    })
    .unwrap();
    let attempt = desk.attempt();
    let artifact = Box::new(desk.artifact(attempt));
    (desk, artifact)
}

#[test]
fn a_new_goal_or_cap_invalidates_work_in_flight_and_costs_no_try() {
    for amendment in [
        Amendment {
            goal: Some("Talk about the rain".to_owned().try_into().unwrap()),
            ..Amendment::default()
        },
        Amendment {
            daily_budget: Some(Usd::from_cents(1)),
            ..Amendment::default()
        },
    ] {
        let (mut desk, artifact) = assigned();
        let before = desk.board.campaign.clone();
        amend(&mut desk, amendment).unwrap();
        let now = &desk.board.campaign;
        assert_eq!(now.state_version, before.state_version + 1);
        assert_ne!(now.version, before.version);
        assert_eq!(
            desk.ask(Command::Record { artifact }),
            Err(Refusal::LeaseLost)
        );
        assert_eq!(desk.board.task.attempts, 0);
        assert!(matches!(desk.board.task.state, TaskState::Ready { .. }));
    }
}

#[test]
fn other_limits_leave_work_alone_and_are_on_record() {
    let (mut desk, artifact) = assigned();
    let state_version = desk.board.campaign.state_version;
    let amendment = Amendment {
        max_posts_per_day: Some(1),
        relevance_threshold_percent: Some(60),
        ..Amendment::default()
    };
    amend(&mut desk, amendment.clone()).unwrap();
    assert_eq!(desk.board.campaign.state_version, state_version);
    let record = desk.log.iter().find_map(|change| match change {
        Change::Audit(record) if record.action == "campaign.amend" => Some(&record.output),
        _ => None,
    });
    assert_eq!(
        record,
        Some(&json!({
            "max_posts_per_day": { "was": 5, "is": 1 },
            "relevance_threshold_percent": { "was": 20, "is": 60 },
        }))
    );
    desk.ask(Command::Record { artifact }).unwrap();
    assert_eq!(
        amend(&mut desk, amendment),
        Err(Refusal::NoChange("exactly so"))
    );
}

#[test]
fn what_is_over_stays_as_it_was() {
    let mut desk = Desk::new();
    desk.board.campaign.status = CampaignStatus::Failed;
    let amendment = Amendment {
        name: Some("Rain".to_owned()),
        ..Amendment::default()
    };
    assert_eq!(
        amend(&mut desk, amendment),
        Err(Refusal::CampaignNot {
            command: "changing it",
            found: CampaignStatus::Failed
        })
    );
}
