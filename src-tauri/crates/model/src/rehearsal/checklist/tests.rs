//! The checklist counts what it says, and every flaw costs. Never here: drafts for their own sake.

use chimera_domain::verdict::{Finding, FindingWeight};
use proptest::prelude::*;

use super::*;
use crate::rehearsal::{testdata::*, writer};

/// One good draft with everything the list looks at.
#[derive(Clone)]
struct Bench {
    text: String,
    hashtags: Vec<String>,
    persona: Persona,
    goal: &'static str,
    rules: Rules,
    sources: Vec<Source>,
    previous: Vec<String>,
    findings: Vec<Finding>,
    label: Option<bool>,
}

impl Bench {
    fn new(domain: usize, persona: usize, number: u32) -> Self {
        let (name, goal) = GOALS[domain];
        let mut persona = personas().remove(persona);
        persona.forbidden.push("revolution".to_owned());
        let facts = draft_facts(&persona, goal, picks(&persona, goal, &feed(name)), number);
        let draft = writer::draft(&facts, topics());
        let sources = facts
            .picks
            .iter()
            .filter(|item| draft.based_on.contains(&item.id))
            .map(|item| Source::new(&item.title, &item.description, &item.url))
            .collect();
        Self {
            rules: Rules::of_work(&persona, goal, "", &[], &[], topics()),
            text: draft.text,
            hashtags: draft.hashtags,
            persona,
            goal,
            sources,
            previous: vec!["An earlier post on quite another matter, from last week.".to_owned()],
            findings: vec![],
            label: None,
        }
    }

    fn report(&self) -> Report {
        examine(&Work {
            text: &self.text,
            hashtags: &self.hashtags,
            persona: &self.persona,
            goal: self.goal,
            rules: &self.rules,
            max_chars: Some(500),
            sources: &self.sources,
            previous: &self.previous,
            findings: &self.findings,
            label: self.label,
        })
    }

    fn total(&self) -> u16 {
        self.report().total.basis_points()
    }
}

fn finding(weight: FindingWeight) -> Finding {
    Finding {
        rule: "guard.test".to_owned(),
        weight,
        message: "Found.".to_owned(),
        span: None,
    }
}

#[test]
fn the_published_weights_make_a_hundred_and_a_bit_and_every_line_is_looked_at() {
    let mut bench = Bench::new(0, 0, 1);
    bench.label = Some(true);
    let seen: Vec<_> = bench
        .report()
        .criteria
        .into_iter()
        .map(|line| line.name)
        .collect();
    let published: Vec<_> = LINES.iter().map(|line| line.name.to_owned()).collect();
    assert_eq!(seen, published);
    assert_eq!(LINES.iter().map(|line| line.weight).sum::<u32>(), 118);
}

#[test]
fn the_total_is_the_documented_mean() {
    let report = Bench::new(1, 2, 1).report();
    let weight = |name: &str| LINES.iter().find(|line| line.name == name).unwrap().weight;
    let (sum, weights) = report.criteria.iter().fold((0, 0), |(sum, weights), line| {
        let weight = weight(&line.name);
        (
            sum + u32::from(line.score.basis_points()) * weight,
            weights + weight,
        )
    });
    assert_eq!(report.held_by, None);
    assert_eq!(
        u32::from(report.total.basis_points()),
        sum / weights * (100 - WITHHELD) / 100
    );
}

#[test]
fn caps_hold_and_are_named() {
    let capped = |change: &dyn Fn(&mut Bench)| {
        let mut bench = Bench::new(0, 2, 1);
        change(&mut bench);
        let report = bench.report();
        (report.held_by, report.total.basis_points())
    };
    assert_eq!(
        capped(&|bench| bench.findings = vec![finding(FindingWeight::Attack)]),
        (Some("findings"), 1_000)
    );
    assert_eq!(
        capped(&|bench| bench.findings = vec![finding(FindingWeight::Fails)]),
        (Some("findings"), 3_000)
    );
    assert_eq!(
        capped(&|bench| bench.label = Some(false)),
        (Some("label"), 3_000)
    );
    assert_eq!(
        capped(&|bench| bench.text = "Long words. ".repeat(60)),
        (Some("length"), 3_000)
    );
    assert_eq!(
        capped(&|bench| bench.text.push_str(" A revolution.")),
        (Some("forbidden"), 2_000)
    );
    assert_eq!(
        capped(&|bench| bench.previous = vec![bench.text.clone()]),
        (Some("originality"), 4_000)
    );
    assert_eq!(
        capped(&|bench| bench.text = bench.text.replace("Roastletter", "a paper")).0,
        Some("directives")
    );
    let person = Bench {
        findings: vec![finding(FindingWeight::NeedsPerson)],
        ..Bench::new(0, 2, 1)
    };
    assert!(person.total() < Bench::new(0, 2, 1).total());
}

#[test]
fn a_text_without_merit_scores_low() {
    let mut bench = Bench::new(0, 1, 1);
    bench.text = "AMAZING!!! The best thing ever, 99% of doctors agree that it cures everything!!"
        .to_owned();
    bench.sources = vec![];
    let report = bench.report();
    assert!(report.total.basis_points() < 5_000, "{report:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Each flaw, added to any ordinary draft, lowers its score.
    #[test]
    fn every_flaw_costs(domain in 0_usize..3, persona in 0_usize..5, number in 1_u32..7, figure in 400_000_u32..900_000) {
        let good = Bench::new(domain, persona, number);
        let total = good.total();
        prop_assert!(total >= 7_200, "{}: {total}", good.text);
        let spoiled = |change: &dyn Fn(&mut Bench)| {
            let mut bench = good.clone();
            change(&mut bench);
            bench.total()
        };
        let forbidden = spoiled(&|bench| bench.text.push_str(" It is a revolution."));
        let unsourced = spoiled(&|bench| bench.text.push_str(&format!(" Already {figure} readers know.")));
        let superlative = spoiled(&|bench| bench.text.push_str(" It is simply unbeatable."));
        let duplicate = spoiled(&|bench| bench.previous.push(bench.text.clone()));
        let health = spoiled(&|bench| bench.text.push_str(" It cures migraines."));
        let unnamed = spoiled(&|bench| bench.sources.clear());
        for (flaw, spoiled) in [
            ("forbidden", forbidden), ("unsourced", unsourced), ("superlative", superlative),
            ("duplicate", duplicate), ("health", health), ("no source", unnamed),
        ] {
            prop_assert!(spoiled < total, "{flaw}: {spoiled} of {total} in {}", good.text);
        }
        // The grave ones fall out of the band that a person need not approve.
        prop_assert!(forbidden < 5_000 && duplicate < 5_000 && unsourced < 7_000 && health < 7_000);
    }
}
