//! Names that rows point to: looked up once per request, however many rows point to the same one.
//!
//! Never here: a cache that outlives its request.

use std::collections::HashMap;

use chimera_contract::{event::Actor as WireActor, people::PersonRef, scalar::Id, swarm::AgentRef};
use chimera_domain::{
    id::{AgentId, CampaignId, TenantId, UserId},
    role::Actor,
};
use chimera_door::{problem::Answer, state::Api};
use chimera_ports::error::PortError;
use chimera_wire::{ToWire, event::actor};

/// Names of one tenant, as far as one request asked for them.
pub(crate) struct Names<'a> {
    api: &'a Api,
    tenant: TenantId,
    agents: HashMap<AgentId, AgentRef>,
    people: HashMap<UserId, PersonRef>,
    campaigns: HashMap<CampaignId, String>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(api: &'a Api, tenant: TenantId) -> Self {
        Self {
            api,
            tenant,
            agents: HashMap::new(),
            people: HashMap::new(),
            campaigns: HashMap::new(),
        }
    }

    pub(crate) async fn agent(&mut self, id: AgentId) -> Answer<AgentRef> {
        if let Some(known) = self.agents.get(&id) {
            return Ok(known.clone());
        }
        let found = self.api.store().agent(self.tenant, id).await?.wire();
        self.agents.insert(id, found.clone());
        Ok(found)
    }

    pub(crate) async fn campaign(&mut self, id: CampaignId) -> Answer<String> {
        if let Some(known) = self.campaigns.get(&id) {
            return Ok(known.clone());
        }
        let found = self.api.store().campaign(self.tenant, id).await?.name;
        self.campaigns.insert(id, found.clone());
        Ok(found)
    }

    /// A person; without a name when the account is not known any more.
    pub(crate) async fn person(&mut self, id: UserId) -> Answer<PersonRef> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let name = match self.api.store().user(self.tenant, id).await {
            Ok(user) => user.name,
            Err(PortError::NotFound { .. }) => String::new(),
            Err(error) => return Err(error.into()),
        };
        let found = PersonRef {
            id: Id::of(id),
            name,
        };
        self.people.insert(id, found.clone());
        Ok(found)
    }

    pub(crate) async fn person_if(&mut self, id: Option<UserId>) -> Answer<Option<PersonRef>> {
        match id {
            Some(id) => self.person(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// An author's name in words; the stored text where it is no id of a person.
    pub(crate) async fn author(&mut self, stored: &str) -> Answer<String> {
        let Ok(id) = stored.parse::<UserId>() else {
            return Ok(stored.to_owned());
        };
        let person = self.person(id).await?;
        Ok(if person.name.is_empty() {
            stored.to_owned()
        } else {
            person.name
        })
    }

    pub(crate) async fn actor(&mut self, who: &Actor) -> Answer<WireActor> {
        let name = match who {
            Actor::Person(user) => Some(self.person(*user).await?.name),
            Actor::Agent(agent) => match self.agent(*agent).await {
                Ok(agent) => Some(agent.name),
                Err(problem) if problem.code.status == 404 => None,
                Err(problem) => return Err(problem),
            },
            Actor::System(_) => None,
        };
        Ok(actor(who, name.filter(|name| !name.is_empty())))
    }
}
