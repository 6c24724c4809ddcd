//! HTML pages.

use bytes::Bytes;
use http::{Response, StatusCode};
use kernel::markup::escape;
use oauth::{Provider, Status};

use crate::people::{CUSTOM, CUSTOM_USER, FAULTS, Fault, PEOPLE, TestUser};
use crate::reply;
use crate::state::{AuthorizeRequest, State};

const STYLE: &str = include_str!("style.css");
/// Submits the form of [`send`] immediately.
const SEND: &str = "document.forms[0].submit()";

/// The consent page, on which to choose a test user and a fault to simulate.
pub(crate) fn choose(authorization: &AuthorizeRequest, request: &str) -> Response<Bytes> {
    let provider = &authorization.provider;
    let name = escape(&provider.name);
    let people: String = PEOPLE
        .iter()
        .enumerate()
        .map(|(at, test_user)| person(test_user, at == 0))
        .collect();
    let faults: String = FAULTS
        .iter()
        .filter(|(fault, ..)| *fault != Fault::WrongNonce || authorization.nonce.is_some())
        .map(|(fault, id, description)| choice("fault", id, *fault == Fault::None, description, ""))
        .collect();
    let scopes = if authorization.scopes.is_empty() {
        "none".to_owned()
    } else {
        authorization
            .scopes
            .iter()
            .map(|scope| format!("<code>{}</code>", escape(scope)))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let body = format!(
        r#"<header><p class="badge">Development sign-in</p><h1>Sign in as if at {name}</h1>
<p>This is not {name}: your own server imitates it, so that a login can be tried without credentials.</p></header>
<section aria-label="The request"><h2>What the app asked for</h2><dl><dt>Client</dt><dd><code>{client}</code></dd>
<dt>Scopes</dt><dd>{scopes}</dd><dt>Back to</dt><dd><code>{redirect}</code></dd></dl></section>
<form method="post" action="{path}/continue"><input type="hidden" name="request" value="{request}">
<fieldset><legend>Test user</legend>{people}{custom_user}{note}</fieldset>
<fieldset><legend>Simulated fault</legend>{faults}</fieldset>
<button type="submit" data-action="continue">Continue</button></form>"#,
        client = escape(&authorization.client_id),
        redirect = escape(&authorization.redirect_uri),
        path = crate::state::PATH,
        request = escape(request),
        custom_user = custom_user(),
        note = note(provider),
    );
    document(StatusCode::OK, &format!("Sign in as if at {name}"), &body, None)
}

/// Note on the provider's peculiarities.
fn note(provider: &Provider) -> String {
    let description = match (&provider.email, &provider.email_verified) {
        (None, _) => "tells nobody's address.",
        (_, None) => "never vouches for an address: all count as unverified.",
        _ => return String::new(),
    };
    format!("<p><small>{} {description}</small></p>", escape(&provider.name))
}

fn person(test_user: &TestUser, chosen: bool) -> String {
    let about = match test_user.email {
        Some(email) => format!("{email} · {}", test_user.note),
        None => test_user.note.to_owned(),
    };
    choice("person", test_user.id, chosen, test_user.name, &about)
}

fn choice(group: &str, id: &str, chosen: bool, title: &str, about: &str) -> String {
    let checked = if chosen { " checked" } else { "" };
    let about = match about {
        "" => String::new(),
        about => format!("<small>{}</small>", escape(about)),
    };
    format!(
        r#"<label class="choice"><input type="radio" name="{group}" value="{id}" data-{group}="{id}"{checked}><span>{}</span>{about}</label>"#,
        escape(title)
    )
}

fn custom_user() -> String {
    format!(
        r#"{choice}<div class="made-up"><label>Name <input type="text" name="name" value="{name}" maxlength="128" autocomplete="off"></label>
<label>E-mail address <input type="text" inputmode="email" name="email" value="{email}" maxlength="128" autocomplete="off"></label>
<label class="tick"><input type="checkbox" name="verified" value="true" checked> The address is verified</label></div>"#,
        choice = choice(
            "person",
            CUSTOM,
            false,
            "Somebody else",
            "a name and an address of your own"
        ),
        name = escape(CUSTOM_USER.name),
        email = escape(CUSTOM_USER.email.unwrap_or_default()),
    )
}

/// A self-submitting form with the parameters; with a button for browsers without scripts.
pub(crate) fn send(to: &str, parameters: &[(String, String)]) -> Response<Bytes> {
    let fields: String = parameters
        .iter()
        .map(|(name, value)| {
            format!(
                r#"<input type="hidden" name="{}" value="{}">"#,
                escape(name),
                escape(value)
            )
        })
        .collect();
    let body = format!(
        r#"<form method="post" action="{}">{fields}<h1>Back to the app …</h1><noscript><button type="submit">Continue</button></noscript></form>"#,
        escape(to)
    );
    document(StatusCode::OK, "Back to the app", &body, Some(SEND))
}

/// Home page: the purpose of the server, and the list of imitated providers.
pub(crate) fn home(state: &State) -> Response<Bytes> {
    let entry = |provider: &Provider| {
        let note = match provider.status {
            Status::Deprecated => " <small>being phased out</small>",
            Status::Unclear => " <small>fate unclear</small>",
            Status::Alive | Status::TestOnly => "",
        };
        format!(
            "<li>{} <code>{}</code>{note}</li>",
            escape(&provider.name),
            escape(&provider.id)
        )
    };
    let providers = state.index.providers();
    let list: String = providers.iter().map(|provider| entry(provider)).collect();
    let body = format!(
        r#"<header><p class="badge">Development only</p><h1>The development identity provider</h1>
<p>Switch a provider on in a project without credentials of your own, and sign in: instead of the provider, a page of this
server lets you choose a test user and a fault to simulate. The rest of the login runs as it would with the provider.</p></header>
<section><h2>{count} providers are imitated</h2><ul class="providers">{list}</ul></section>
<section><h2>For scripts</h2><p>Ask the authorize URL for <code>application/json</code> to get the id of the request, then send
<code>request</code>, <code>person</code> and <code>fault</code> as a form to <code>{path}/continue</code>.
<a href="{path}/people.json">people.json</a> lists what there is to choose from.</p></section>"#,
        count = providers.len(),
        path = crate::state::PATH,
    );
    document(StatusCode::OK, "The development identity provider", &body, None)
}

/// Error page for an invalid authorization request, for the developer of the client.
pub(crate) fn problem(provider: &Provider, problem: &str) -> Response<Bytes> {
    let title = format!("{} would refuse this request", escape(&provider.name));
    message_page(StatusCode::BAD_REQUEST, &title, problem)
}

/// Error page for an invalid consent form.
pub(crate) fn refused(description: &str) -> Response<Bytes> {
    message_page(StatusCode::BAD_REQUEST, "This sign-in cannot continue", description)
}

/// Error page for an address that matches no record.
pub(crate) fn unknown_address(address: &str) -> Response<Bytes> {
    let description =
        format!("None of the providers has the address https://{address}, or not for a request like this.");
    message_page(StatusCode::NOT_FOUND, "No provider answers here", &description)
}

/// Error page for an unknown path.
pub(crate) fn missing(path: &str) -> Response<Bytes> {
    message_page(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        &format!("{path} is no page of the development provider."),
    )
}

fn message_page(status: StatusCode, title: &str, description: &str) -> Response<Bytes> {
    let body = format!(
        r#"<header><p class="badge">Development sign-in</p><h1>{title}</h1><p>{}</p></header>"#,
        escape(description)
    );
    document(status, title, &body, None)
}

/// A complete page; `title` and `body` are HTML.
fn document(status: StatusCode, title: &str, body: &str, script: Option<&str>) -> Response<Bytes> {
    let run = script
        .map(|script| format!("<script>{script}</script>"))
        .unwrap_or_default();
    let html = format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{title}</title><style>{STYLE}</style></head><body><main>{body}</main>{run}</body></html>"#
    );
    reply::page(status, html, STYLE, script)
}
