//! The registry of MCP servers.

use std::collections::BTreeMap;

use chimera_domain::{
    action::EffectClass,
    change::Change,
    server::{Limits, Listing, Reach, RegisteredServer, ServerEntry},
};
use chimera_ports::{error::PortError, store::Store};

use super::Bed;
use crate::World;

fn server(world: &World, name: &str) -> RegisteredServer {
    RegisteredServer {
        tenant: world.tenant,
        name: name.to_owned(),
        version: 1,
        entry: ServerEntry {
            reach: Reach::Stdio {
                command: "notes".to_owned(),
                args: vec!["--quiet".to_owned()],
                cwd: None,
                env: [("TOKEN".to_owned(), "${secret:notes}".to_owned())].into(),
            },
            enabled: true,
            limits: Limits::default(),
            documentation_url: None,
            classes: BTreeMap::new(),
            group: None,
            trust: None,
            pins: None,
            told: None,
            editions: Default::default(),
        },
        changed_at: world.now(),
    }
}

/// A server is added once, changed by one at a time, and taken out; each with its notes.
pub async fn a_server_is_added_changed_and_taken_out<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.world.tenant;
    let note = |action: &str| vec![Change::Audit(bed.world.audit(action))];
    let mut notes = server(&bed.world, "notes");
    let other = server(&bed.world, "Alpha");
    store.add_server(&notes, note("server.add")).await.unwrap();
    store.add_server(&other, Vec::new()).await.unwrap();
    assert!(
        store
            .add_server(&notes, Vec::new())
            .await
            .unwrap_err()
            .is_conflict()
    );
    let all = store.registered(tenant).await.unwrap();
    assert_eq!(all, [other, notes.clone()]);

    notes.version = 2;
    notes.entry.classes = [("list".to_owned(), EffectClass::Read)].into();
    notes.entry.pins = Some(Listing {
        instructions: "Be kind.".to_owned(),
        tools: BTreeMap::new(),
    });
    store
        .change_server(&notes, note("server.change"))
        .await
        .unwrap();
    // The second of two changes that build on the same version comes too late.
    let late = store.change_server(&notes, note("server.late")).await;
    assert!(late.unwrap_err().is_conflict());
    assert_eq!(
        store.registered_server(tenant, "notes").await.unwrap(),
        notes
    );

    let stale = store
        .remove_server(tenant, "notes", 1, note("server.late"))
        .await;
    assert!(stale.unwrap_err().is_conflict());
    store
        .remove_server(tenant, "notes", 2, note("server.remove"))
        .await
        .unwrap();
    for gone in [
        store.registered_server(tenant, "notes").await.map(drop),
        store.change_server(&notes, Vec::new()).await,
        store.remove_server(tenant, "notes", 2, Vec::new()).await,
    ] {
        assert!(matches!(gone, Err(PortError::NotFound { .. })), "{gone:?}");
    }
}

/// Two tenants have servers of one name, and neither sees or changes the other's.
pub async fn each_tenant_has_its_own_servers<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let stranger = bed.world.other_tenant();
    store
        .create_tenant(&stranger.tenant(), Vec::new())
        .await
        .unwrap();
    let mine = server(&bed.world, "notes");
    store.add_server(&mine, Vec::new()).await.unwrap();
    assert_eq!(store.registered(stranger.tenant).await.unwrap(), []);
    let mut theirs = server(&stranger, "notes");
    theirs.version = 2;
    for refused in [
        store
            .registered_server(stranger.tenant, "notes")
            .await
            .map(drop),
        store.change_server(&theirs, Vec::new()).await,
        store
            .remove_server(stranger.tenant, "notes", 1, Vec::new())
            .await,
    ] {
        assert!(
            matches!(refused, Err(PortError::NotFound { .. })),
            "{refused:?}"
        );
    }
    theirs.version = 1;
    store.add_server(&theirs, Vec::new()).await.unwrap();
    assert_eq!(store.registered(bed.world.tenant).await.unwrap(), [mine]);
    assert_eq!(store.registered(stranger.tenant).await.unwrap(), [theirs]);
}
