//! What may happen, in any order: the hands of the process, people, the far side, the clock, and the end of a process.
//!
//! Never here: what comes of it.

use chimera_domain::verdict::{FindingWeight, RiskLevel};
use proptest::prelude::*;

use super::super::Carries;

/// What a judge may say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Says {
    pub(super) percent: u16,
    pub(super) risk: RiskLevel,
    pub(super) finding: Option<FindingWeight>,
}

/// How a worker's attempt goes on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Works {
    /// With what its context held.
    HandsIn(Carries),
    Fails {
        transient: bool,
    },
    HandsBack,
    Renews,
    /// It is gone without a word; its lease stays.
    Vanishes,
}

/// How a judgement goes on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Judges {
    Takes,
    Says(Says),
    Fails { transient: bool },
}

/// What a person does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decides {
    Approves,
    Edits(Says),
    Rejects,
    Escalates,
    Undoes,
    /// Looks at the account, and says what is there.
    LooksAtTheAccount,
    CallsOff,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Far {
    Done,
    DoneUnheard,
    NotDone,
    NotDoneUnheard,
    Refused,
}

/// What the keeper of times does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keeps {
    Lapses,
    Expires,
    TimesOut,
    Finishes,
}

/// What is asked of the campaign.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turns {
    Pause,
    Resume,
    NewGoal,
    CallOff,
}

/// What changes around it.
#[derive(Clone, Copy, Debug)]
pub(super) enum World {
    Stop(bool),
    Policy,
    Persona,
    Schema,
}

/// One thing that happens. `pick` chooses among those to whom it can happen; what is `late` was decided now and is
/// stored later, whatever has happened in between.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Take {
        pick: u8,
        late: bool,
    },
    Work {
        pick: u8,
        works: Works,
        late: bool,
    },
    Judge {
        pick: u8,
        judges: Judges,
        late: bool,
    },
    Decide {
        pick: u8,
        decides: Decides,
        late: bool,
    },
    Dispatch {
        pick: u8,
    },
    Call {
        pick: u8,
        far: Far,
    },
    Tell {
        pick: u8,
        late: bool,
    },
    Keep {
        pick: u8,
        keeps: Keeps,
        late: bool,
    },
    Turn {
        turns: Turns,
        late: bool,
    },
    /// What was decided late is stored, or finds that somebody was first.
    Land {
        pick: u8,
    },
    /// The process dies: all that it only knew is gone. Another one takes up what is stored.
    Crash,
    /// The clock goes on, or jumps, in seconds; also back.
    Clock(i32),
    Change(World),
}

/// One story: what happens, and what the dice say afterwards, when everybody works to the end.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) acts: Vec<Act>,
    pub(super) dice: Vec<u8>,
    /// The far side recognises a repeated intent key.
    pub(super) is_keyed: bool,
    /// Whoever works on the first step dies of it.
    pub(super) is_cursed: bool,
}

fn says() -> impl Strategy<Value = Says> {
    let risk = prop_oneof![
        6 => Just(RiskLevel::Low),
        1 => Just(RiskLevel::Medium),
        1 => Just(RiskLevel::High),
    ];
    let finding = prop_oneof![
        8 => Just(None),
        2 => Just(Some(FindingWeight::NeedsPerson)),
        1 => Just(Some(FindingWeight::Fails)),
        1 => Just(Some(FindingWeight::Attack)),
    ];
    let percent = prop_oneof![3 => 91u16..=100, 4 => 50u16..=90, 1 => 0u16..50];
    (percent, risk, finding).prop_map(|(percent, risk, finding)| Says {
        percent,
        risk,
        finding,
    })
}

fn works() -> impl Strategy<Value = Works> {
    prop_oneof![
        7 => Just(Works::HandsIn(Carries::Foreign)),
        2 => Just(Works::HandsIn(Carries::Both)),
        1 => Just(Works::HandsIn(Carries::Aimed)),
        2 => any::<bool>().prop_map(|transient| Works::Fails { transient }),
        1 => Just(Works::HandsBack),
        1 => Just(Works::Renews),
        1 => Just(Works::Vanishes),
    ]
}

fn judges() -> impl Strategy<Value = Judges> {
    prop_oneof![
        6 => Just(Judges::Takes),
        8 => says().prop_map(Judges::Says),
        1 => any::<bool>().prop_map(|transient| Judges::Fails { transient }),
    ]
}

fn decides() -> impl Strategy<Value = Decides> {
    prop_oneof![
        6 => Just(Decides::Approves),
        2 => says().prop_map(Decides::Edits),
        1 => Just(Decides::Rejects),
        1 => Just(Decides::Escalates),
        2 => Just(Decides::Undoes),
        3 => Just(Decides::LooksAtTheAccount),
        1 => Just(Decides::CallsOff),
    ]
}

fn far() -> impl Strategy<Value = Far> {
    prop_oneof![
        4 => Just(Far::Done),
        2 => Just(Far::DoneUnheard),
        1 => Just(Far::NotDone),
        1 => Just(Far::NotDoneUnheard),
        1 => Just(Far::Refused),
    ]
}

fn keeps() -> impl Strategy<Value = Keeps> {
    prop_oneof![
        3 => Just(Keeps::Lapses),
        3 => Just(Keeps::Expires),
        1 => Just(Keeps::TimesOut),
        1 => Just(Keeps::Finishes),
    ]
}

fn turns() -> impl Strategy<Value = Turns> {
    prop_oneof![
        4 => Just(Turns::Pause),
        8 => Just(Turns::Resume),
        1 => Just(Turns::NewGoal),
        1 => Just(Turns::CallOff),
    ]
}

fn clock() -> impl Strategy<Value = i32> {
    prop_oneof![
        6 => Just(1),
        6 => Just(10),
        3 => Just(120),
        1 => Just(90_000),
        1 => Just(-1),
        1 => Just(-120),
        1 => Just(-90_000),
    ]
}

fn world() -> impl Strategy<Value = World> {
    prop_oneof![
        any::<bool>().prop_map(World::Stop),
        Just(World::Policy),
        Just(World::Persona),
        Just(World::Schema),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let (pick, late) = (any::<u8>, || prop::bool::weighted(0.3));
    prop_oneof![
        10 => (pick(), late()).prop_map(|(pick, late)| Act::Take { pick, late }),
        10 => (pick(), works(), late()).prop_map(|(pick, works, late)| Act::Work { pick, works, late }),
        14 => (pick(), judges(), late()).prop_map(|(pick, judges, late)| Act::Judge { pick, judges, late }),
        8 => (pick(), decides(), late()).prop_map(|(pick, decides, late)| Act::Decide { pick, decides, late }),
        8 => pick().prop_map(|pick| Act::Dispatch { pick }),
        5 => (pick(), far()).prop_map(|(pick, far)| Act::Call { pick, far }),
        5 => (pick(), late()).prop_map(|(pick, late)| Act::Tell { pick, late }),
        4 => (pick(), keeps(), late()).prop_map(|(pick, keeps, late)| Act::Keep { pick, keeps, late }),
        2 => (turns(), late()).prop_map(|(turns, late)| Act::Turn { turns, late }),
        8 => pick().prop_map(|pick| Act::Land { pick }),
        2 => Just(Act::Crash),
        10 => clock().prop_map(Act::Clock),
        2 => world().prop_map(Act::Change),
    ]
}

/// Most acts before everybody works to the end.
const MOST_ACTS: usize = 160;
/// Dice for the way to the end; they begin again when they run out.
const DICE: usize = 64;

pub(super) fn story() -> impl Strategy<Value = Story> {
    let acts = prop::collection::vec(act(), 0..MOST_ACTS);
    let dice = prop::collection::vec(any::<u8>(), DICE);
    let cursed = prop::bool::weighted(0.05);
    (acts, dice, any::<bool>(), cursed).prop_map(|(acts, dice, is_keyed, is_cursed)| Story {
        acts,
        dice,
        is_keyed,
        is_cursed,
    })
}
