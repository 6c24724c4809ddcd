//! The OpenAPI document, generated from the declarations of the endpoints.

use serde_json::{Map, Value, json};

use crate::declaration::Declaration;
use crate::endpoint::Bound;
use crate::reply::Schemas;
use crate::version::VERSION;

/// The document of all endpoints that an SDK may call.
pub fn document(endpoints: &[Bound], server: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut schemas = Schemas::new();
    for endpoint in endpoints {
        let declaration = &endpoint.declaration;
        (declaration.define)(&mut schemas);
        if declaration.id.is_empty() {
            continue;
        }
        let path = paths
            .entry(declaration.path.trim_start_matches("/v1"))
            .or_insert_with(|| json!({}));
        path[declaration.method.as_str().to_ascii_lowercase()] = operation(declaration);
    }
    schemas.insert(ERROR, error_schema());
    json!({
        "openapi": "3.0.0",
        "info": {
            "title": "Ferrite",
            "version": VERSION,
            "description": "A backend for apps in one program, spoken to as Appwrite is.",
            "license": {"name": "BSD-3-Clause"},
        },
        "servers": [{"url": format!("{server}/v1")}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "error": {
                "description": "An error; `type` says which.",
                "content": {"application/json": {"schema": reference(ERROR)}},
            } },
            "securitySchemes": {
                "Project": {"type": "apiKey", "name": "X-Appwrite-Project", "in": "header"},
                "Key": {"type": "apiKey", "name": "X-Appwrite-Key", "in": "header"},
                "Session": {"type": "apiKey", "name": "X-Appwrite-Session", "in": "header"},
                "JWT": {"type": "apiKey", "name": "X-Appwrite-JWT", "in": "header"},
            },
        },
    })
}

fn operation(declaration: &Declaration) -> Value {
    let in_path = |name: &str| declaration.path.contains(&format!("{{{name}}}"));
    let reads = declaration.method == http::Method::GET;
    let mut parameters = Vec::new();
    let mut properties = Map::new();
    let mut required = Vec::new();
    // A path parameter that only the guard reads is not among the handler's fields, but belongs into the document.
    let declared = |name: &str| declaration.fields.iter().any(|field| field.name == name);
    for name in names_in(declaration.path).filter(|name| !declared(name)) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    }
    for field in &declaration.fields {
        let is_path = in_path(field.name);
        if is_path || reads {
            parameters.push(json!({
                "name": field.name,
                "in": if is_path { "path" } else { "query" },
                "required": is_path || field.required,
                "description": field.doc,
                "schema": field.schema,
            }));
        } else {
            let mut schema = field.schema.clone();
            schema["description"] = field.doc.into();
            properties.insert(field.name.to_owned(), schema);
            if field.required {
                required.push(field.name);
            }
        }
    }
    let mut reply = json!({"description": declaration.status.canonical_reason().unwrap_or("Done")});
    if let Some(model) = declaration.model {
        reply["content"] = json!({"application/json": {"schema": reference(model)}});
    }
    let mut operation = json!({
        "operationId": declaration.id.replace('.', "_"),
        "summary": declaration.about,
        "tags": [declaration.id.split('.').next().unwrap_or_default()],
        "parameters": parameters,
        "responses": responses(declaration, reply),
        "x-scopes": declaration.scopes,
        "x-rate-limit": declaration.limits.iter().map(|limit| json!({
            "calls": limit.calls, "seconds": limit.seconds, "key": limit.key,
        })).collect::<Vec<_>>(),
    });
    if let Some(event) = declaration.event {
        operation["x-event"] = event.into();
    }
    if !properties.is_empty() {
        let mut schema = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
    }
    operation
}

/// Name of the error model.
const ERROR: &str = "error";

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["message", "code", "type", "version"],
        "properties": {
            "message": {"type": "string", "description": "What is wrong, in a sentence."},
            "code": {"type": "integer", "description": "The status code."},
            "type": {"type": "string", "description": "The kind of error, such as `user_not_found`."},
            "version": {"type": "string", "description": "The server's version."},
        },
    })
}

/// The reply, and the errors that follow from the declaration; other errors have the form of the default.
fn responses(declaration: &Declaration, reply: Value) -> Value {
    let error =
        |text: &str| json!({"description": text, "content": {"application/json": {"schema": reference(ERROR)}}});
    let mut responses = json!({
        (declaration.status.as_str()): reply,
        "default": {"$ref": "#/components/responses/error"},
        "503": error("`general_server_busy`: nothing was done; `Retry-After` says when to try again. `general_outcome_unknown`: whether it was done is not known."),
    });
    let mut add = |condition: bool, status: &str, text: &str| {
        if condition {
            responses[status] = error(text);
        }
    };
    let has_body = declaration.method != http::Method::GET && !declaration.fields.is_empty();
    add(
        !declaration.fields.is_empty(),
        "400",
        "`general_argument_invalid`: the message names the parameter and its rule.",
    );
    add(
        !declaration.scopes.is_empty(),
        "401",
        "`general_unauthorized_scope`: the caller lacks a scope of this operation.",
    );
    add(has_body, "413", "The body is larger than caller and operation allow.");
    add(
        !declaration.limits.is_empty(),
        "429",
        "`general_rate_limit_exceeded`: `X-RateLimit-Reset` says when there are calls again.",
    );
    responses
}

/// A reference to a model, or to one of several, comma-separated.
fn reference(models: &str) -> Value {
    let one = |model: &str| json!({"$ref": format!("#/components/schemas/{model}")});
    if models.contains(',') {
        json!({"oneOf": models.split(',').map(one).collect::<Vec<_>>()})
    } else {
        one(models)
    }
}

/// The `{names}` in a path.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| part.split('}').next())
}
