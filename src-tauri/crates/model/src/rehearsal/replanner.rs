//! The rehearsal planner's second thoughts: what to do instead of the steps that failed, from the facts alone.
//!
//! A dead or fruitless source is left out and the others are read; a network that refused gives way to another one;
//! a draft that could not be written is written from another angle, or left out while others go on. What failed
//! in the same way before is not tried a third time. Never here: a check of the graph.

use std::collections::BTreeSet;

use chimera_domain::{platform::Platform, replan::FailedStep, task::TaskKind};
use chimera_ports::facts::{PlannedStep, ReplanAnswer, ReplanFacts, RewiredStep, StandingStep};

use super::{
    goal::{self, Reading},
    planner,
};

/// What is said of failures that nothing can be done about.
const NO_OTHER_WAY: &str = "There is nothing better to do.";

/// Changes the plan, or says why nothing can be done.
pub(crate) fn replan(facts: &ReplanFacts) -> ReplanAnswer {
    let mut change = Change {
        facts,
        reading: goal::read(&facts.brief.goal),
        words: Vec::new(),
        answer: ReplanAnswer {
            rationale: String::new(),
            prune: Vec::new(),
            insert: Vec::new(),
            rewire: Vec::new(),
        },
    };
    for failed in &facts.failed {
        if facts
            .earlier
            .iter()
            .any(|before| is_the_same(before, failed))
        {
            let title = &failed.title;
            change.words.push(format!(
                "“{title}” failed in the same way before ({}).",
                failed.fault.code
            ));
            continue;
        }
        match failed.kind {
            TaskKind::AnalyzeTrends => change.read_elsewhere(failed),
            TaskKind::GenerateCaption => change.write_otherwise(failed),
            TaskKind::PublishPost => change.post_elsewhere(failed),
            _ => change
                .words
                .push(format!("Nothing here does what “{}” asks.", failed.title)),
        }
    }
    if change.answer.is_empty() {
        change.words.push(NO_OTHER_WAY.to_owned());
    }
    change.answer.rationale = change.words.join(" ");
    change.answer
}

fn is_the_same(before: &FailedStep, failed: &FailedStep) -> bool {
    before.kind == failed.kind
        && before.fault.code == failed.fault.code
        && before.platform == failed.platform
        && before.feeds == failed.feeds
}

struct Change<'f> {
    facts: &'f ReplanFacts,
    reading: Reading,
    words: Vec<String>,
    answer: ReplanAnswer,
}

impl Change<'_> {
    /// Reads what the failed research did not, or builds on other research.
    fn read_elsewhere(&mut self, failed: &FailedStep) {
        let used = self.read_before();
        let rest: Vec<String> = self
            .facts
            .brief
            .feeds
            .iter()
            .filter(|feed| !used.contains(feed))
            .cloned()
            .collect();
        let waiting = self.waiting_for(&failed.step);
        let others: Vec<String> = self
            .facts
            .steps
            .iter()
            .filter(|step| {
                step.kind == TaskKind::AnalyzeTrends && step.is_alive() && step.key != failed.step
            })
            .map(|step| step.key.clone())
            .collect();
        if !rest.is_empty() {
            let key = self.free_key("research");
            let mut step = planner::research(&self.facts.brief, &self.reading, &rest);
            step.key.clone_from(&key);
            step.feeds = Some(rest.clone());
            self.words.push(format!(
                "“{}” came to nothing ({}), so its sources are left out and research goes on with {}.",
                failed.title,
                failed.fault.code,
                rest.join(", ")
            ));
            self.answer.insert.push(step);
            self.hang_on(&waiting, &failed.step, &[key]);
        } else if !others.is_empty() && !waiting.is_empty() {
            self.words.push(format!(
                "“{}” came to nothing ({}); what waited for it builds on the other research.",
                failed.title, failed.fault.code
            ));
            self.hang_on(&waiting, &failed.step, &others);
        } else {
            self.words.push(format!(
                "No source is left that “{}” did not read.",
                failed.title
            ));
        }
    }

    /// Writes the post from another angle; where others go on, it may as well be left out.
    fn write_otherwise(&mut self, failed: &FailedStep) {
        let waiting = self.waiting_for(&failed.step);
        let sources = self.needs_of(&failed.step);
        let fails_again = self
            .facts
            .earlier
            .iter()
            .any(|before| before.kind == failed.kind && before.fault.code == failed.fault.code);
        if !fails_again && !sources.is_empty() && !waiting.is_empty() {
            let platform = failed.platform.unwrap_or(Platform::Sandbox);
            let key = self.insert_draft(platform, sources);
            self.words.push(format!(
                "“{}” could not be written ({}); it is written once more from another angle.",
                failed.title, failed.fault.code
            ));
            self.hang_on(&waiting, &failed.step, &[key]);
            return;
        }
        let leaving: Vec<String> = waiting
            .iter()
            .filter(|step| step.may_be_pruned)
            .map(|step| step.key.clone())
            .collect();
        let others = self.facts.steps.iter().any(|step| {
            step.kind == TaskKind::PublishPost && step.is_alive() && !leaving.contains(&step.key)
        });
        if others && !leaving.is_empty() {
            self.words.push(format!(
                "“{}” is left out; the other posts go on.",
                failed.title
            ));
            self.answer.prune.extend(leaving);
        } else {
            self.words.push(format!(
                "“{}” cannot be written from what there is.",
                failed.title
            ));
        }
    }

    /// Takes the post to another network that is connected, written for it.
    fn post_elsewhere(&mut self, failed: &FailedStep) {
        let refused = |platform: &Platform| {
            self.facts
                .failed
                .iter()
                .chain(&self.facts.earlier)
                .any(|failed| {
                    failed.kind == TaskKind::PublishPost && failed.platform == Some(*platform)
                })
        };
        let other = self
            .facts
            .brief
            .platforms
            .iter()
            .copied()
            .find(|platform| !refused(platform));
        let sources: Vec<String> = self
            .needs_of(&failed.step)
            .iter()
            .flat_map(|draft| self.needs_of(draft))
            .collect();
        let (Some(platform), false) = (other, sources.is_empty()) else {
            self.words.push(format!(
                "No other network is connected that “{}” could go to.",
                failed.title
            ));
            return;
        };
        let draft = self.insert_draft(platform, sources);
        let number = draft.trim_start_matches("draft-").parse().unwrap_or(1);
        let mut step = planner::publish(&self.facts.brief.skills, number, platform);
        step.key = self.free_key("publish");
        step.needs = vec![draft];
        self.answer.insert.push(step);
        self.words.push(format!(
            "“{}” was not taken ({}); the post is written for {platform} instead.",
            failed.title, failed.fault.code
        ));
    }

    fn insert_draft(&mut self, platform: Platform, sources: Vec<String>) -> String {
        let key = self.free_key("draft");
        let number = key.trim_start_matches("draft-").parse().unwrap_or(1);
        let mut step = planner::draft(&self.facts.brief, &self.reading, number, number, platform);
        step.key.clone_from(&key);
        step.title = format!("Write another post for {platform}");
        step.needs = sources;
        self.answer.insert.push(step);
        key
    }

    /// Feeds that research has read, or still reads: the failed, all that failed before, and what goes on.
    fn read_before(&self) -> BTreeSet<&String> {
        let all = &self.facts.brief.feeds;
        let failed = self.facts.failed.iter().chain(&self.facts.earlier);
        let of_failed = failed
            .filter(|failed| failed.kind == TaskKind::AnalyzeTrends)
            .map(|failed| &failed.feeds);
        let alive = self.facts.steps.iter();
        let of_alive = alive
            .filter(|step| step.kind == TaskKind::AnalyzeTrends && step.is_alive())
            .map(|step| &step.feeds);
        of_failed
            .chain(of_alive)
            .flat_map(|feeds| if feeds.is_empty() { all } else { feeds })
            .collect()
    }

    /// Steps nobody has begun that wait for `key`.
    fn waiting_for(&self, key: &str) -> Vec<StandingStep> {
        self.facts
            .steps
            .iter()
            .filter(|step| step.is_open_to_change && step.needs.iter().any(|needs| needs == key))
            .cloned()
            .collect()
    }

    /// What a step needs, of that which is there or still to come.
    fn needs_of(&self, key: &str) -> Vec<String> {
        let alive = |key: &String| {
            self.facts
                .steps
                .iter()
                .any(|step| step.key == *key && step.is_alive())
        };
        self.facts
            .steps
            .iter()
            .filter(|step| step.key == key)
            .flat_map(|step| step.needs.iter().filter(|needs| alive(needs)).cloned())
            .collect()
    }

    /// Hangs what waited for `old` on `new`, whatever else it needs.
    fn hang_on(&mut self, waiting: &[StandingStep], old: &str, new: &[String]) {
        for step in waiting {
            let known = self
                .answer
                .rewire
                .iter()
                .position(|rewired| rewired.step == step.key);
            let place = known.unwrap_or_else(|| {
                self.answer.rewire.push(RewiredStep {
                    step: step.key.clone(),
                    needs: step.needs.clone(),
                });
                self.answer.rewire.len() - 1
            });
            let Some(rewired) = self.answer.rewire.get_mut(place) else {
                continue;
            };
            rewired.needs.retain(|needs| needs != old);
            for key in new {
                if !rewired.needs.contains(key) {
                    rewired.needs.push(key.clone());
                }
            }
        }
    }

    /// The first key of that name with a number which neither the plan nor this change has.
    fn free_key(&self, name: &str) -> String {
        let taken = |key: &str| {
            self.facts.steps.iter().any(|step| step.key == key)
                || self
                    .facts
                    .failed
                    .iter()
                    .chain(&self.facts.earlier)
                    .any(|failed| failed.step == key)
                || self
                    .answer
                    .insert
                    .iter()
                    .any(|step: &PlannedStep| step.key == key)
        };
        let most = self.facts.steps.len()
            + self.facts.earlier.len()
            + self.facts.failed.len()
            + self.answer.insert.len()
            + 2;
        (2..=most + 1)
            .map(|number| format!("{name}-{number}"))
            .find(|key| !taken(key))
            .unwrap_or_else(|| format!("{name}-{}", most + 2))
    }
}

#[cfg(test)]
#[path = "replanner_tests.rs"]
mod tests;
