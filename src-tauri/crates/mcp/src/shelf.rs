//! What a server offers beside tools: resources, templates of their addresses, prompts. Listed when somebody looks, and
//! again when the server says that something changed.
//!
//! Never here: reading a resource, or using a prompt. All of it is the server's own words.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chimera_ports::tools::{OfferedArgument, OfferedPrompt, OfferedResource, ServerOffer};
use rmcp::{
    ServiceError,
    model::{ErrorCode, PaginatedRequestParams, Prompt, Resource, ResourceTemplate},
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};

use crate::{codes::cut, connection::Connection, spec::ServerSpec};

/// Most entries of one kind that are kept.
pub(crate) const MAX_OFFERED: usize = 200;
/// Most pages of one list that are read.
const MAX_PAGES: usize = 64;
/// Longest time for all lists together.
const LOOK_LIMIT: Duration = Duration::from_secs(10);
/// Longest address of a resource, in characters: a cut one would be another one's.
pub(crate) const MAX_URI_CHARS: usize = 2_048;
/// Most characters of a description that are kept.
const MAX_WORDS_CHARS: usize = 500;
/// Most arguments of a prompt that are kept.
const MAX_ARGUMENTS: usize = 32;

/// What was listed last.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<Option<Arc<ServerOffer>>>);

/// What came of one list.
struct Listed<T> {
    items: Vec<T>,
    /// Why there are not all, where there are not.
    short: Option<String>,
    /// Whether it is worth asking again.
    failed: bool,
}

impl Connection {
    /// What the server offers beside tools. Asks it where it was never asked, or said that it changed.
    pub(crate) async fn offer(&self, spec: &ServerSpec) -> Arc<ServerOffer> {
        let mut held = self.shelf.0.lock().await;
        let is_stale = self.changed().shelf.swap(false, Ordering::AcqRel);
        if let Some(offer) = held.as_ref().filter(|_| !is_stale) {
            return Arc::clone(offer);
        }
        let (offer, failed) = self.look_at_shelf(spec).await;
        // Asked again at the next look.
        if failed {
            self.changed().shelf.store(true, Ordering::Release);
        }
        let offer = Arc::new(offer);
        *held = Some(Arc::clone(&offer));
        offer
    }

    async fn look_at_shelf(&self, spec: &ServerSpec) -> (ServerOffer, bool) {
        let until = Instant::now() + spec.request_timeout.min(LOOK_LIMIT);
        let offers = self.peer().peer_info();
        let offers = offers.map(|info| info.capabilities.clone());
        let offers = offers.unwrap_or_default();
        let (mut offer, mut failed) = (ServerOffer::default(), false);
        if offers.resources.is_some() {
            let listed = listed(until, |page| async {
                let page = self.peer().list_resources(Some(page)).await?;
                Ok((page.resources, page.next_cursor))
            });
            let listed = listed.await;
            failed |= listed.failed;
            offer.resources = kept(&mut offer.left_out, "resources", listed, resource);
            let listed = self::listed(until, |page| async {
                let page = self.peer().list_resource_templates(Some(page)).await?;
                Ok((page.resource_templates, page.next_cursor))
            });
            let listed = listed.await;
            failed |= listed.failed;
            offer.templates = kept(&mut offer.left_out, "templates", listed, template);
        }
        if offers.prompts.is_some() {
            let listed = listed(until, |page| async {
                let page = self.peer().list_prompts(Some(page)).await?;
                Ok((page.prompts, page.next_cursor))
            });
            let listed = listed.await;
            failed |= listed.failed;
            offer.prompts = kept(&mut offer.left_out, "prompts", listed, prompt);
        }
        (offer, failed)
    }
}

/// Reads a list page by page until it ends, has more than is kept, or the time is over.
async fn listed<T, Page>(until: Instant, ask: impl Fn(PaginatedRequestParams) -> Page) -> Listed<T>
where
    Page: Future<Output = Result<(Vec<T>, Option<String>), ServiceError>>,
{
    let (mut items, mut cursor) = (Vec::new(), None);
    let ended = |items, short: Option<&str>, failed| Listed {
        items,
        short: short.map(str::to_owned),
        failed,
    };
    for _ in 0..MAX_PAGES {
        let page = PaginatedRequestParams::default().with_cursor(cursor.take());
        match timeout_at(until, ask(page)).await {
            Ok(Ok((more, next))) => {
                items.extend(more);
                if items.len() > MAX_OFFERED {
                    items.truncate(MAX_OFFERED);
                    return ended(items, Some("there are more than are read"), false);
                }
                cursor = next;
                if cursor.is_none() {
                    return ended(items, None, false);
                }
            }
            // Who has resources need not have templates of them.
            Ok(Err(ServiceError::McpError(error))) if error.code == ErrorCode::METHOD_NOT_FOUND => {
                return ended(items, None, false);
            }
            Ok(Err(error)) => {
                let why = format!("the server did not list them: {}", cut(&error.to_string()));
                return ended(items, Some(&why), true);
            }
            Err(_) => return ended(items, Some("the server did not list them in time"), true),
        }
    }
    ended(items, Some("the list has more pages than are read"), false)
}

/// Takes what can be kept and says what cannot.
fn kept<T, Kept>(
    left_out: &mut Vec<String>,
    kind: &str,
    listed: Listed<T>,
    take: impl Fn(T) -> Result<Kept, String>,
) -> Vec<Kept> {
    if let Some(short) = listed.short {
        left_out.push(format!("Not all {kind} are here: {short}."));
    }
    let taken = listed.items.into_iter().filter_map(|item| {
        take(item)
            .map_err(|why| left_out.push(format!("One of the {kind} is left out: {why}.")))
            .ok()
    });
    taken.collect()
}

fn resource(resource: Resource) -> Result<OfferedResource, String> {
    Ok(OfferedResource {
        uri: address(resource.uri)?,
        name: cut(&resource.name),
        title: resource.title.as_deref().map(cut),
        description: words(resource.description),
        mime_type: resource.mime_type.as_deref().map(cut),
        bytes: resource.size,
    })
}

fn template(template: ResourceTemplate) -> Result<OfferedResource, String> {
    Ok(OfferedResource {
        uri: address(template.uri_template)?,
        name: cut(&template.name),
        title: template.title.as_deref().map(cut),
        description: words(template.description),
        mime_type: template.mime_type.as_deref().map(cut),
        bytes: None,
    })
}

fn prompt(prompt: Prompt) -> Result<OfferedPrompt, String> {
    let arguments = prompt.arguments.unwrap_or_default();
    if arguments.len() > MAX_ARGUMENTS {
        let name = cut(&prompt.name);
        return Err(format!("'{name}' has more than {MAX_ARGUMENTS} arguments"));
    }
    let arguments = arguments.into_iter().map(|argument| OfferedArgument {
        name: cut(&argument.name),
        description: words(argument.description),
        required: argument.required.unwrap_or(false),
    });
    Ok(OfferedPrompt {
        name: cut(&prompt.name),
        title: prompt.title.as_deref().map(cut),
        description: words(prompt.description),
        arguments: arguments.collect(),
    })
}

fn address(uri: String) -> Result<String, String> {
    if uri.chars().count() > MAX_URI_CHARS {
        return Err(format!(
            "its address has more than {MAX_URI_CHARS} characters"
        ));
    }
    Ok(uri)
}

fn words(told: Option<String>) -> String {
    let told = told.unwrap_or_default();
    told.chars().take(MAX_WORDS_CHARS).collect()
}
