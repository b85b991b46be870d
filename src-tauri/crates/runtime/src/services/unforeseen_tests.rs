//! What the log says of a failure that nobody foresaw (ERR-04): read from what is logged, not from the fault.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use chimera_domain::fault::Fault;
use chimera_engine::Command;
use chimera_ports::ids::IdSource;
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::crash_tests::{Fate, Ground};
use crate::{Bounds, failing};

type Fields = BTreeMap<&'static str, String>;

/// Hears every error that is logged.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<Fields>>>);

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        self.0.lock().unwrap().push(fields);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn a_failure_that_nobody_foresaw_is_logged_with_the_way_to_it_and_its_run() {
    let ground = Ground::with(Fate::Hangs, Bounds::default()).await;
    let task = ground.research().await;
    let trace = ground.world.ids.trace();
    let heard = |code: &str| -> (Vec<Fields>, Command) {
        let (ear, fault) = (Ear::default(), Fault::of(code, "nobody knows why"));
        let command = tracing::subscriber::with_default(ear.clone(), || {
            failing::after(&ground.runtime, (task.id, Some(trace)), None, fault)
        });
        let logged = std::mem::take(&mut *ear.0.lock().unwrap());
        (logged, command)
    };

    let (logged, command) = heard("STORE_FAILED");
    assert!(matches!(command, Command::Fail { .. }));
    let [said] = &logged[..] else {
        panic!("{logged:#?}")
    };
    let way = &said["origin"];
    // The frames of a trace, down to the place where it was noticed.
    assert!(
        way.contains("unforeseen_tests") && way.lines().count() > 2,
        "{way}"
    );
    let told = ["message", "task", "run", "code", "cause"].map(|name| said[name].clone());
    let expected = [
        "a failure that nobody foresaw".to_owned(),
        task.id.to_string(),
        trace.to_string(),
        "STORE_FAILED".to_owned(),
        "nobody knows why".to_owned(),
    ];
    assert_eq!(told, expected);

    let (logged, command) = heard("MODEL_AUTH");
    assert!(matches!(command, Command::Fail { .. }));
    assert_eq!(logged, [], "what was foreseen needs no trace");
}
